package topiary.engine.manual;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.InTree;
import topiary.engine.catalogue.OneServer;
import topiary.engine.catalogue.Operation;
import topiary.engine.fake.Trees;
import topiary.engine.manual.Example.Refusal;
import topiary.engine.model.Condition;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;

/** An example of every operation that is planned; a new one without any fails a test. */
final class Examples {

  private static final String OWN = "00000000-0000-0000-0000-00000000000a";
  private static final BiConsumer<Trees, Setup> NOTHING = (trees, setup) -> {};

  private Examples() {}

  private static Example of(Operation operation, String tree, Refusal no, String... call) {
    return new Example(operation, tree, Example.arguments(call), NOTHING, no, "");
  }

  /** MySQL servers could use GTID; MariaDB ones always can. */
  private static BiConsumer<Trees, Setup> gtidOn(String... servers) {
    return (trees, setup) -> {
      if (setup.mysql()) {
        List.of(servers).forEach(n -> trees.with(n, s -> s.gtidMode = "ON"));
      }
    };
  }

  private static Refusal stopped(String server) {
    return Refusal.when(
        server + " stands still", (trees, setup) -> trees.with(server, Trees.Server::stop));
  }

  private static Refusal noLog(String... servers) {
    return Refusal.when(
        String.join(" and ", servers) + " log" + (servers.length == 1 ? "s" : "") + " no updates",
        (trees, setup) -> List.of(servers).forEach(s -> trees.with(s, t -> t.logUpdates = false)));
  }

  private static Refusal lost(String server) {
    return Refusal.when(
        server + " cannot be seen",
        (trees, setup) -> trees.with(server, s -> s.condition = Condition.UNREACHABLE));
  }

  private static BiConsumer<Trees, Setup> semiSync(String server, boolean source, boolean on) {
    return (trees, setup) ->
        trees.with(
            server,
            s ->
                s.semiSync =
                    new SemiSync(
                        true,
                        new SemiSync.Source(true, source && on, 5000, 1, false, 0),
                        new SemiSync.Replica(true, !source && on, false)));
  }

  private static Refusal noPlugin(String server) {
    return Refusal.when(
        server + " has no such plugin",
        (trees, setup) -> trees.with(server, s -> s.semiSync = SemiSync.NONE));
  }

  /** Those that move one server or several. */
  static List<Example> inTree() {
    return List.of(
        of(Catalogue.RELOCATE, "p(a,b)", noLog("a"), "replica", "b:3306", "below", "a:3306")
            .told(
                "A MariaDB replica applies what it has received first; a MySQL one is moved when"
                    + " its new source has what is not applied. By file and position it goes by"
                    + " as many moves up and below siblings as it takes."),
        of(
                Catalogue.RELOCATE,
                "p(a,b)",
                Refusal.when(
                    "gtid_mode is off",
                    (trees, setup) -> {
                      if (setup.mysql()) {
                        List.of("p", "a", "b").forEach(n -> trees.with(n, s -> s.gtidMode = "OFF"));
                      }
                    }),
                "replica",
                "b:3306",
                "below",
                "a:3306",
                "way",
                "gtid")
            .after(gtidOn("p", "a", "b"))
            .told("With `--way gtid` it uses GTID from then on, even when this is undone."),
        of(
            Catalogue.RELOCATE,
            "p(a,b)",
            noLog("a"),
            "replica",
            "b:3306",
            "below",
            "a:3306",
            "way",
            "file"),
        of(
                InTree.RELOCATE_REPLICAS,
                "p(a,b,c)",
                noLog("a"),
                "instance",
                "p:3306",
                "below",
                "a:3306")
            .told(
                "A replica that cannot be moved stays as it is, and the plan says why; it is"
                    + " refused when none can. Several go down below a sibling by file and"
                    + " position one after the other."),
        of(
            InTree.RELOCATE_REPLICAS,
            "p(a,b,c)",
            Refusal.of(
                "no replica is meant", "instance", "p:3306", "below", "a:3306", "pattern", "x"),
            "instance",
            "p:3306",
            "below",
            "a:3306",
            "pattern",
            "^b"),
        of(
                InTree.RELOCATE_SEVERAL,
                "p(a,b,c)",
                Refusal.of("they make a ring together", "moves", "a:3306=b:3306,b:3306=a:3306"),
                "moves",
                "b:3306=a:3306,c:3306=a:3306")
            .told("All of them are planned, or none."),
        of(
            InTree.TAKE_SIBLINGS,
            "p(a,b,c)",
            Refusal.of("it is no replica", "instance", "p:3306"),
            "instance",
            "a:3306"),
        of(
            InTree.MOVE_UP,
            "p(a(b))",
            Refusal.of("its source is a head", "instance", "a:3306"),
            "instance",
            "b:3306"),
        of(
                InTree.MOVE_UP_REPLICAS,
                "p(a(b,c))",
                Refusal.of("it is no replica", "instance", "p:3306"),
                "instance",
                "a:3306")
            .told("By file and position their source is halted once, and they go up side by side."),
        of(
            InTree.MOVE_BELOW,
            "p(a,b(c))",
            Refusal.of("the other has another source", "instance", "c:3306", "below", "a:3306"),
            "instance",
            "b:3306",
            "below",
            "a:3306"),
        of(
                InTree.TAKE_SOURCE,
                "p(a(b))",
                Refusal.of("its source is a head", "instance", "a:3306"),
                "instance",
                "b:3306")
            .told("To take the place of a head, writes have to be stopped first: take-over."),
        of(
                InTree.MAKE_CO_SOURCE,
                "p(a,b)",
                Refusal.when(
                    "it takes writes", (trees, setup) -> trees.with("a", s -> s.readOnly = false)),
                "instance",
                "a:3306")
            .after(
                (trees, setup) -> {
                  if (setup.mysql()) {
                    trees.with("p", s -> s.uuid = Optional.of(Setup.P));
                    trees.with("a", s -> s.uuid = Optional.of(OWN));
                  }
                })
            .told("The other goes on refusing writes. The password is known, and shown nowhere."),
        of(
                InTree.TAKE_OVER,
                "p(a,b)",
                Refusal.when(
                    "it is behind",
                    (trees, setup) ->
                        trees.with("a", s -> s.behind = Optional.of(Optional.of(60L)))),
                "instance",
                "a:3306")
            .after(
                (trees, setup) -> {
                  if (setup.mysql()) {
                    trees.with("p", s -> s.uuid = Optional.of(Setup.P));
                    trees.with("a", s -> s.uuid = Optional.of(OWN));
                  }
                })
            .told(
                "Everybody can write until all is ready, and then nobody for as long as the last"
                    + " writes take to come across; what is in the way puts everything back."
                    + " Scheduled events that run on the primary run on the replica afterwards."),
        of(
                InTree.TAKE_OVER,
                "p(a,b)",
                Refusal.when(
                    "it is behind",
                    (trees, setup) ->
                        trees.with("a", s -> s.behind = Optional.of(Optional.of(60L)))),
                "instance",
                "a:3306",
                "leave",
                "b:3306",
                "end-statements",
                "true")
            .after(
                (trees, setup) -> {
                  if (setup.mysql()) {
                    trees.with("p", s -> s.uuid = Optional.of(Setup.P));
                    trees.with("a", s -> s.uuid = Optional.of(OWN));
                  }
                })
            .told("Siblings may stay where they are; statements in the way may be ended."),
        of(
                InTree.REJOIN,
                "a(b) p",
                Refusal.when(
                    "it has transactions of its own",
                    (trees, setup) ->
                        trees.with(
                            "p",
                            s -> {
                              s.executed = setup.mysql() ? Setup.P + ":1-12" : "0-1-12";
                              s.history = setup.mysql() ? "" : "0-1-12";
                            })),
                "instance",
                "p:3306",
                "source",
                "a:3306")
            .after(
                (trees, setup) -> {
                  trees.with("p", s -> s.readOnly = true);
                  if (!setup.mysql()) {
                    trees.with("p", s -> s.history = "0-1-10");
                    trees.with("a", s -> s.history = "0-1-10");
                  }
                })
            .told("Only when it has nothing that the other has not; it stays read-only."),
        of(
                InTree.MOVE_EQUIVALENT,
                "p(a(r),b)",
                Refusal.when(
                    "it stands elsewhere",
                    (trees, setup) -> trees.with("r", s -> s.position = 140)),
                "instance",
                "r:3306",
                "below",
                "b:3306")
            .told("An earlier move has noted the place here: see below."),
        of(
                InTree.REPOINT,
                "p(a)",
                Refusal.of("it is no replica", "instance", "p:3306"),
                "instance",
                "a:3306")
            .told("What it has received is applied first, where it would be thrown away."),
        of(
                InTree.REPOINT,
                "p(a) n",
                Refusal.of("nobody knows it", "instance", "a:3306", "source", "x:3306"),
                "instance",
                "a:3306",
                "source",
                "n:3306")
            .after((trees, setup) -> trees.with("n", s -> s.condition = Condition.UNREACHABLE))
            .told("A source that is not there, like `n` here, must have been discovered."),
        of(
            InTree.REPOINT_REPLICAS,
            "p(a,b)",
            Refusal.of("it has no replicas", "instance", "a:3306"),
            "instance",
            "p:3306"),
        of(InTree.REGROUP_REPLICAS, "p(a,b)", noLog("a", "b"), "instance", "p:3306")
            .told(
                "The best is who can serve most of the others; of those, who has received the"
                    + " most; then who is not held back on purpose; then who runs the oldest"
                    + " version. Their source may be dead."));
  }

  /** Those on one server. */
  static List<Example> oneServer() {
    return List.of(
        of(
                Catalogue.START_REPLICATION,
                "p(a)",
                Refusal.when("it runs", (trees, setup) -> trees.with("a", s -> run(s))),
                "instance",
                "a:3306")
            .after((trees, setup) -> trees.with("a", Trees.Server::stop))
            .told("Both threads; and it waits until it replicates."),
        of(Catalogue.STOP_REPLICATION, "p(a)", stopped("a"), "instance", "a:3306")
            .told("What a dead source has sent is applied first, where it would be thrown away."),
        of(OneServer.RESTART, "p(a)", stopped("a"), "instance", "a:3306")
            .told("What runs is stopped and started, so that it connects anew."),
        of(OneServer.RECONNECT, "p(a)", stopped("a"), "instance", "a:3306")
            .told("Of a source that hangs, its replicas come to know that it is gone."),
        of(
            OneServer.STOP_NICELY,
            "p(a)",
            Refusal.when(
                "it is held back for long", (trees, setup) -> trees.with("a", s -> s.delay = 3600)),
            "instance",
            "a:3306"),
        of(
                OneServer.RESET,
                "p(a)",
                Refusal.of("it is no replica", "instance", "p:3306"),
                "instance",
                "a:3306")
            .told("What it has received is applied first, where that is possible."),
        of(
                OneServer.SKIP,
                "p(a)",
                Refusal.when(
                    "it has not failed",
                    (trees, setup) ->
                        trees.with(
                            "a",
                            s -> {
                              run(s);
                              s.sqlError = "";
                            })),
                "instance",
                "a:3306")
            .after(
                (trees, setup) ->
                    trees.with(
                        "a",
                        s -> {
                          s.sql = ThreadState.STOPPED;
                          s.sqlError = "Duplicate entry";
                          if (setup.mysql()) {
                            s.executed = Setup.P + ":1-4";
                          }
                        }))
            .told(
                "On MySQL an empty transaction takes the place of the one that failed; MariaDB goes"
                    + " on after it. By file and position the server's counter is set, which needs"
                    + " the right SUPER on MariaDB."),
        of(
            OneServer.DELAY,
            "p(a)",
            Refusal.when("it is so", (trees, setup) -> trees.with("a", s -> s.delay = 60)),
            "instance",
            "a:3306",
            "seconds",
            "60"),
        of(OneServer.ENABLE_GTID, "p(a)", lost("p"), "instance", "a:3306").after(gtidOn("p", "a")),
        of(OneServer.DISABLE_GTID, "p(a)", lost("p"), "instance", "a:3306")
            .told("It goes on from where it stands."),
        of(OneServer.ENABLE_SEMI_SYNC_SOURCE, "p(a)", noPlugin("p"), "instance", "p:3306"),
        of(OneServer.DISABLE_SEMI_SYNC_SOURCE, "p(a)", noPlugin("p"), "instance", "p:3306")
            .after(semiSync("p", true, true)),
        of(OneServer.ENABLE_SEMI_SYNC_REPLICA, "p(a)", noPlugin("a"), "instance", "a:3306")
            .told("Receiving is restarted, so that its source knows."),
        of(OneServer.DISABLE_SEMI_SYNC_REPLICA, "p(a)", noPlugin("a"), "instance", "a:3306")
            .after(semiSync("a", false, true)),
        of(
                OneServer.INJECT_EMPTY,
                "p(a)",
                Refusal.when(
                    "the head takes no writes",
                    (trees, setup) -> trees.with("p", s -> s.readOnly = true)),
                "instance",
                "a:3306")
            .after(Examples::errant)
            .told("They are executed on the head of its tree, at most 10,000."),
        of(
                OneServer.FORGET_ERRANT,
                "p(a)",
                Refusal.when(
                    "it has none",
                    (trees, setup) -> {
                      if (setup.mysql()) {
                        trees.with("a", s -> s.executed = Setup.P + ":1-9");
                      }
                    }),
                "instance",
                "a:3306")
            .after(Examples::errant),
        of(
            Catalogue.SET_READ_ONLY,
            "p(a)",
            Refusal.when("it is so", (trees, setup) -> trees.with("p", s -> s.readOnly = true)),
            "instance",
            "p:3306"),
        of(
            Catalogue.SET_WRITEABLE,
            "p(a)",
            Refusal.of("it is so", "instance", "p:3306"),
            "instance",
            "a:3306"),
        of(
            OneServer.FLUSH_LOGS,
            "p(a)",
            Refusal.when(
                "it writes none", (trees, setup) -> trees.with("p", s -> s.logBin = false)),
            "instance",
            "p:3306"),
        of(
                OneServer.PURGE_LOGS,
                "p(a)",
                Refusal.when(
                    "a replica needs one",
                    (trees, setup) -> trees.with("a", s -> s.readFile = "bin.000010")),
                "instance",
                "p:3306",
                "file",
                "latest")
            .after(
                (trees, setup) ->
                    trees
                        .with("p", s -> s.logFile = "bin.000012")
                        .with("a", s -> s.readFile = "bin.000012"))
            .told("`--force` deletes them whoever needs them."),
        of(OneServer.KILL_QUERY, "p(a)", lost("p"), "instance", "p:3306", "connection", "42"),
        of(
                OneServer.DETACH,
                "p(a)",
                Refusal.when("it is so", (trees, setup) -> trees.with("a", s -> s.detached = true)),
                "instance",
                "a:3306")
            .told("Its source's host is written with `//` before it."),
        of(
                OneServer.REATTACH,
                "p(a)",
                Refusal.when(
                    "it is attached", (trees, setup) -> trees.with("a", s -> s.detached = false)),
                "instance",
                "a:3306")
            .after((trees, setup) -> trees.with("a", s -> s.detached = true))
            .told("To attach it elsewhere, `relocate` it."));
  }

  private static void run(Trees.Server s) {
    s.io = ThreadState.RUNNING;
    s.sql = ThreadState.RUNNING;
  }

  private static void errant(Trees trees, Setup setup) {
    if (setup.mysql()) {
      trees.with("a", s -> s.executed = Setup.P + ":1-9," + OWN + ":1-2");
    }
  }

  /** All of them. */
  static List<Example> all() {
    return Stream.of(inTree(), oneServer()).flatMap(List::stream).toList();
  }
}
