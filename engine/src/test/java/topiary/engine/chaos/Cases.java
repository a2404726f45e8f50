package topiary.engine.chaos;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.port.PlanJournal;
import topiary.lab.sim.Kind;

/**
 * Operations to be broken off, on a tree of seven.
 *
 * @param key the address of a server
 */
record Cases(Function<String, InstanceKey> key) {

  /** The tree of seven as it is. */
  static final Consumer<FakeField> PLAIN = field -> {};

  /**
   * What a server answers at the end.
   *
   * @param server which
   * @param sql to this
   * @param column in this column of the first row
   * @param answer with this
   */
  record Fact(InstanceKey server, String sql, String column, String answer) {}

  /**
   * An operation, and what comes before it.
   *
   * @param name for people
   * @param before done first, to its end
   * @param wanted the operation; empty to take back the last plan that was done before
   * @param ground what has to be so to begin with, on simulated servers
   * @param only the kind of servers that it is for; empty for all
   * @param fact what is so at the end, besides how everybody replicates
   */
  record Case(
      String name,
      List<Intent> before,
      Optional<Intent> wanted,
      Consumer<FakeField> ground,
      Optional<Kind> only,
      Optional<Fact> fact) {

    Case on(Consumer<FakeField> other) {
      return new Case(name, before, wanted, other, only, fact);
    }

    Case only(Kind kind) {
      return new Case(name, before, wanted, ground, Optional.of(kind), fact);
    }

    Case until(Fact other) {
      return new Case(name, before, wanted, ground, only, Optional.of(other));
    }

    boolean isFor(Kind kind) {
      return only.filter(k -> k != kind).isEmpty();
    }

    Intent intent(PlanJournal journal) {
      return wanted.orElseGet(() -> new Intent.Undo(journal.latest(1).getFirst().id()));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Intent intent, Intent... before) {
    return new Case(
        name, List.of(before), Optional.of(intent), PLAIN, Optional.empty(), Optional.empty());
  }

  private static Case undo(String name, Intent... before) {
    return new Case(
        name, List.of(before), Optional.empty(), PLAIN, Optional.empty(), Optional.empty());
  }

  private InstanceKey at(String name) {
    return key.apply(name);
  }

  private Intent.Relocate relocate(String replica, String below) {
    return new Intent.Relocate(at(replica), at(below));
  }

  private Intent tree(String server, Reshaping reshaping) {
    return new Intent.InTree(at(server), reshaping);
  }

  private Intent on(String server, Doing doing) {
    return new Intent.OnServer(at(server), doing);
  }

  private Intent stop(String server, Threads threads) {
    return new Intent.StopReplication(at(server), threads);
  }

  private Intent start(String server, Threads threads) {
    return new Intent.StartReplication(at(server), threads);
  }

  /** The ten that are used most. */
  List<Case> mostUsed() {
    Optional<String> all = Optional.empty();
    return List.of(
        of("relocate", relocate("d", "b")),
        of("relocate-replicas", tree("a", new Reshaping.Replicas(at("b"), all))),
        of("move-up", tree("f", new Reshaping.Up())),
        of("take-siblings", tree("a", new Reshaping.Siblings())),
        of("take-source", tree("d", new Reshaping.TakeSource(Optional.empty()))),
        of("repoint", tree("d", new Reshaping.Repoint(Optional.empty()))),
        of("stop", stop("d", Threads.BOTH)),
        of("start", start("d", Threads.BOTH), stop("d", Threads.BOTH)),
        of("writeable", new Intent.SetReadOnly(at("f"), false)),
        of("detach-replica", on("d", new Doing.Detach())),
        of("reattach-replica", on("d", new Doing.Reattach()), on("d", new Doing.Detach())),
        of("regroup-replicas", tree("a", new Reshaping.Regroup())));
  }

  private Intent side(Intent wanted) {
    return new Intent.OnChannel(wanted, Groundwork.SIDE);
  }

  /** With one channel of a replica that has two; the other goes on as it does. */
  private List<Case> onChannels() {
    Intent stop = side(stop("e", Threads.BOTH));
    Intent detach = side(on("e", new Doing.Detach()));
    return Stream.of(
            of("relocate --channel", new Intent.OnChannel(relocate("e", "b"), "")),
            of("stop --channel", stop),
            of("start --channel", side(start("e", Threads.BOTH)), stop),
            of("restart --channel", side(on("e", new Doing.Restart()))),
            of("reconnect --channel", side(on("e", new Doing.Reconnect()))),
            of("stop-nicely --channel", side(on("e", new Doing.StopNicely()))),
            of("reset-replica --channel", side(on("e", new Doing.Reset()))),
            of("delay --channel", side(on("e", new Doing.Delay(3)))),
            of("detach-replica --channel", detach),
            of("reattach-replica --channel", side(on("e", new Doing.Reattach())), detach),
            of("repoint --channel", side(tree("e", new Reshaping.Repoint(Optional.empty())))),
            of("disable-gtid --channel", side(on("e", new Doing.UseGtid(false)))),
            of(
                "enable-gtid --channel",
                side(on("e", new Doing.UseGtid(true))),
                side(on("e", new Doing.UseGtid(false)))),
            of(
                "repoint --channel of the first",
                new Intent.OnChannel(tree("e", new Reshaping.Repoint(Optional.empty())), "")),
            undo("undo relocate --channel", new Intent.OnChannel(relocate("e", "b"), "")))
        .map(c -> c.on(Groundwork.secondSource("e")))
        .toList();
  }

  private Case semiSync(String name, Doing.Side side, boolean on) {
    boolean source = side == Doing.Side.SOURCE;
    Intent off = on("a", new Doing.SemiSync(side, false));
    Intent wanted = on("a", new Doing.SemiSync(side, on));
    String variables =
        source
            ? "'rpl_semi_sync_source_enabled', 'rpl_semi_sync_master_enabled'"
            : "'rpl_semi_sync_replica_enabled', 'rpl_semi_sync_slave_enabled'";
    return (on ? of(name, wanted, off) : of(name, wanted))
        .on(Groundwork::semiSync)
        .until(
            new Fact(
                at("a"),
                "SHOW GLOBAL VARIABLES WHERE Variable_name IN (" + variables + ")",
                "Value",
                on ? "ON" : "OFF"));
  }

  /** What takes more than seven servers that replicate. */
  private List<Case> prepared() {
    Intent coSource = tree("b", new Reshaping.CoSource(Optional.empty()));
    Intent reset = on("f", new Doing.Reset());
    Intent rejoin = tree("f", new Reshaping.Rejoin(Optional.of(at("c"))));
    Consumer<FakeField> ring = field -> field.tree().coSources();
    return List.of(
        of("make-co-source", coSource).on(ring),
        undo("undo make-co-source", coSource).on(ring),
        of("rejoin", rejoin, reset).on(ring),
        of("rejoin of one that takes writes", rejoin, reset, new Intent.SetReadOnly(at("f"), false))
            .on(ring),
        undo("undo rejoin", reset, rejoin).on(ring),
        of("move-equivalent", tree("e", new Reshaping.Equivalent(at("b"))))
            .on(Groundwork.noted("e", "a", "b")),
        of(
                "move-equivalent of one that only applies",
                tree("e", new Reshaping.Equivalent(at("b"))),
                stop("e", Threads.IO))
            .on(Groundwork.noted("e", "a", "b")),
        semiSync("enable-semi-sync-source", Doing.Side.SOURCE, true),
        semiSync("disable-semi-sync-source", Doing.Side.SOURCE, false),
        semiSync("enable-semi-sync-replica", Doing.Side.REPLICA, true),
        semiSync("disable-semi-sync-replica", Doing.Side.REPLICA, false),
        // MariaDB has no sets of GTIDs: there both are refused.
        of("inject-empty-transactions", on("f", new Doing.InjectEmpty()))
            .on(Groundwork.errant("f"))
            .only(Kind.MYSQL),
        of("forget-errant-transactions", on("f", new Doing.ForgetErrant()))
            .on(Groundwork.errant("f"))
            .only(Kind.MYSQL),
        of("skip-transaction", on("e", new Doing.SkipTransaction())).on(Groundwork.failed("e")),
        of("skip-transaction of one that does not name it", on("e", new Doing.SkipTransaction()))
            .on(Groundwork.failedWithoutAName("e"))
            .only(Kind.MYSQL),
        of("skip-transaction --channel", side(on("e", new Doing.SkipTransaction())))
            .on(Groundwork.failedOnTheSide("e"))
            .only(Kind.MYSQL),
        // MariaDB's position is about all channels, which have to stand still.
        of(
                "skip-transaction --channel of one that stands still",
                side(on("e", new Doing.SkipTransaction())),
                new Intent.OnChannel(on("e", new Doing.StopNicely()), ""))
            .on(Groundwork.failedOnTheSide("e")),
        of(
                "skip-transaction of one that receives nothing",
                on("e", new Doing.SkipTransaction()),
                stop("e", Threads.IO))
            .on(Groundwork.failed("e")));
  }

  /**
   * One or more of every operation of the catalogue that a plan is made for, and of every channel
   * and way that it takes; {@link EveryOperationTest} sees to that. What simulated servers cannot
   * carry is in none of them: moves by file and position, as these servers follow GTIDs whatever
   * place they are pointed at, and stop at none. Those are broken off on texts alone ({@code
   * ClassicPlannerTest}).
   */
  List<Case> all() {
    return Stream.of(onTheTree(), onChannels(), prepared()).flatMap(List::stream).toList();
  }

  private List<Case> onTheTree() {
    Optional<String> all = Optional.empty();
    Intent several = new Intent.Moves(List.of(relocate("d", "b"), relocate("e", "c")));
    Intent takeSource = tree("d", new Reshaping.TakeSource(Optional.empty()));
    return Stream.concat(
            mostUsed().stream(),
            Stream.of(
                of("relocate a leaf", relocate("f", "b")),
                of("relocate one that stands still", relocate("e", "b"), stop("e", Threads.BOTH)),
                of("relocate one that only applies", relocate("e", "b"), stop("e", Threads.IO)),
                of("relocate-several", several),
                of("move-up-replicas", tree("a", new Reshaping.ReplicasUp(all))),
                of("move-below", tree("b", new Reshaping.BelowSibling(at("c")))),
                of("repoint elsewhere", tree("f", new Reshaping.Repoint(Optional.of(at("c"))))),
                of(
                    "repoint one that only applies",
                    tree("f", new Reshaping.Repoint(Optional.empty())),
                    stop("f", Threads.IO)),
                of("repoint-replicas", tree("a", new Reshaping.RepointReplicas(all))),
                of("stop applying", stop("d", Threads.SQL)),
                of("start applying", start("d", Threads.SQL), stop("d", Threads.SQL)),
                of("restart", on("d", new Doing.Restart())),
                of("reconnect", on("d", new Doing.Reconnect())),
                of(
                    "restart one that only receives",
                    on("d", new Doing.Restart()),
                    stop("d", Threads.SQL)),
                of(
                    "restart one that only applies",
                    on("d", new Doing.Restart()),
                    stop("d", Threads.IO)),
                of("stop-nicely", on("f", new Doing.StopNicely())),
                of(
                    "stop-nicely one that only applies",
                    on("f", new Doing.StopNicely()),
                    stop("f", Threads.IO)),
                of("reset-replica", on("f", new Doing.Reset())),
                of("delay", on("f", new Doing.Delay(3))),
                of(
                    "delay one that only receives",
                    on("d", new Doing.Delay(3)),
                    stop("d", Threads.SQL)),
                of("no delay any more", on("f", new Doing.Delay(0)), on("f", new Doing.Delay(3))),
                of(
                    "detach one that only applies",
                    on("d", new Doing.Detach()),
                    stop("d", Threads.IO)),
                of("disable-gtid", on("f", new Doing.UseGtid(false))),
                of(
                    "disable-gtid of one that only applies",
                    on("f", new Doing.UseGtid(false)),
                    stop("f", Threads.IO)),
                of(
                    "enable-gtid",
                    on("f", new Doing.UseGtid(true)),
                    on("f", new Doing.UseGtid(false))),
                of(
                    "relocate by GTID",
                    new Intent.RelocateBy(relocate("f", "b"), Way.GTID),
                    on("f", new Doing.UseGtid(false))),
                of(
                    "relocate-replicas by GTID",
                    tree(
                        "a",
                        new Reshaping.ReplicasBy(new Reshaping.Replicas(at("b"), all), Way.GTID)),
                    on("e", new Doing.UseGtid(false))),
                of(
                    "read-only",
                    new Intent.SetReadOnly(at("f"), true),
                    new Intent.SetReadOnly(at("f"), false)),
                of("flush-logs", on("b", new Doing.FlushLogs(2))),
                of(
                        "purge-logs",
                        on("a", new Doing.PurgeLogs("latest", false)),
                        on("a", new Doing.FlushLogs(2)))
                    .until(new Fact(at("a"), "SHOW BINARY LOGS", "Log_name", "bin.000003")),
                of("kill-query of one that has gone", on("f", new Doing.KillQuery(999))),
                undo("undo relocate", relocate("f", "b")),
                undo("undo relocate-several", several),
                undo("undo take-source", takeSource),
                undo("undo stop", stop("d", Threads.BOTH))))
        .toList();
  }
}
