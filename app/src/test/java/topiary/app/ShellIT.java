package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.FakeGateway;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;

/** What lies around and over the tree, with mouse and keys, on a node that is not there. */
class ShellIT {

  private static final FxRobot ROBOT = new FxRobot();
  private static final FakeGateway NODE = new FakeGateway();
  private static Shell shell;

  @BeforeAll
  static void up() throws Exception {
    Stage stage = FxToolkit.registerPrimaryStage();
    FxToolkit.setupFixture(
        () -> {
          stage.setX(0);
          stage.setY(0);
          stage.setWidth(1000);
          stage.setHeight(700);
          shell = Desktop.open(stage, NODE, Tasks.sameThread(), InstantSource.fixed(Samples.NOW));
          NODE.tell(
              Samples.topology(
                  1,
                  Samples.primary("a1"),
                  Samples.replica("a2", "a1"),
                  Samples.primary("b1"),
                  Samples.replica("b2", "b1"),
                  Samples.replica("b3", "b1")),
              Samples.NOW);
        });
  }

  @AfterAll
  static void down() throws Exception {
    FxToolkit.cleanupStages();
  }

  private static <T> T fx(Callable<T> what) {
    return WaitForAsyncUtils.waitForAsyncFx(10_000, what);
  }

  private static boolean shown(String id) {
    return fx(() -> ROBOT.lookup(id).query().isVisible());
  }

  private static void tree() {
    fx(
        () -> {
          shell.tree().requestFocus();
          return null;
        });
  }

  private static Optional<InstanceKey> selected() {
    return fx(() -> shell.model().selected().get());
  }

  private static boolean inTheMiddle(String host) {
    return fx(
        () -> {
          var at = shell.tree().middle(Samples.key(host)).orElseThrow();
          return at.distance(shell.tree().getWidth() / 2, shell.tree().getHeight() / 2) < 2;
        });
  }

  @Test
  void everyActionIsInTheMenuBar() {
    Set<String> ids = new HashSet<>();
    fx(
        () -> {
          for (Menu menu : ROBOT.lookup(".menu-bar").queryAs(MenuBar.class).getMenus()) {
            collect(menu, ids);
          }
          return null;
        });
    for (Action action : shell.actions().all()) {
      assertTrue(ids.contains(action.id()), action.id());
    }
  }

  private static void collect(Menu menu, Set<String> ids) {
    for (MenuItem item : menu.getItems()) {
      ids.add(String.valueOf(item.getId()));
      if (item instanceof Menu inner) {
        collect(inner, ids);
      }
    }
  }

  @Test
  void thePaletteFliesToAServer() {
    tree();
    ROBOT.push(KeyCode.CONTROL, KeyCode.K);
    assertTrue(shown("#palette-view"));
    ROBOT.write("b3").type(KeyCode.ENTER);
    WaitForAsyncUtils.waitForFxEvents();
    assertFalse(shown("#palette-view"));
    assertEquals(Optional.of(Samples.key("b3")), selected());
    Until.holds("b3 is in the middle", () -> inTheMiddle("b3"));
    assertTrue(fx(() -> shell.tree().isFocused()));
    ROBOT.push(KeyCode.CONTROL, KeyCode.K).type(KeyCode.ESCAPE);
    assertFalse(shown("#palette-view"));
  }

  @Test
  void theSearchFieldSuggestsAndGoesOn() {
    tree();
    ROBOT.push(KeyCode.CONTROL, KeyCode.F);
    ROBOT.write("replica");
    assertTrue(shown("#suggestions"));
    ROBOT.type(KeyCode.DOWN, KeyCode.DOWN).type(KeyCode.ENTER);
    assertEquals(Optional.of(Samples.key("b2")), selected());
    Until.holds("b2 is in the middle", () -> inTheMiddle("b2"));
    ROBOT.type(KeyCode.ENTER);
    assertEquals(Optional.of(Samples.key("b3")), selected());
    ROBOT.type(KeyCode.F3);
    assertEquals(Optional.of(Samples.key("a2")), selected());
    ROBOT.type(KeyCode.ESCAPE);
    assertFalse(shown("#suggestions"));
    assertTrue(fx(() -> shell.tree().isFocused()));
    fx(
        () -> {
          ROBOT.lookup("#search").queryAs(TextField.class).clear();
          return null;
        });
  }

  @Test
  void aQuestionMarkShowsTheKeysAndSignsZoom() {
    tree();
    double before = fx(() -> shell.tree().zoom().get());
    ROBOT.type(KeyCode.F1);
    assertTrue(shown("#keys-sheet"));
    ROBOT.type(KeyCode.ESCAPE);
    assertFalse(shown("#keys-sheet"));
    ROBOT.write("?");
    assertTrue(shown("#keys-sheet"));
    ROBOT.type(KeyCode.ESCAPE);
    ROBOT.write("+");
    Until.holds("it is larger", () -> fx(() -> shell.tree().zoom().get() > before));
  }

  @Test
  void newsAreToldAndKeptBelowTheBell() {
    tree();
    fx(
        () -> {
          shell.model().news().tick(Samples.NOW);
          NODE.tell(
              Samples.topology(
                  2,
                  Samples.primary("a1"),
                  Samples.replica("a2", "a1"),
                  Samples.primary("b1"),
                  Samples.replica("b2", "b1"),
                  Samples.lost(
                      Samples.replica("b3", "b1"), Condition.UNREACHABLE, "connection refused")),
              Samples.NOW);
          shell.model().news().tick(Samples.NOW);
          return null;
        });
    assertEquals(List.of(1), fx(() -> List.of(shell.model().news().unread().get())));
    ROBOT.clickOn(".toast");
    assertEquals(Optional.of(Samples.key("b3")), selected());
    ROBOT.push(KeyCode.CONTROL, KeyCode.B);
    assertTrue(shown("#news-list"));
    assertEquals(0, fx(() -> shell.model().news().unread().get()));
    ROBOT.type(KeyCode.ESCAPE);
    assertFalse(shown("#news-list"));
  }
}
