package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.ButtonType;
import javafx.scene.control.DialogPane;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;
import topiary.app.desktop.Desktop;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.window.Frame;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.place.Place;
import topiary.app.wire.OwnPlaces;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;

/** The window on this computer, from the first start on, with real servers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HereIT {

  private static final Map<String, String> TREE = Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2");

  private static final FxRobot ROBOT = new FxRobot();
  private static Rig rig;
  private static Path settings;
  private static Path data;
  private static ExecutorService background;
  private static OwnPlaces places;
  private static Stage stage;
  private static Frame frame;

  @BeforeAll
  static void up() throws Exception {
    rig = Rig.of("here", "p(r1,r2(r3))");
    settings = Rig.folder("settings");
    data = Rig.folder("data");
    background = Executors.newVirtualThreadPerTaskExecutor();
    stage = FxToolkit.registerPrimaryStage();
    open();
  }

  @AfterAll
  static void down() throws Exception {
    if (stage != null) {
      close();
      background.close();
      FxToolkit.cleanupStages();
    }
    if (rig != null) {
      rig.close();
    }
  }

  /** As the program does when it is started. */
  private static void open() throws Exception {
    places = new OwnPlaces(settings, data, background);
    FxToolkit.setupFixture(
        () -> {
          stage.setX(0);
          stage.setY(0);
          stage.setWidth(1000);
          stage.setHeight(800);
          frame =
              Desktop.open(
                  stage,
                  places,
                  Optional.empty(),
                  new Tasks(background, Platform::runLater),
                  InstantSource.system());
        });
    WaitForAsyncUtils.waitForFxEvents();
  }

  /** As the program does when its window is closed. */
  private static void close() throws Exception {
    FxToolkit.setupFixture(stage::hide);
    places.close();
  }

  /** Asks the window's thread. */
  private static <T> T fx(Callable<T> what) {
    return WaitForAsyncUtils.waitForAsyncFx(10_000, what);
  }

  private static Shell shell() {
    return fx(() -> frame.shell().get().orElseThrow());
  }

  private static InstanceKey key(String member) {
    return InstanceKey.parse(rig.address(member));
  }

  private static void type(String field, String text) {
    ROBOT.clickOn(field);
    fx(
        () -> {
          ROBOT.lookup(field).queryTextInputControl().selectAll();
          return null;
        });
    ROBOT.write(text, 0);
  }

  private static String text(String field) {
    Node node = ROBOT.lookup(field).query();
    return fx(
        () ->
            node instanceof Labeled label ? label.getText() : ((TextInputControl) node).getText());
  }

  private static void awaitText(String field, String beginning) {
    Until.holds(
        field + " says " + beginning,
        () -> {
          if (!text(field).startsWith(beginning)) {
            throw new IllegalStateException(text(field));
          }
          return true;
        });
  }

  private static void awaitShown(Map<String, String> tree) {
    Until.holds(
        "the window shows " + tree,
        () ->
            tree.entrySet().stream()
                .allMatch(
                    e ->
                        e.getValue().isEmpty()
                            ? cards().contains(key(e.getKey()))
                            : Optional.of(key(e.getValue())).equals(source(e.getKey()))));
  }

  private static Set<InstanceKey> cards() {
    return fx(() -> shell().model().picture().get().cards().keySet());
  }

  private static Optional<InstanceKey> source(String member) {
    return fx(
        () ->
            Optional.ofNullable(
                shell().model().picture().get().layout().sources().get(key(member))));
  }

  private static void awaitPlan(PlanModel.Phase phase) {
    Until.holds(
        "the plan is " + phase,
        () -> fx(() -> shell().model().plan().state().get().phase()) == phase);
    WaitForAsyncUtils.waitForFxEvents();
  }

  private static boolean focused(String field) {
    return fx(() -> ROBOT.lookup(field).query().isFocused());
  }

  @Test
  @Order(1)
  void whatIsWrongIsSaidWhereItIsEntered() {
    assertTrue(fx(() -> frame.connect().state().get().shown()));
    assertTrue(focused("#user"));
    ROBOT.type(KeyCode.ENTER);
    awaitText("#connect-message", "Enter the user ");
    type("#user", rig.lab.credentials().user());
    type("#password", "wrong");
    type("#server", rig.address("r1"));
    ROBOT.type(KeyCode.ENTER);
    awaitText("#connect-message", rig.address("r1") + " ");
    assertTrue(fx(() -> frame.shell().get().isEmpty()));
    assertFalse(Files.exists(settings.resolve("desktop.json")), "it was not a choice");
  }

  @Test
  @Order(2)
  void anEmptyNodeAsksForItsFirstServer() throws Exception {
    type("#password", rig.lab.credentials().password());
    fx(
        () -> {
          frame.connect().server().set("");
          return null;
        });
    ROBOT.clickOn("#connect-now");
    Until.holds(
        "an empty window", () -> fx(() -> ROBOT.lookup("#empty-does").tryQuery()).isPresent());
    awaitText("#empty-does", "Add a server…");
    assertEquals("Topiary – this computer", fx(stage::getTitle));
    ROBOT.clickOn("#empty-does");
    type("#new-server", "127.0.0.1:1");
    ROBOT.type(KeyCode.ENTER);
    awaitText("#servers-message", "127.0.0.1:1 ");
    type("#new-server", rig.address("r3"));
    ROBOT.type(KeyCode.ENTER);
    awaitShown(TREE);
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
  }

  @Test
  @Order(3)
  void aReplicaIsMoved() throws Exception {
    move("r3", "r1");
    assertEquals("r1 Yes Yes", rig.follows("r3"));
    awaitShown(Map.of("p", "", "r1", "p", "r2", "p", "r3", "r1"));
  }

  private static void move(String member, String below) {
    fx(
        () -> {
          shell().model().pickUp(key(member));
          shell().model().over(Optional.of(key(below)));
          shell().model().drop();
          return null;
        });
    awaitPlan(PlanModel.Phase.SHOWN);
    ROBOT.clickOn("#apply");
    awaitPlan(PlanModel.Phase.ENDED);
    assertTrue(fx(() -> shell().model().plan().state().get().done()));
    ROBOT.clickOn("#close");
  }

  @Test
  @Order(4)
  void theFolderIsHeldByOneProgram() {
    try (var second = new OwnPlaces(Rig.folder("settings"), data, background)) {
      GatewayException e =
          assertThrows(
              GatewayException.class,
              () -> second.open(new Place.Here("topiary", Optional.empty()), "x"));
      assertTrue(e.getMessage().endsWith("give this one a folder of its own"), e.getMessage());
    }
    Path file = Rig.folder("in-the-way");
    try (var third = new OwnPlaces(Rig.folder("settings"), file.resolve("data"), background)) {
      Files.writeString(file, "");
      GatewayException e =
          assertThrows(
              GatewayException.class,
              () -> third.open(new Place.Here("topiary", Optional.empty()), "x"));
      assertTrue(e.getMessage().contains("cannot be made or written"), e.getMessage());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Order(5)
  void itIsRememberedButForThePassword() throws Exception {
    close();
    open();
    assertTrue(fx(() -> frame.connect().state().get().shown()));
    assertEquals(rig.lab.credentials().user(), text("#user"));
    assertEquals("", text("#password"));
    assertTrue(focused("#password"));
    ROBOT.write(rig.lab.credentials().password(), 0);
    ROBOT.type(KeyCode.ENTER);
    awaitShown(Map.of("p", "", "r1", "p", "r2", "p", "r3", "r1"));
    move("r3", "r2");
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    secret(settings);
    secret(data);
  }

  private static void secret(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(rig.lab.credentials().password()), file.toString());
      }
    }
  }

  @Test
  @Order(6)
  void theWindowGoesToANodeAndTheOneInItEnds() throws Exception {
    rig.startNode();
    ROBOT.push(KeyCode.CONTROL, KeyCode.O);
    WaitForAsyncUtils.waitForFxEvents();
    assertTrue(fx(() -> frame.connect().state().get().shown()));
    ROBOT.type(KeyCode.ESCAPE);
    assertFalse(fx(() -> frame.connect().state().get().shown()));
    ROBOT.push(KeyCode.CONTROL, KeyCode.O);
    ROBOT.clickOn("#choose-there");
    assertTrue(focused("#address"));
    type("#address", "127.0.0.1:1");
    ROBOT.type(KeyCode.ENTER);
    awaitText("#connect-message", "No node answers at http://127.0.0.1:1.");
    type("#address", rig.node().address());
    ROBOT.type(KeyCode.ENTER);
    Until.holds(
        "the window is on the node",
        () -> fx(stage::getTitle).equals("Topiary – " + rig.node().address()));
    Until.holds(
        "the data folder is free",
        () -> {
          try (var other = new OwnPlaces(Rig.folder("settings"), data, background)) {
            return other.open(new Place.Here("x", Optional.empty()), "x").gateway().here();
          }
        });
    close();
    open();
    assertFalse(fx(() -> frame.connect().state().get().shown()), "it opens on the node directly");
    Until.holds("it is live", () -> fx(() -> shell().model().seen().get().live()));
  }

  @Test
  @Order(7)
  void aServerIsForgotten() {
    ROBOT.push(KeyCode.CONTROL, KeyCode.N);
    type("#new-server", rig.address("p"));
    ROBOT.type(KeyCode.ENTER);
    awaitShown(TREE);
    rig.awaitTree(TREE);
    fx(
        () -> {
          shell().model().servers().askToForget(key("r3"));
          return null;
        });
    ROBOT.clickOn("#servers-do");
    Until.holds("it is gone", () -> !cards().contains(key("r3")));
  }

  @Test
  @Order(8)
  void whoClosesTheWindowIsAskedAndARunningPlanIsPutBack() throws Exception {
    ROBOT.push(KeyCode.CONTROL, KeyCode.O);
    ROBOT.clickOn("#choose-here");
    type("#user", rig.lab.credentials().user());
    type("#password", rig.lab.credentials().password());
    ROBOT.clickOn("#connect-now");
    Until.holds("it is here", () -> fx(stage::getTitle).equals("Topiary – this computer"));
    awaitShown(TREE);
    rig.sql("r1", "STOP SLAVE SQL_THREAD");
    try {
      rig.sql("p", "CREATE OR REPLACE TABLE lab.ahead (id INT)");
      Until.holds(
          "r3 is ahead of r1",
          () -> {
            rig.sql("r3", "SELECT 1 FROM lab.ahead");
            return true;
          });
      fx(
          () -> {
            shell().model().plan().propose(new Intent.Relocate(key("r3"), key("r1")));
            return null;
          });
      awaitPlan(PlanModel.Phase.SHOWN);
      ROBOT.clickOn("#apply");
      Until.holds("the plan waits for r1", () -> rig.follows("r3").equals("r2 No No"));
      assertTrue(answer(ButtonType.CANCEL).contains("It stops at its next safe border"));
      assertTrue(fx(stage::isShowing));
      answer(ButtonType.CLOSE);
      assertFalse(fx(stage::isShowing));
      places.close();
      assertEquals("r2 Yes Yes", rig.follows("r3"), "what it stopped was started");
    } finally {
      rig.sql("r1", "START SLAVE SQL_THREAD");
    }
  }

  /** Closes the window, and answers the question with a button; what was asked. */
  private static String answer(ButtonType button) {
    Platform.runLater(
        () -> stage.fireEvent(new WindowEvent(stage, WindowEvent.WINDOW_CLOSE_REQUEST)));
    Until.holds("a question", () -> ROBOT.lookup(".dialog-pane").tryQuery().isPresent());
    DialogPane question = ROBOT.lookup(".dialog-pane").queryAs(DialogPane.class);
    Node chosen = fx(() -> question.lookupButton(button));
    ROBOT.clickOn(chosen);
    Until.holds("it is put away", () -> ROBOT.lookup(".dialog-pane").tryQuery().isEmpty());
    return question.getContentText();
  }
}
