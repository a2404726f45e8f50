package topiary.engine.chaos;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.port.PlanJournal;

/**
 * Operations to be broken off, on a tree of seven.
 *
 * @param key the address of a server
 */
record Cases(Function<String, InstanceKey> key) {

  /**
   * An operation, and what comes before it.
   *
   * @param name for people
   * @param before done first, to its end
   * @param intent the operation, of the last plan that was done before
   */
  record Case(String name, List<Intent> before, Function<PlanJournal, Intent> intent) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Intent intent, Intent... before) {
    return new Case(name, List.of(before), journal -> intent);
  }

  private static Case undo(String name, Intent... before) {
    return new Case(
        name, List.of(before), journal -> new Intent.Undo(journal.latest(1).getFirst().id()));
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

  /** One or more of every kind of operation that a plan is made for. */
  List<Case> all() {
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
                of("flush-logs", on("b", new Doing.FlushLogs(2))),
                undo("undo relocate", relocate("f", "b")),
                undo("undo relocate-several", several),
                undo("undo take-source", takeSource),
                undo("undo stop", stop("d", Threads.BOTH))))
        .toList();
  }
}
