package topiary.engine.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import topiary.engine.analysis.Judgement;
import topiary.engine.fake.OneThread;
import topiary.engine.fake.SharedLog;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.Command;
import topiary.lab.sim.Kind;

/**
 * A primary with three replicas, one of which has one more, looked after as is usual; in its own
 * time.
 */
final class Scene implements AutoCloseable {

  private static final By DBA = new By("dba", "test");
  private static final Duration LONG = Duration.ofMinutes(10);

  final OneThread world;
  final SimulatedServers servers;
  final SharedLog log = new SharedLog();
  final SharedLog.Member member = log.member("a");
  InstanceKey p;
  InstanceKey a;
  InstanceKey b;
  InstanceKey c;
  InstanceKey d;
  Manager manager;

  /** Every way in which somebody was found to fail, in order. */
  final List<Command.NoteFinding> notes = new ArrayList<>();

  Scene(Kind kind, long seed) {
    world = new OneThread(seed);
    servers = new SimulatedServers(world, kind, seed);
    var ids = new Random(seed);
    p = servers.head(20);
    a = servers.replica(p);
    b = servers.replica(p);
    c = servers.replica(p);
    d = servers.replica(a);
    manager =
        new Manager(
            new Ports(
                servers,
                member,
                log.log(),
                world,
                world,
                (topology, touched) -> {},
                () -> new UUID(ids.nextLong(), ids.nextLong()),
                Set::of),
            new Policies(ProbePolicy.DEFAULT, PlanPolicy.DEFAULT));
  }

  /** Begins, and does something in the time of this scene. */
  <T> T run(Callable<T> work) throws Exception {
    return world.run(
        () -> {
          world.pause(Duration.ofSeconds(1));
          log.elect("a");
          manager.start();
          for (InstanceKey key : servers.keys()) {
            manager.discover(key, DBA);
          }
          await(
              () -> manager.topology().instances().values().stream().allMatch(i -> i.seen()),
              "somebody is not seen");
          world.pause(Duration.ofSeconds(10));
          log.log()
              .after(
                  command -> {
                    if (command instanceof Command.NoteFinding note) {
                      notes.add(note);
                    }
                  });
          return work.call();
        });
  }

  /** Waits for something, and says how long it took. */
  Duration await(BooleanSupplier condition, String otherwise) {
    long began = world.nanos();
    while (!condition.getAsBoolean()) {
      if (world.nanos() - began > LONG.toNanos()) {
        throw new AssertionError(otherwise + "; found: " + manager.findings().values());
      }
      world.pause(Duration.ofMillis(10));
    }
    return Duration.ofNanos(world.nanos() - began);
  }

  /** How a server fails; empty for not at all. */
  Optional<Code> code(InstanceKey key) {
    return Optional.ofNullable(manager.findings().get(key))
        .flatMap(Judgement::failure)
        .map(Finding::code);
  }

  Duration await(InstanceKey key, Code code) {
    return await(() -> code(key).equals(Optional.of(code)), key + " is not found " + code);
  }

  Duration awaitWell() {
    return await(
        () -> manager.findings().values().stream().allMatch(j -> j.failure().isEmpty()),
        "somebody fails still");
  }

  @Override
  public void close() {
    world.close();
  }
}
