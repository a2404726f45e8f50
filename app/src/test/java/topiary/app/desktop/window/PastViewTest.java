package topiary.app.desktop.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.Samples;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.ChangesModel;
import topiary.app.desktop.model.Tasks;
import topiary.app.gateway.Changed;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.Then;
import topiary.engine.model.InstanceKey;

/** The past in the window, with keys and mouse, on a node that is not there. */
class PastViewTest {

  private static final InstanceKey A = Samples.key("a");
  private static final InstanceKey B = Samples.key("b");
  private static final FxRobot ROBOT = new FxRobot();
  private static final List<Runnable> WAITING = new ArrayList<>();
  private static final FakeGateway NODE = new FakeGateway();
  private static Shell shell;

  @BeforeAll
  static void up() throws Exception {
    NODE.past = Optional.of(Samples.topology(0, Samples.primary("a"), Samples.replica("b", "a")));
    NODE.since = Optional.of(Samples.NOW.minus(Duration.ofDays(20)));
    Stage stage = FxToolkit.registerPrimaryStage();
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

  @BeforeEach
  void opened() {
    NODE.changed =
        IntStream.range(0, 5_000)
            .mapToObj(
                i ->
                    new Changed(
                        Samples.NOW.minusSeconds(600 + 10L * i),
                        i % 2 == 0 ? A : B,
                        Changed.Kind.CHANGED,
                        new TreeMap<>(
                            Map.of("readOnly", new Changed.Values(i % 4 < 2, i % 4 >= 2)))))
            .toList();
    fx(
        () -> {
          NODE.tell(
              Samples.topology(9, Samples.primary("a"), Samples.replica("b", "a")), Samples.NOW);
          WAITING.clear();
          shell.focus();
          return null;
        });
    ROBOT.press(KeyCode.CONTROL).type(KeyCode.H).release(KeyCode.CONTROL);
    answer();
  }

  @AfterEach
  void closed() {
    fx(
        () -> {
          shell.model().past().close();
          return null;
        });
    assertFalse(shell.lookup("#changes").isVisible());
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

  private static ListView<?> list() {
    return (ListView<?>) shell.lookup("#changes-list");
  }

  private static Optional<Instant> shown() {
    return fx(() -> shell.model().past().state().get().then().map(Then::at));
  }

  private static void type(KeyCode... keys) {
    ROBOT.type(keys);
    WaitForAsyncUtils.waitForFxEvents();
    answer();
  }

  @Test
  void aChangeIsChosenAndTheMomentsBesideItAreShownByKeysAlone() {
    type(KeyCode.DOWN);
    assertTrue(fx(() -> list().isFocused()));
    type(KeyCode.DOWN, KeyCode.ENTER);
    Instant second = NODE.changed.get(1).at();
    assertEquals(Optional.of(second), shown());
    assertEquals(Optional.of(B), fx(() -> shell.model().selected().get()));
    ROBOT.press(KeyCode.SHIFT).type(KeyCode.ENTER).release(KeyCode.SHIFT);
    WaitForAsyncUtils.waitForFxEvents();
    answer();
    assertEquals(Optional.of(second.minusMillis(1)), shown());
    type(KeyCode.ESCAPE);
    assertEquals(Optional.empty(), shown());
  }

  @Test
  void moreComesAsSomebodyGoesDown() {
    assertEquals(ChangesModel.PAGE, fx(() -> list().getItems().size()));
    fx(
        () -> {
          list().scrollTo(ChangesModel.PAGE - 1);
          return null;
        });
    answer();
    assertEquals(2 * ChangesModel.PAGE, fx(() -> list().getItems().size()));
    for (int page = 3; page <= 25; page++) {
      fx(
          () -> {
            list().scrollTo(list().getItems().size() - 1);
            return null;
          });
      answer();
    }
    assertEquals(5_000, fx(() -> list().getItems().size()));
    assertTrue(fx(() -> list().lookupAll(".list-cell").size()) < 60, "only what is seen is there");
  }

  @Test
  void theLineGoesFromMarkToMarkByKeysAndAnywhereByTheMouse() {
    Node line = shell.lookup("#past-line");
    assertTrue(fx(() -> line.lookupAll(".past-mark").size()) > 50);
    fx(
        () -> {
          line.requestFocus();
          return null;
        });
    type(KeyCode.LEFT);
    Instant before = shown().orElseThrow();
    assertTrue(before.isBefore(NODE.changed.getFirst().at()), before.toString());
    type(KeyCode.RIGHT);
    Instant after = shown().orElseThrow();
    assertFalse(after.isBefore(NODE.changed.getFirst().at()), after.toString());
    type(KeyCode.HOME);
    assertEquals(Optional.of(Samples.NOW.minus(Duration.ofDays(1))), shown());
    type(KeyCode.END);
    assertEquals(Optional.of(Samples.NOW), shown());

    Bounds at = fx(() -> line.localToScreen(line.getLayoutBounds()));
    ROBOT.moveTo(at.getMinX() + at.getWidth() / 4, at.getMinY() + 10).press(MouseButton.PRIMARY);
    WaitForAsyncUtils.waitForFxEvents();
    ROBOT.moveTo(at.getMinX() + at.getWidth() / 8, at.getMinY() + 10).release(MouseButton.PRIMARY);
    WaitForAsyncUtils.waitForFxEvents();
    answer();
    answer();
    double place = fx(() -> shell.model().changes().state().get().place(shown().orElseThrow()));
    assertEquals(0.125, place, 0.02);
  }
}
