package topiary.app.desktop.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.Samples;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.model.Tasks;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.RunView;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;

/** What a plan shows before it is approved, and the way that is chosen on it. */
class PlanSheetTest {

  private static final InstanceKey P = Samples.key("p");
  private static final InstanceKey W = Samples.key("w");
  private static final FxRobot ROBOT = new FxRobot();
  private static final List<Runnable> WAITING = new ArrayList<>();
  private static final FakeGateway NODE = new FakeGateway();
  private static Shell shell;

  @BeforeAll
  static void up() throws Exception {
    var stage = FxToolkit.registerPrimaryStage();
    FxToolkit.setupFixture(
        () -> {
          stage.setX(0);
          stage.setY(0);
          stage.setWidth(1200);
          stage.setHeight(800);
          shell =
              Desktop.open(
                  stage,
                  NODE,
                  new Tasks(WAITING::add, Runnable::run),
                  InstantSource.fixed(Samples.NOW));
        });
  }

  @AfterAll
  static void down() throws Exception {
    FxToolkit.cleanupStages();
  }

  @AfterEach
  void closed() {
    fx(
        () -> {
          shell.model().plan().close();
          return null;
        });
    assertFalse(shell.lookup("#plan").isVisible());
  }

  private static <T> T fx(Callable<T> what) {
    T result = WaitForAsyncUtils.waitForAsyncFx(10_000, what);
    WaitForAsyncUtils.waitForFxEvents();
    return result;
  }

  private static void answer() {
    fx(
        () -> {
          List<Runnable> now = List.copyOf(WAITING);
          WAITING.clear();
          now.forEach(Runnable::run);
          return null;
        });
  }

  /** A plan for it on a head with a replica {@code w} and so many others. */
  private static void plan(Intent intent, int others) {
    fx(
        () -> {
          NODE.tell(
              Samples.topology(
                  9,
                  Stream.concat(
                          Stream.of(Samples.primary("p"), Samples.replica("w", "p")),
                          IntStream.range(10, 10 + others)
                              .mapToObj(i -> Samples.replica("r" + i, "p")))
                      .toArray(Instance[]::new)),
              Samples.NOW);
          shell.model().plan().propose(intent);
          return null;
        });
    answer();
  }

  private static Node find(String id) {
    return ROBOT.lookup("#" + id).query();
  }

  private static boolean chosen(Way way) {
    return fx(() -> ((ToggleButton) find("way-" + way.word())).isSelected());
  }

  private static List<String> texts(String style) {
    return fx(
        () ->
            shell.lookup("#plan").lookupAll("." + style).stream()
                .map(n -> ((Labeled) n).getText())
                .toList());
  }

  @Test
  void itSaysHowLongItTakes() {
    plan(new Intent.Relocate(Samples.key("r10"), W), 1);
    assertEquals(
        "It takes less than a second; at most 60 s a wait.",
        fx(() -> ((Label) find("plan-takes")).getText()));
  }

  @Test
  void aWayIsChosenByTheKeysAloneAndTheyStayThere() {
    plan(new Intent.Relocate(Samples.key("r10"), W), 1);
    assertTrue(chosen(Way.AUTO));
    fx(
        () -> {
          find("way-file").requestFocus();
          return null;
        });
    ROBOT.type(KeyCode.SPACE);
    WaitForAsyncUtils.waitForFxEvents();
    answer();
    assertEquals(PlanModel.Phase.REFUSED, fx(() -> shell.model().plan().state().get().phase()));
    assertTrue(chosen(Way.FILE));
    assertFalse(chosen(Way.AUTO));
    assertTrue(
        fx(() -> ((Label) find("plan-message")).getText()).contains("disable-gtid"),
        "it is said why not");
    assertTrue(fx(() -> find("way-file").isFocused()));
    ROBOT.type(KeyCode.SPACE);
    WaitForAsyncUtils.waitForFxEvents();
    assertTrue(WAITING.isEmpty() && chosen(Way.FILE), "the chosen one stays chosen");
    fx(
        () -> {
          find("way-auto").requestFocus();
          return null;
        });
    ROBOT.type(KeyCode.SPACE);
    WaitForAsyncUtils.waitForFxEvents();
    answer();
    assertEquals(PlanModel.Phase.SHOWN, fx(() -> shell.model().plan().state().get().phase()));
    assertTrue(chosen(Way.AUTO));
  }

  @Test
  void whatHasNoWayOffersNone() {
    plan(new Intent.Relocate(Samples.key("r10"), W), 1);
    assertTrue(fx(() -> find("ways").isVisible()));
    plan(new Intent.SetReadOnly(P, true), 1);
    assertFalse(fx(() -> shell.lookup("#ways").isVisible()));
  }

  @Test
  void severalAreDrawnNowAndAfterwardsAndEachGoesInALane() {
    plan(new Intent.InTree(P, new Reshaping.Replicas(W, Optional.empty())), 2);
    assertEquals(
        List.of(
            "p:3306", "w:3306", "r10:3306", "r11:3306", "p:3306", "w:3306", "r10:3306", "r11:3306"),
        texts("mini-name"));
    assertEquals(2, fx(() -> shell.lookup("#plan").lookupAll(".lane").size()));
    assertTrue(
        fx(() -> find("before-after").getAccessibleText())
            .startsWith("Now r10:3306 and r11:3306 replicate from p:3306"));
  }

  @Test
  void aPlanOfOneLaneHasNoLaneLines() {
    plan(new Intent.Relocate(Samples.key("r10"), W), 1);
    assertEquals(0, fx(() -> shell.lookup("#plan").lookupAll(".lane").size()));
  }

  @Test
  void ofFiftyAFewAreDrawnAndTheStepsKeepTheirRoom() {
    plan(new Intent.InTree(P, new Reshaping.Replicas(W, Optional.empty())), 50);
    assertEquals(List.of("and 47 more", "and 47 more"), texts("mini-like"));
    assertTrue(
        fx(() -> shell.lookup("#plan").lookupAll(".stages").iterator().next().getParent())
                .getLayoutBounds()
                .getHeight()
            > 60);
    assertTrue(texts("sheet-text").stream().anyMatch(t -> t.contains("and 46 more like these")));
    assertEquals(0, fx(() -> shell.lookup("#plan").lookupAll(".step").size()), "none is open");
    Node foot = fx(() -> find("apply"));
    assertTrue(
        fx(() -> foot.localToScene(foot.getLayoutBounds()).getMaxY()) <= 800, "it can be applied");
  }

  @Test
  void aLaneTellsHowFarItIsAndOpensWhereItFails() {
    NODE.runs.clear();
    NODE.runs.add(
        FakeGateway.run(
            1,
            400,
            List.of(
                new RunView.Step(1, RunView.Phase.DONE, "", ""),
                new RunView.Step(9, RunView.Phase.FAILED, "it has no room", "")),
            null));
    NODE.runs.add(FakeGateway.run(2, 400, List.of(), RunView.End.FAILED));
    plan(new Intent.InTree(P, new Reshaping.Replicas(W, Optional.empty())), 8);
    assertEquals(
        List.of("Point r10:3306 at w:3306  ·  8 steps", "Point r11:3306 at w:3306  ·  8 steps"),
        texts("lane-fold").subList(0, 2));
    fx(
        () -> {
          shell.model().plan().apply();
          return null;
        });
    answer();
    answer();
    assertEquals(
        List.of(
            "Point r10:3306 at w:3306  ·  1 of 8 steps done",
            "Point r11:3306 at w:3306  ·  failed"),
        texts("lane-fold").subList(0, 2));
    assertTrue(texts("step-state").contains("it has no room"));
    assertTrue(fx(() -> find("step-9").isVisible()));
    assertTrue(fx(() -> ROBOT.lookup("#step-1").tryQuery().isEmpty()), "this one is folded still");
    answer();
  }

  @Test
  void whatChangesInManyPlacesIsScrolledAndLeavesTheStepsTheirRoom() {
    var moves =
        IntStream.range(10, 40)
            .mapToObj(i -> new Intent.Relocate(Samples.key("r" + i), Samples.key("r" + (i + 30))))
            .toList();
    plan(new Intent.Moves(moves), 60);
    Node what = fx(() -> find("intro"));
    assertTrue(fx(() -> what.getLayoutBounds().getHeight()) < 350);
    // However much there is to say, how long it takes is below that, and in sight.
    Node takes = fx(() -> find("plan-takes"));
    double end = fx(() -> what.localToScene(what.getLayoutBounds()).getMaxY());
    assertTrue(fx(() -> takes.localToScene(takes.getLayoutBounds()).getMinY()) >= end);
    assertTrue(fx(takes::isVisible));
    Node apply = fx(() -> find("apply"));
    assertTrue(fx(() -> apply.localToScene(apply.getLayoutBounds()).getMaxY()) <= 800);
  }
}
