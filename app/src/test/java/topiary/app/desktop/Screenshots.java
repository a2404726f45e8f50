package topiary.app.desktop;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.event.EventType;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.TextField;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.MouseEvent;
import javafx.scene.transform.Scale;
import javafx.stage.Stage;
import javafx.util.Duration;
import javax.imageio.ImageIO;
import topiary.app.Samples;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Appearance;
import topiary.app.desktop.model.ConnectModel;
import topiary.app.desktop.model.Looks;
import topiary.app.desktop.model.Message;
import topiary.app.desktop.model.NodesModel;
import topiary.app.desktop.model.Outside;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.trial.Pointer;
import topiary.app.desktop.window.Frame;
import topiary.app.desktop.window.Shell;
import topiary.app.gateway.Changed;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.RunView;
import topiary.app.gateway.SampleNodes;
import topiary.app.gateway.place.FakePlaces;
import topiary.app.gateway.place.Past;
import topiary.app.gateway.place.Place;
import topiary.app.sample.SampleFleet;
import topiary.engine.catalogue.Saying;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.said.Attribute;
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.OfServer;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;

/** Writes pictures of every view of the window; a program, run by hand. */
public final class Screenshots {

  private static final InstanceKey CARRIED = Samples.key("eu-replica-4");
  private static final InstanceKey LEGAL = Samples.key("eu-west-1");
  private static final InstanceKey BROKEN = Samples.key("eu-replica-5");
  private static final InstanceKey ILLEGAL = Samples.key("eu-reports");

  private final Path folder;
  private final FakeGateway gateway = new FakeGateway();
  private final List<Runnable> waiting = new ArrayList<>();
  private final Stage other = new Stage();
  private Shell shell;
  private FakePlaces places;
  private Frame frame;

  /**
   * The groups of views that are wanted: nodes, findings, recoveries, overlays, small, said, fleet,
   * channels, past, plans; empty for all views.
   */
  private final String only;

  private Screenshots(Path folder, String only) {
    this.folder = folder;
    this.only = only;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    var done = new CompletableFuture<Void>();
    Platform.startup(
        () -> {
          try {
            new Screenshots(folder, args.length > 1 ? args[1] : "").run(done);
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    try {
      done.get();
    } finally {
      // Its threads would keep the program for ever.
      Platform.exit();
    }
  }

  private void run(CompletableFuture<Void> done) {
    var stage = new Stage();
    stage.setX(0);
    stage.setY(0);
    Executor held = waiting::add;
    shell =
        Desktop.open(
            stage, gateway, new Tasks(held, Runnable::run), InstantSource.fixed(Samples.NOW));
    stage.setWidth(1400);
    stage.setHeight(900);
    gateway.tell(fleet(), Samples.NOW);
    var views = new ArrayList<Runnable>();
    for (String theme : List.of("light", "dark")) {
      for (int percent : List.of(100, 200)) {
        String suffix = "-" + theme + "-" + percent;
        views.add(
            () -> {
              shell.model().dark().set(theme.equals("dark"));
              shell.tree().dense(percent / 100.0);
              gateway.tell(fleet(), Samples.NOW);
              shell.model().select(Optional.of(LEGAL));
              work();
              shell.model().news().tick(Samples.NOW);
              shell.model().news().clear();
            });
        if (only.isEmpty() || only.contains("nodes")) {
          nodes(views, theme, suffix, percent);
        }
        if (!only.isEmpty()) {
          some(views, suffix, percent);
          continue;
        }
        views.add(() -> shot("tree" + suffix, percent));
        large(views, suffix, percent);
        views.add(() -> drag(LEGAL));
        views.add(() -> shot("drag-legal" + suffix, percent));
        views.add(this::escape);
        views.add(() -> drag(ILLEGAL));
        views.add(() -> shot("drag-illegal" + suffix, percent));
        views.add(this::escape);
        views.add(
            () -> {
              shell.model().plan().propose(new Intent.Relocate(CARRIED, LEGAL));
              work();
            });
        views.add(() -> shot("plan" + suffix, percent));
        views.add(
            () -> {
              gateway.runs.clear();
              gateway.runs.add(
                  FakeGateway.run(
                      3,
                      9,
                      List.of(
                          new RunView.Step(1, RunView.Phase.DONE, "", ""),
                          new RunView.Step(2, RunView.Phase.DONE, "", ""),
                          new RunView.Step(3, RunView.Phase.DONE, "", ""),
                          new RunView.Step(4, RunView.Phase.BEGUN, "", "")),
                      null));
              gateway.runs.add(FakeGateway.run(9, 9, ended(4, false), RunView.End.CANCELLED));
              shell.model().plan().apply();
              work();
              work();
            });
        views.add(() -> shot("running" + suffix, percent));
        views.add(() -> shell.model().plan().fold());
        views.add(() -> shot("folded" + suffix, percent));
        views.add(this::work);
        views.add(() -> shot("cancelled" + suffix, percent));
        views.add(
            () -> {
              shell.model().plan().close();
              shell.model().plan().propose(new Intent.Relocate(LEGAL, Samples.key("eu-west-2")));
              gateway.runs.clear();
              gateway.runs.add(FakeGateway.run(9, 9, ended(9, false), RunView.End.DONE));
              work();
              shell.model().plan().apply();
              work();
              work();
              work();
            });
        views.add(() -> shot("ended" + suffix, percent));
        views.add(
            () -> {
              gateway.tell(moved(), Samples.NOW);
              shell.model().plan().undo();
              work();
            });
        views.add(() -> shot("undo" + suffix, percent));
        views.add(
            () -> {
              gateway.tell(fleet(), Samples.NOW);
              shell.model().plan().close();
              gateway.runs.clear();
              gateway.runs.add(FakeGateway.run(9, 9, ended(5, true), RunView.End.FAILED));
              shell.model().plan().propose(new Intent.Relocate(CARRIED, LEGAL));
              work();
              shell.model().plan().apply();
              work();
              work();
            });
        views.add(() -> shot("failed" + suffix, percent));
        views.add(
            () -> {
              work();
              shell.model().plan().close();
              shell.model().plan().propose(new Intent.Relocate(CARRIED, ILLEGAL));
              work();
            });
        views.add(() -> shot("refused" + suffix, percent));
        views.add(
            () -> {
              shell.model().plan().close();
              shell.model().plan().propose(new Intent.SetReadOnly(CARRIED, false));
              work();
            });
        views.add(() -> shot("writeable" + suffix, percent));
        views.add(
            () -> {
              shell.model().plan().close();
              shell.model().select(Optional.empty());
            });
        views.add(() -> shot("overview" + suffix, percent));
        views.add(
            () -> {
              shell.model().select(Optional.of(BROKEN));
              filter("drawer-filter", "gtid");
            });
        views.add(() -> shot("filtered" + suffix, percent));
        views.add(
            () -> {
              filter("drawer-filter", "");
              filter("outline-filter", "replica-5");
            });
        views.add(() -> shot("outline" + suffix, percent));
        views.add(
            () -> {
              filter("outline-filter", "");
              shell.model().select(Optional.of(LEGAL));
            });
        overlays(views, suffix, percent);
        views.add(
            () -> {
              gateway.tell(fleet(), Samples.NOW.minusSeconds(34));
              gateway.lose("no node answers at http://127.0.0.1:3000");
            });
        views.add(() -> shot("gone" + suffix, percent));
        small(views, suffix, percent);
        said(views, suffix, percent);
        several(views, suffix, percent);
        fleet(views, suffix, percent);
        channels(views, suffix, percent);
        past(views, suffix, percent);
        plans(views, suffix, percent);
        findings(views, suffix, percent);
        recoveries(views, suffix, percent);
        views.add(() -> choose(theme.equals("dark"), Optional.empty()));
        views.add(() -> shot(frame, "connect" + suffix, percent));
        views.add(() -> frame.connect().connect());
        views.add(() -> shot(frame, "connect-wrong" + suffix, percent));
        views.add(() -> choose(theme.equals("dark"), Optional.of("https://db-admin.example:3000")));
        views.add(() -> shot(frame, "connect-node" + suffix, percent));
        views.add(
            () -> {
              frame.connect().connect();
              work();
              places.opened.getLast().tell(Topology.EMPTY, Samples.NOW);
            });
        views.add(() -> shot(frame, "empty" + suffix, percent));
        views.add(
            () -> {
              shown().model().servers().askToAdd();
              ((TextField) frame.lookup("#new-server")).setText("db1.example:33O6");
              shown().model().servers().add("db1.example:33O6");
            });
        views.add(() -> shot(frame, "add" + suffix, percent));
        views.add(() -> shown().model().servers().askToForget(LEGAL));
        views.add(() -> shot(frame, "forget" + suffix, percent));
      }
    }
    next(views, 0, done);
  }

  private void filter(String id, String text) {
    ((TextField) shell.lookup("#" + id)).setText(text);
  }

  private static List<RunView.Step> ended(int steps, boolean failed) {
    var all = new ArrayList<RunView.Step>();
    for (int i = 1; i < steps; i++) {
      all.add(new RunView.Step(i, RunView.Phase.DONE, "", ""));
    }
    all.add(
        failed
            ? new RunView.Step(
                steps, RunView.Phase.FAILED, "eu-west-1:3306 had not logged it after 30 s", "")
            : new RunView.Step(steps, RunView.Phase.DONE, "", ""));
    return all;
  }

  /** Trees that are too large for cards. */
  private void large(List<Runnable> views, String suffix, int percent) {
    views.add(() -> sample(101));
    views.add(() -> shot("star-101" + suffix, percent));
    views.add(() -> sample(1_000));
    views.add(() -> shot("tree-1000" + suffix, percent));
    var branches = new ArrayList<InstanceKey>();
    views.add(
        () -> {
          Picture picture = shell.model().picture().get();
          picture.layout().sources().values().stream()
              .distinct()
              .filter(key -> !key.equals(picture.tree().head()))
              .sorted()
              .skip(1)
              .forEach(branches::add);
          branches.forEach(shell.model()::fold);
        });
    views.add(() -> shot("branches-folded" + suffix, percent));
    views.add(
        () -> {
          branches.forEach(shell.model()::fold);
          gateway.tell(fleet(), Samples.NOW);
          shell.model().select(Optional.of(LEGAL));
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
        });
  }

  private void sample(int servers) {
    gateway.tell(SampleFleet.ofOneTree(servers).at(Samples.NOW, servers, 0), Samples.NOW);
    shell.model().news().tick(Samples.NOW);
    shell.model().news().clear();
  }

  /** A dead intermediate source, and what else is wrong. */
  private void findings(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          gateway.found = SampleFindings.of(Samples.NOW);
          var servers = new TreeMap<>(fleet().instances());
          servers.compute(
              LEGAL,
              (key, i) -> Samples.lost(i, Condition.UNREACHABLE, "eu-west-1:3306 does not answer"));
          gateway.tell(new Topology(4713, servers), Samples.NOW);
          shell.model().select(Optional.of(LEGAL));
        });
    views.add(() -> shot("findings" + suffix, percent));
    views.add(() -> shell.model().findings().open().set(true));
    views.add(() -> shot("findings-list" + suffix, percent));
    views.add(
        () -> {
          shell.model().findings().open().set(false);
          gateway.outlook = Optional.of(SampleFindings.outlook());
          gateway.readiness = SampleFindings.readiness(shell.model().clusters().get());
          shell.model().readiness().tick(Samples.NOW, true);
          shell.model().select(Optional.of(Samples.key("eu-primary")));
          shell.actions().whatIf.run();
          work();
        });
    views.add(() -> shot("what-if" + suffix, percent));
    views.add(() -> shell.model().whatIf().close());
    views.add(
        () -> {
          gateway.whyNot = Optional.of(SampleFindings.whyNot(Samples.NOW));
          shell.actions().whyNot.run();
          work();
        });
    views.add(() -> shot("why-not" + suffix, percent));
    views.add(() -> shell.model().whyNot().close());
    views.add(
        () -> {
          shell.model().findings().open().set(false);
          gateway.found = Map.of();
          gateway.tell(fleet(), Samples.NOW);
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
        });
  }

  /** What was recovered. */
  private void recoveries(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          gateway.recoveries =
              List.of(
                  SampleRecoveries.done(Samples.NOW.minusSeconds(95)),
                  SampleRecoveries.failed(Samples.NOW.minusSeconds(190_000)));
          shell.actions().recoveries.run();
          shell.model().recoveries().tick(Samples.NOW, true);
          work();
          work();
        });
    views.add(() -> shot("recoveries" + suffix, percent));
    views.add(() -> shell.model().recoveries().open().set(false));
  }

  /** Besides the nodes, those groups of views that are wanted. */
  private void some(List<Runnable> views, String suffix, int percent) {
    if (only.contains("findings")) {
      findings(views, suffix, percent);
    }
    if (only.contains("recoveries")) {
      recoveries(views, suffix, percent);
    }
    if (only.contains("overlays")) {
      overlays(views, suffix, percent);
    }
    if (only.contains("small")) {
      small(views, suffix, percent);
    }
    if (only.contains("said")) {
      said(views, suffix, percent);
    }
    if (only.contains("several")) {
      several(views, suffix, percent);
    }
    if (only.contains("past")) {
      past(views, suffix, percent);
    }
    if (only.contains("plans")) {
      plans(views, suffix, percent);
    }
    if (only.contains("channels")) {
      channels(views, suffix, percent);
    }
    if (only.contains("fleet")) {
      fleet(views, suffix, percent);
    }
  }

  /** As it was before a branch was moved. */
  private void past(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          gateway.past = Optional.of(moved());
          gateway.since = Optional.of(Samples.NOW.minus(java.time.Duration.ofDays(9)));
          gateway.changed = changes();
          shell.model().past().open();
          work();
          shell.model().past().show("2026-11-22T11:48:00Z", Samples.NOW, ZoneId.systemDefault());
          work();
          shell.model().select(Optional.of(LEGAL));
        });
    views.add(() -> shot("past" + suffix, percent));
    views.add(
        () -> {
          shell.model().past().close();
          shell.model().select(Optional.of(LEGAL));
        });
  }

  /** Plans with several moves, and the way of a move. */
  private void plans(List<Runnable> views, String suffix, int percent) {
    views.add(() -> propose(new Intent.Relocate(CARRIED, LEGAL)));
    views.add(
        () -> {
          shell.model().plan().choose(Way.FILE);
          work();
        });
    views.add(() -> shot("plan-way-refused" + suffix, percent));
    views.add(
        () ->
            propose(
                new Intent.InTree(
                    Samples.key("eu-west-2"), new Reshaping.Replicas(LEGAL, Optional.empty()))));
    views.add(() -> shot("plan-lanes" + suffix, percent));
    views.add(
        () ->
            propose(
                new Intent.InTree(
                    Samples.key("eu-replica-1"), new Reshaping.TakeSource(Optional.empty()))));
    views.add(() -> shot("plan-take-source" + suffix, percent));
    views.add(
        () -> {
          gateway.tell(
              Samples.topology(
                  12,
                  Stream.concat(
                          Stream.of(Samples.primary("p"), Samples.replica("w", "p")),
                          IntStream.range(10, 60).mapToObj(i -> Samples.replica("r" + i, "p")))
                      .toArray(Instance[]::new)),
              Samples.NOW);
          propose(
              new Intent.InTree(
                  Samples.key("p"), new Reshaping.Replicas(Samples.key("w"), Optional.empty())));
        });
    views.add(() -> shot("plan-fifty" + suffix, percent));
    views.add(
        () -> {
          shell.model().plan().close();
          gateway.tell(fleet(), Samples.NOW);
        });
  }

  private void propose(Intent intent) {
    shell.model().plan().close();
    shell.model().plan().propose(intent);
    work();
  }

  /** What happened lately, newest first. */
  private static List<Changed> changes() {
    var all = new ArrayList<Changed>();
    all.add(change(720, LEGAL, "channels.0.source", "eu-primary:3306", "eu-west-2:3306"));
    all.add(
        change(
            731,
            BROKEN,
            "channels.0.sql",
            "RUNNING",
            "STOPPED",
            "channels.0.sqlError.code",
            null,
            1062,
            "channels.0.sqlError.message",
            null,
            "Duplicate entry '4711' for key 'orders.PRIMARY'"));
    all.add(change(3_700, CARRIED, "condition", "UNREACHABLE", "SEEN"));
    all.add(
        change(
            3_790,
            CARRIED,
            "condition",
            "SEEN",
            "UNREACHABLE",
            "sentence",
            null,
            "nobody listens there: connection refused"));
    all.add(change(9_000, ILLEGAL, "channels.0.delaySeconds", 0, 3600));
    for (int i = 0; i < 60; i++) {
      all.add(change(12_000 + i * i * 20, LEGAL, "readOnly", i % 2 == 0, i % 2 == 1));
    }
    return all;
  }

  /** A change, of paths with a value before and one after each. */
  private static Changed change(int ago, InstanceKey server, Object... fields) {
    var values = new TreeMap<String, Changed.Values>();
    for (int i = 0; i < fields.length; i += 3) {
      values.put((String) fields[i], new Changed.Values(fields[i + 1], fields[i + 2]));
    }
    return new Changed(Samples.NOW.minusSeconds(ago), server, Changed.Kind.CHANGED, values);
  }

  private void action(String id) {
    shell.actions().all().stream().filter(a -> a.id().equals(id)).forEach(Action::run);
  }

  /** Servers with several sources, two that replicate from each other. */
  private void channels(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          gateway.tell(
              Samples.topology(
                  4713,
                  Samples.primary("shop-1"),
                  Samples.replica("shop-2", "shop-1"),
                  Samples.replica("shop-3", "shop-1"),
                  Samples.replica("shop-4", "shop-2"),
                  Samples.replica(
                      "reports",
                      Samples.channel("shop", "shop-1", ThreadState.RUNNING, 0),
                      Samples.channel("carts", "shop-4", ThreadState.RUNNING, 42),
                      Samples.channel("users", "users-1", ThreadState.RUNNING, 0)),
                  Samples.replica(
                      "archive",
                      Samples.channel("shop", "shop-3", ThreadState.RUNNING, 0),
                      Samples.channel("audit", "shop-2", ThreadState.STOPPED, 0))),
              Samples.NOW);
          shell.model().select(Optional.of(Samples.key("reports")));
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
        });
    views.add(() -> shot("channels" + suffix, percent));
    views.add(
        () -> {
          gateway.tell(
              Samples.topology(
                  4714,
                  Samples.replica("left", "right"),
                  Samples.replica("right", "left"),
                  Samples.replica("left-2", "left"),
                  Samples.replica("right-2", "right"),
                  Samples.replica("right-3", "right")),
              Samples.NOW);
          shell.model().select(Optional.of(Samples.key("right")));
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
        });
    views.add(() -> shot("co-masters" + suffix, percent));
    views.add(
        () -> {
          gateway.tell(fleet(), Samples.NOW);
          shell.model().select(Optional.of(LEGAL));
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
        });
  }

  /** All clusters as tiles: many, filtered, and a bad day. */
  private void fleet(List<Runnable> views, String suffix, int percent) {
    SampleFleet fleet = SampleFleet.ofClusters(1_000);
    views.add(
        () -> {
          gateway.tell(
              fleet.at(Samples.NOW, 900, 0),
              fleet.clusters(),
              fleet.said(Samples.NOW),
              Samples.NOW);
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
          shell.model().fleet().open();
          shell.model().fleet().step(-1_000);
          shell.model().fleet().step(2);
        });
    views.add(() -> shot("fleet" + suffix, percent));
    views.add(() -> shell.model().fleet().text().set("readers trouble"));
    views.add(() -> shot("fleet-filtered" + suffix, percent));
    views.add(
        () -> {
          shell.model().fleet().text().set("");
          gateway.tell(
              unreachable(fleet.at(Samples.NOW, 901, 0)),
              fleet.clusters(),
              fleet.said(Samples.NOW),
              Samples.NOW);
          shell.model().news().tick(Samples.NOW);
        });
    views.add(() -> shot("fleet-bad-day" + suffix, percent));
    views.add(
        () -> {
          shell.model().fleet().close();
          gateway.tell(fleet(), Samples.NOW);
          shell.model().select(Optional.of(LEGAL));
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
        });
  }

  /** A network is gone: every eleventh server, and with it some whole clusters. */
  private static Topology unreachable(Topology of) {
    var changed = new ArrayList<Instance>();
    int i = 0;
    for (Instance one : of.instances().values()) {
      if (i % 11 == 0 || i / 60 % 13 == 2) {
        changed.add(Samples.lost(one, Condition.UNREACHABLE, "connect timed out after 1 s"));
      }
      i++;
    }
    return of.next(of.revision() + 1, List.of(), changed);
  }

  /** Servers that are chosen together, held over their new source, and the plan for them. */
  private void several(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          gateway.tell(fleet(), Samples.NOW);
          var model = shell.model();
          model.select(Optional.of(LEGAL));
          model.chooseReplicas();
        });
    views.add(() -> shot("several" + suffix, percent));
    views.add(
        () -> {
          shell.model().selected().get().ifPresent(shell.model()::pickUp);
          shell.model().over(Optional.of(Samples.key("eu-west-2")));
          work();
        });
    views.add(() -> shot("several-held" + suffix, percent));
    views.add(
        () -> {
          shell.model().drop();
          work();
        });
    views.add(() -> shot("several-plan" + suffix, percent));
    views.add(() -> shell.model().plan().close());
  }

  /** What people say of servers: on cards and in the drawer, and how it is said. */
  private void said(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          Instant until = Samples.NOW.plusSeconds(5400);
          gateway.attributes.clear();
          gateway.attributes.add(new Attribute(LEGAL.host(), "rack", "r7", Samples.NOW));
          gateway.attributes.add(
              new Attribute(LEGAL.host(), "contact", "dba@shop.example", Samples.NOW));
          shell.model().select(Optional.empty());
          shell.model().select(Optional.of(LEGAL));
          work();
          var ann =
              new OfServer(
                  "shop",
                  Optional.of(new Promotion(Rule.MUST_NOT, Samples.NOW, until)),
                  Optional.of(new Downtime("ann", "new disks", Samples.NOW, until)),
                  Optional.of(new Maintenance(7, "ann", "new disks", Samples.NOW, until)),
                  new TreeMap<>(Map.of("role", "backup", "old", "")),
                  new TreeSet<>(List.of("readers")));
          var tagged =
              new OfServer(
                  "shop",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  new TreeMap<>(Map.of("role", "backup")),
                  new TreeSet<>());
          gateway.tell(
              fleet(),
              Map.of(
                  LEGAL,
                  ann,
                  CARRIED,
                  tagged,
                  fleet().treeOf(LEGAL).orElseThrow().head(),
                  new OfServer(
                      "shop",
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      new TreeMap<>(),
                      new TreeSet<>())),
              Samples.NOW);
          shell.model().select(Optional.of(LEGAL));
          work();
        });
    views.add(() -> shot("said" + suffix, percent));
    views.add(() -> shell.model().saying().ask(Saying.BEGIN_DOWNTIME, "Downtime of", LEGAL));
    views.add(() -> shot("saying" + suffix, percent));
    views.add(() -> shell.model().saying().answer(Map.of("reason", "", "duration", "")));
    views.add(() -> shot("saying-wrong" + suffix, percent));
    views.add(() -> shell.model().saying().close());
    views.add(() -> action("set-cluster-alias"));
    views.add(() -> shot("saying-alias" + suffix, percent));
    views.add(() -> action("submit-pool-instances"));
    views.add(() -> shot("saying-pool" + suffix, percent));
    views.add(() -> shell.model().saying().close());
  }

  /** The cluster of nodes: well, with one silent, without a majority, and how to get there. */
  private void nodes(List<Runnable> views, String theme, String suffix, int percent) {
    views.add(() -> see(SampleNodes.of(3)));
    views.add(() -> shot("nodes-well" + suffix, percent));
    views.add(
        () -> {
          see(SampleNodes.of(3).silent(3, java.time.Duration.ofSeconds(42)));
          shell.actions().nodes.run();
        });
    views.add(() -> shot("nodes" + suffix, percent));
    views.add(
        () -> {
          NodesModel nodes = shell.model().nodes();
          nodes.state().get().nodes().map(n -> n.rows().get(2)).ifPresent(nodes::askToRemove);
        });
    views.add(() -> shot("nodes-remove" + suffix, percent));
    views.add(
        () -> {
          shell.model().nodes().open().set(false);
          shell.getScene().getWindow().setWidth(900);
          shell.getScene().getWindow().setHeight(600);
          see(SampleNodes.of(3).leaderless().answering(1));
        });
    views.add(() -> shot("nodes-halted-small" + suffix, percent));
    views.add(
        () -> {
          see(SampleNodes.of(3).silent(3, java.time.Duration.ofSeconds(42)));
          shell.actions().nodes.run();
        });
    views.add(() -> shot("nodes-small" + suffix, percent));
    views.add(
        () -> {
          shell.model().nodes().open().set(false);
          shell.getScene().getWindow().setWidth(1400);
          shell.getScene().getWindow().setHeight(900);
          see(SampleNodes.of(3).leaderless().answering(1));
        });
    views.add(() -> shot("nodes-halted" + suffix, percent));
    views.add(
        () -> {
          see(SampleNodes.of(1));
          shell.actions().nodes.run();
        });
    views.add(() -> shot("nodes-alone" + suffix, percent));
    views.add(
        () -> {
          shell.model().nodes().open().set(false);
          gateway.nodes = Optional.empty();
          look();
        });
    views.add(() -> choose(theme.equals("dark"), Optional.of("http://db-admin.example:3000")));
    views.add(
        () ->
            frame
                .connect()
                .address()
                .set("http://n1.example:3000, http://n2.example:3000, http://n3.example:3000"));
    views.add(() -> shot(frame, "connect-nodes" + suffix, percent));
    views.add(other::hide);
  }

  private void see(SampleNodes nodes) {
    gateway.nodes = Optional.of(nodes.seen());
    look();
  }

  /** Has the nodes asked now. */
  private void look() {
    NodesModel nodes = shell.model().nodes();
    nodes.open().set(!nodes.open().get());
    nodes.open().set(!nodes.open().get());
    nodes.tick(Samples.NOW, true);
    work();
  }

  private void overlays(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          shell.actions().palette.run();
          type("#palette-field", "re");
        });
    views.add(() -> shot("palette" + suffix, percent));
    views.add(
        () -> {
          shell.actions().palette.run();
          shell.actions().search.run();
          type("#search", "replica");
          shell.model().search().step(1);
        });
    views.add(() -> shot("search" + suffix, percent));
    views.add(
        () -> {
          type("#search", "");
          shell.tree().requestFocus();
          shell.actions().keys.run();
        });
    views.add(() -> shot("keys" + suffix, percent));
    views.add(
        () -> {
          shell.actions().keys.run();
          shell.model().news().clear();
          shell.model().news().tick(Samples.NOW);
          gateway.tell(afterwards(), Samples.NOW);
          shell.model().news().tick(Samples.NOW);
        });
    views.add(() -> shot("toasts" + suffix, percent));
    views.add(() -> shell.actions().news.run());
    views.add(() -> shot("news" + suffix, percent));
    views.add(
        () -> {
          shell.actions().news.run();
          shell.model().news().clear();
          gateway.tell(fleet(), Samples.NOW);
        });
  }

  /** The least window there is. */
  private void small(List<Runnable> views, String suffix, int percent) {
    views.add(
        () -> {
          gateway.tell(fleet(), Samples.NOW);
          shell.model().news().tick(Samples.NOW);
          shell.model().news().clear();
          shell.getScene().getWindow().setWidth(900);
          shell.getScene().getWindow().setHeight(600);
        });
    views.add(() -> shot("small" + suffix, percent));
    views.add(() -> shell.actions().keys.run());
    views.add(() -> shot("small-keys" + suffix, percent));
    views.add(
        () -> {
          shell.actions().keys.run();
          shell.getScene().getWindow().setWidth(1400);
          shell.getScene().getWindow().setHeight(900);
        });
  }

  private void type(String field, String text) {
    ((TextField) shell.lookup(field)).setText(text);
  }

  /** The same fleet a little later: lost, broken, healed. */
  private static Topology afterwards() {
    var all = new TreeMap<>(fleet().instances());
    for (String host : List.of("eu-replica-1", "eu-replica-2", "eu-reports", "eu-west-1")) {
      InstanceKey key = Samples.key(host);
      all.put(key, Samples.lost(all.get(key), Condition.UNREACHABLE, "connection refused"));
    }
    all.put(Samples.key("eu-replica-5"), Samples.replica("eu-replica-5", "eu-west-2"));
    all.put(Samples.key("us-replica-2"), Samples.broken("us-replica-2", "us-primary"));
    return new Topology(4712, all);
  }

  /** Another window, with nothing or an address remembered. */
  private void choose(boolean dark, Optional<String> last) {
    places = new FakePlaces();
    List<Place.There> nodes =
        last.stream()
            .flatMap(l -> Stream.of(l, "http://127.0.0.1:3000", "http://127.0.0.1:3100"))
            .map(Place.There::parse)
            .toList();
    places.past = new Past(Optional.empty(), nodes, "");
    frame =
        new Frame(
            places,
            new Tasks(waiting::add, Runnable::run),
            InstantSource.fixed(Samples.NOW),
            looks(dark),
            new Outside(Message.Way.NONE));
    other.setScene(new Scene(frame, 1400, 900));
    other.show();
    frame.connect().begin();
    last.ifPresent(
        address -> {
          frame.connect().kind().set(ConnectModel.Kind.THERE);
          frame.connect().address().set(address);
        });
  }

  private static Looks looks(boolean dark) {
    var looks = new Looks();
    looks.chosen().set(dark ? Appearance.DARK : Appearance.LIGHT);
    return looks;
  }

  private Shell shown() {
    return frame.shell().get().orElseThrow();
  }

  private void work() {
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(Runnable::run);
  }

  private static void next(List<Runnable> views, int at, CompletableFuture<Void> done) {
    if (at == views.size()) {
      done.complete(null);
      return;
    }
    try {
      views.get(at).run();
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
      return;
    }
    // Until what moves has come to rest.
    var pause = new PauseTransition(Duration.millis(400));
    pause.setOnFinished(e -> next(views, at + 1, done));
    pause.play();
  }

  private void drag(InstanceKey target) {
    Point2D from = shell.tree().middle(CARRIED).orElseThrow();
    Point2D to = shell.tree().middle(target).orElseThrow();
    mouse(MouseEvent.MOUSE_PRESSED, from);
    mouse(MouseEvent.MOUSE_DRAGGED, from.add(20, 20));
    mouse(MouseEvent.MOUSE_DRAGGED, to.add(10, 12));
    // What is thought of all the others.
    work();
  }

  private void escape() {
    shell.model().putBack();
    mouse(MouseEvent.MOUSE_RELEASED, Point2D.ZERO);
  }

  private void mouse(EventType<MouseEvent> type, Point2D at) {
    Pointer.at(shell.tree(), type, at);
  }

  private void shot(String name, int percent) {
    shot(shell, name, percent);
  }

  private void shot(Node content, String name, int percent) {
    double scale = percent / 100.0;
    var how = new SnapshotParameters();
    how.setTransform(new Scale(scale, scale));
    // The shadows of what lies over the window would make the picture larger than it.
    how.setViewport(
        new Rectangle2D(
            0,
            0,
            content.getLayoutBounds().getWidth() * scale,
            content.getLayoutBounds().getHeight() * scale));
    WritableImage image = content.snapshot(how, null);
    BufferedImage copy = indexed(image);
    try {
      ImageIO.write(copy, "png", folder.resolve(name + ".png").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The picture in its 256 most frequent colours, which is a third of the size. */
  private static BufferedImage indexed(WritableImage image) {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    int[] pixels = new int[width * height];
    image
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
    Map<Integer, Integer> count = new HashMap<>();
    for (int pixel : pixels) {
      count.merge(pixel, 1, Integer::sum);
    }
    int[] colours =
        count.entrySet().stream()
            .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
            .limit(256)
            .mapToInt(Map.Entry::getKey)
            .toArray();
    Map<Integer, Integer> nearest = new HashMap<>();
    count.keySet().forEach(pixel -> nearest.put(pixel, nearest(pixel, colours)));
    var model = new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
    var copy = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    for (int i = 0; i < pixels.length; i++) {
      copy.getRaster().setSample(i % width, i / width, 0, nearest.get(pixels[i]));
    }
    return copy;
  }

  private static int nearest(int pixel, int[] colours) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < colours.length; i++) {
      int distance = 0;
      for (int shift = 0; shift < 24; shift += 8) {
        int difference = (pixel >> shift & 255) - (colours[i] >> shift & 255);
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  /** A fleet with something of everything. */
  static Topology fleet() {
    return Samples.topology(
        4711,
        Samples.primary("eu-primary"),
        Samples.replica("eu-west-1", "eu-primary"),
        Samples.replica("eu-west-2", "eu-primary"),
        withoutLog(Samples.replica("eu-reports", "eu-primary")),
        Samples.replica("eu-replica-1", "eu-west-1"),
        lagging("eu-replica-2", "eu-west-1"),
        Samples.replica("eu-replica-3", "eu-west-2"),
        errant(Samples.replica("eu-replica-4", "eu-west-2")),
        travelled(Samples.broken("eu-replica-5", "eu-west-2")),
        Samples.primary("us-primary"),
        Samples.replica("us-replica-1", "us-primary"),
        Samples.lost(
            Samples.replica("us-replica-2", "us-primary"),
            Condition.UNREACHABLE,
            "connection refused"),
        Samples.replica(
            "us-replica-3",
            Samples.channel("us-primary", ThreadState.STOPPED, ThreadState.STOPPED)),
        Samples.primary("shop-staging"),
        Samples.replica("shop-staging-2", "shop-staging"));
  }

  /** The fleet after one of its branches was moved. */
  private static Topology moved() {
    var all = new TreeMap<>(fleet().instances());
    all.put(LEGAL, Samples.replica("eu-west-1", "eu-west-2"));
    return new Topology(4712, all);
  }

  private static Instance lagging(String host, String source) {
    return Samples.replica(
        host,
        Samples.channel(
            source,
            ThreadState.RUNNING,
            ThreadState.RUNNING,
            42,
            ReplicationError.NONE,
            ReplicationError.NONE));
  }

  private static Instance withoutLog(Instance i) {
    Facts f = i.facts().orElseThrow();
    Settings s = f.settings();
    var settings =
        new Settings(
            s.readOnly(),
            s.superReadOnly(),
            s.logBin(),
            false,
            s.binlogFormat(),
            s.binlogRowImage(),
            s.gtidStrict(),
            s.gtidMode());
    return with(i, settings, f.positions());
  }

  /** A server that has executed what many have written. */
  private static Instance travelled(Instance i) {
    Facts f = i.facts().orElseThrow();
    String gtids =
        IntStream.range(0, 9)
            .mapToObj(n -> n + "-" + (101 + n) + "-" + (48_213_977L * (n + 3)))
            .collect(Collectors.joining(","));
    Positions p = f.positions();
    return with(i, f.settings(), new Positions(p.logEnd(), gtids, p.loggedGtid(), "", "", 11_533));
  }

  /** A replica that somebody has written to. */
  private static Instance errant(Instance i) {
    Facts f = i.facts().orElseThrow();
    Positions p = f.positions();
    String own = "0-" + f.identity().serverId() + "-48213990";
    var positions =
        new Positions(p.logEnd(), p.executedGtid(), p.loggedGtid(), "", own, p.uptimeSeconds());
    return with(i, f.settings(), positions);
  }

  private static Instance with(Instance i, Settings settings, Positions positions) {
    Facts f = i.facts().orElseThrow();
    return new Instance(
        i.key(),
        i.condition(),
        i.sentence(),
        Optional.of(
            new Facts(
                f.identity(),
                settings,
                f.channels(),
                f.reportedReplicas(),
                positions,
                f.complaints())),
        Optional.of(Instant.parse("2026-11-22T11:59:59Z")),
        i.lastSeen(),
        i.latency());
  }
}
