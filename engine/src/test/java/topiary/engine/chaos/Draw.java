package topiary.engine.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.port.PlanJournal;

/**
 * Draws operations: most of them make sense where they are drawn, some do not. Which are never
 * drawn, and why: {@link EveryOperationTest}.
 */
final class Draw {

  private static final List<Integer> DELAYS = List.of(0, 0, 2, 5, 3600);

  private final Random random;
  private final Topology topology;
  private final PlanJournal journal;
  private final List<InstanceKey> servers;
  private final List<InstanceKey> replicas;

  Draw(Random random, Topology topology, PlanJournal journal) {
    this.random = random;
    this.topology = topology;
    this.journal = journal;
    servers = topology.instances().keySet().stream().sorted().toList();
    replicas = servers.stream().filter(k -> source(k).isPresent()).toList();
  }

  private Optional<InstanceKey> source(InstanceKey key) {
    return topology.instance(key).flatMap(Instance::source);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Somebody; mostly a replica. */
  private InstanceKey replica() {
    return random.nextInt(20) == 0 ? one(servers) : one(replicas);
  }

  /** Somebody; mostly one that has replicas. */
  private InstanceKey source() {
    List<InstanceKey> sources =
        servers.stream().filter(k -> !topology.replicasOf(k).isEmpty()).toList();
    return random.nextInt(10) == 0 ? one(servers) : one(sources);
  }

  /** Somebody; mostly a replica of a replica. */
  private InstanceKey deep() {
    List<InstanceKey> deep =
        replicas.stream().filter(k -> source(k).flatMap(this::source).isPresent()).toList();
    return deep.isEmpty() || random.nextInt(10) == 0 ? one(servers) : one(deep);
  }

  private InstanceKey sibling(InstanceKey of) {
    List<InstanceKey> siblings =
        replicas.stream().filter(k -> !k.equals(of) && source(k).equals(source(of))).toList();
    return siblings.isEmpty() || random.nextInt(10) == 0 ? one(servers) : one(siblings);
  }

  private Optional<String> pattern() {
    return random.nextInt(3) > 0
        ? Optional.empty()
        : Optional.of("[" + one(List.of("1-4", "2468", "13579")) + "]:");
  }

  private Threads threads() {
    return random.nextInt(3) > 0 ? Threads.BOTH : one(List.of(Threads.IO, Threads.SQL));
  }

  Intent intent() {
    return switch (random.nextInt(26)) {
      case 22 -> onChannel();
      case 23 -> new Intent.RelocateBy(new Intent.Relocate(replica(), one(servers)), Way.GTID);
      case 24 -> new Intent.SetReadOnly(replica(), random.nextInt(4) > 0);
      case 25 ->
          tree(
              source(),
              new Reshaping.ReplicasBy(new Reshaping.Replicas(one(servers), pattern()), Way.GTID));
      case 0, 1 -> new Intent.Relocate(replica(), one(servers));
      case 2, 3 -> tree(source(), new Reshaping.Replicas(one(servers), pattern()));
      case 4, 5 -> moves();
      case 6 -> tree(replica(), new Reshaping.Siblings());
      case 7 -> tree(deep(), new Reshaping.Up());
      case 8 -> tree(source(), new Reshaping.ReplicasUp(pattern()));
      case 9 -> {
        InstanceKey replica = replica();
        yield tree(replica, new Reshaping.BelowSibling(sibling(replica)));
      }
      case 10, 11 -> tree(deep(), new Reshaping.TakeSource(Optional.empty()));
      case 12 ->
          tree(
              replica(),
              new Reshaping.Repoint(
                  random.nextBoolean() ? Optional.empty() : Optional.of(one(servers))));
      case 13 -> tree(source(), new Reshaping.RepointReplicas(pattern()));
      case 14 -> tree(source(), new Reshaping.Regroup());
      case 15 -> new Intent.StopReplication(replica(), threads());
      case 16, 17 -> new Intent.StartReplication(stopped(), threads());
      case 18, 19 -> new Intent.OnServer(replica(), doing());
      default -> undo();
    };
  }

  /** With the only channel there is, said by its name. */
  private Intent onChannel() {
    Intent wanted =
        switch (random.nextInt(6)) {
          case 0 -> new Intent.Relocate(replica(), one(servers));
          case 1 -> new Intent.StopReplication(replica(), threads());
          case 2 -> new Intent.StartReplication(stopped(), threads());
          case 3 -> tree(replica(), new Reshaping.Repoint(Optional.empty()));
          default ->
              new Intent.OnServer(
                  replica(),
                  one(
                      List.of(
                          new Doing.Restart(),
                          new Doing.Reconnect(),
                          new Doing.StopNicely(),
                          new Doing.Delay(one(DELAYS)),
                          new Doing.UseGtid(random.nextBoolean()),
                          new Doing.Detach(),
                          new Doing.Reattach())));
        };
    return new Intent.OnChannel(wanted, "");
  }

  private Doing doing() {
    return switch (random.nextInt(14)) {
      case 9, 10 -> new Doing.Detach();
      case 11 -> new Doing.Reattach();
      case 12 -> new Doing.SemiSync(Doing.Side.REPLICA, random.nextBoolean());
      case 13 -> new Doing.PurgeLogs("latest", false);
      case 0 -> new Doing.Restart();
      case 1 -> new Doing.Reconnect();
      case 2 -> new Doing.StopNicely();
      case 3, 4, 5 -> new Doing.Delay(one(DELAYS));
      case 6, 7 -> new Doing.UseGtid(random.nextInt(3) > 0);
      default -> new Doing.FlushLogs(1 + random.nextInt(3));
    };
  }

  private static Intent tree(InstanceKey server, Reshaping reshaping) {
    return new Intent.InTree(server, reshaping);
  }

  private InstanceKey stopped() {
    List<InstanceKey> stopped =
        replicas.stream()
            .filter(
                k ->
                    topology
                        .instance(k)
                        .flatMap(Instance::primaryChannel)
                        .flatMap(c -> c.started())
                        .filter(t -> t == Threads.BOTH)
                        .isEmpty())
            .toList();
    return stopped.isEmpty() ? replica() : one(stopped);
  }

  private Intent moves() {
    var some = new ArrayList<>(replicas);
    Collections.shuffle(some, random);
    return new Intent.Moves(
        some.subList(0, Math.min(some.size(), 1 + random.nextInt(3))).stream()
            .map(replica -> new Intent.Relocate(replica, one(servers)))
            .toList());
  }

  private Intent undo() {
    List<PlanJournal.PlanRecord> latest =
        journal.latest(4).stream().filter(PlanJournal.PlanRecord::undoable).toList();
    return latest.isEmpty()
        ? new Intent.Relocate(replica(), one(servers))
        : new Intent.Undo(one(latest).id());
  }
}
