package topiary.app.desktop.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import javafx.scene.Node;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.Samples;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.FleetModel;
import topiary.app.desktop.model.Tasks;
import topiary.app.gateway.FakeGateway;
import topiary.app.sample.SampleFleet;

/** The tiles of a thousand clusters, with keys and pointer, on a node that is not there. */
class FleetPageTest {

  private static final SampleFleet FLEET = SampleFleet.ofClusters(1_000);
  private static final FxRobot ROBOT = new FxRobot();
  private static final List<Runnable> WAITING = new ArrayList<>();
  private static final FakeGateway NODE = new FakeGateway();
  private static Shell shell;
  private static FleetModel fleet;

  @BeforeAll
  static void up() throws Exception {
    Stage stage = FxToolkit.registerPrimaryStage();
    FxToolkit.setupFixture(
        () -> {
          stage.setX(0);
          stage.setY(0);
          stage.setWidth(1000);
          stage.setHeight(800);
          shell =
              Desktop.open(
                  stage,
                  NODE,
                  new Tasks(WAITING::add, Runnable::run),
                  InstantSource.fixed(Samples.NOW));
          fleet = shell.model().fleet();
        });
  }

  @AfterAll
  static void down() throws Exception {
    FxToolkit.cleanupStages();
  }

  @BeforeEach
  void fresh() {
    fx(
        () -> {
          NODE.tell(
              FLEET.at(Samples.NOW, 1, 0), FLEET.clusters(), FLEET.said(Samples.NOW), Samples.NOW);
          fleet.text().set("");
          fleet.open();
          fleet.step(Integer.MIN_VALUE / 2);
          return null;
        });
  }

  private static <T> T fx(Callable<T> what) {
    T result = WaitForAsyncUtils.waitForAsyncFx(10_000, what);
    WaitForAsyncUtils.waitForFxEvents();
    return result;
  }

  private static int index() {
    return fx(fleet::index);
  }

  private static List<Node> tiles() {
    return fx(
        () ->
            ROBOT.lookup(".tile").queryAll().stream()
                .filter(tile -> tile.getLayoutX() >= 0)
                .toList());
  }

  @Test
  void onlyTilesInSightAreThere() {
    assertTrue(fx(() -> ROBOT.lookup("#fleet").query().isVisible()));
    assertFalse(fx(() -> shell.tree().isVisible()));
    assertEquals(1_000, fx(() -> fleet.state().get().tiles().size()));
    int seen = tiles().size();
    assertTrue(seen >= 9 && seen < 40, "tiles: " + seen);
  }

  @Test
  void keysChooseAndOpenAndEscapeComesBack() {
    ROBOT.type(KeyCode.RIGHT);
    assertEquals(1, index());
    int columns = fx(() -> ROBOT.lookup("#tiles").<TileGrid>query().columns());
    assertTrue(columns > 1, "columns: " + columns);
    ROBOT.type(KeyCode.DOWN);
    assertEquals(1 + columns, index());
    ROBOT.type(KeyCode.END);
    assertEquals(999, index());
    assertTrue(
        tiles().stream().anyMatch(t -> t.getPseudoClassStates().toString().contains("chosen")),
        "the chosen one is in sight");
    ROBOT.type(KeyCode.HOME);
    assertEquals(0, index());
    String id = fx(() -> fleet.chosen().get().orElseThrow().row().id());
    ROBOT.type(KeyCode.ENTER);
    assertFalse(fx(() -> fleet.isOpen().get()));
    assertEquals(id, fx(() -> shell.model().cluster().get()));
    assertTrue(fx(() -> shell.tree().isFocused()), "the keys are on the tree");
    ROBOT.type(KeyCode.ESCAPE);
    assertTrue(fx(() -> fleet.isOpen().get()));
    assertEquals(0, index());
  }

  @Test
  void whateverIsTypedIsLookedForAndEnterGoesToTheServer() {
    ROBOT.write("04242");
    assertEquals("04242", fx(() -> ROBOT.lookup("#fleet-filter").<TextField>query().getText()));
    assertEquals(1, fx(() -> fleet.state().get().tiles().size()));
    ROBOT.type(KeyCode.BACK_SPACE);
    assertEquals("0424", fx(() -> fleet.text().get()));
    ROBOT.write("2");
    ROBOT.type(KeyCode.ENTER);
    assertEquals(Optional.of(SampleFleet.key(4242)), fx(() -> shell.model().selected().get()));
    assertFalse(fx(() -> fleet.isOpen().get()));
    ROBOT.type(KeyCode.ESCAPE);
    assertEquals("04242", fx(() -> fleet.text().get()), "it is as it was left");
    ROBOT.type(KeyCode.ESCAPE);
    assertEquals("", fx(() -> fleet.text().get()));
    assertTrue(fx(() -> fleet.isOpen().get()));
    ROBOT.type(KeyCode.ESCAPE);
    assertFalse(fx(() -> fleet.isOpen().get()));
  }

  @Test
  void aClickOpensAndAButtonNarrows() {
    ROBOT.clickOn("#fleet-downtime");
    assertEquals("downtime", fx(() -> fleet.text().get()));
    int fits = fx(() -> fleet.state().get().tiles().size());
    assertEquals(fits, fx(() -> fleet.state().get().counts().get(FleetModel.Condition.DOWNTIME)));
    String second = fx(() -> fleet.state().get().tiles().get(1).row().id());
    ROBOT.clickOn(tiles().get(1));
    assertFalse(fx(() -> fleet.isOpen().get()));
    assertEquals(second, fx(() -> shell.model().cluster().get()));
    ROBOT.push(KeyCode.CONTROL, KeyCode.L);
    assertTrue(fx(() -> fleet.isOpen().get()));
  }
}
