package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.analysis.Errant;
import topiary.engine.gtid.GtidSet;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;

/**
 * Plans that settle errant transactions: everybody gets them, empty, or the server that has them
 * forgets that it does. Neither changes a row: what they have written stays where it is, and where
 * it is not.
 */
final class ErrantPlanner {

  /** More empty transactions than these are better not executed one by one. */
  private static final int MOST = 10_000;

  private final PlanPolicy policy;

  ErrantPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  Plan inject(World world, InstanceKey key, Doing.InjectEmpty wanted) {
    Topology topology = world.topology();
    Sight server = Sight.of(topology, key);
    GtidSet errant = errant(topology, server);
    if (errant.count() > MOST) {
      throw new Refusal(
          key
              + " has "
              + errant.count()
              + " errant transactions, and more than "
              + MOST
              + " are not executed one by one: make it forget them");
    }
    List<InstanceKey> above = topology.sourcesOf(key);
    if (above.isEmpty() || topology.inRing(key)) {
      throw new Refusal(key + " has no head above it that could write them");
    }
    Sight head = Sight.of(topology, above.getLast());
    if (head.facts().primaryChannel().isPresent() || head.facts().settings().readOnly()) {
      throw new Refusal(
          head.key() + " is the head of its tree and read-only: it must take writes for this");
    }
    if (!head.facts().settings().gtidMode().startsWith("ON")) {
      throw new Refusal(head.key() + " has gtid_mode " + head.facts().settings().gtidMode());
    }
    List<Basis> read = new ArrayList<>(server.now(Field.CONDITION, Field.SERVER_ID, Field.SOURCE));
    read.addAll(head.now(Field.CONDITION, Field.SERVER_ID, Field.READ_ONLY, Field.SOURCE));
    return new Plan(
        new Intent.OnServer(key, wanted),
        List.of(
            new Stage(
                UpkeepPlanner.sentence(wanted.words(key.toString())),
                read,
                List.of(new Step.InjectEmpty(head.key(), errant.toString())),
                List.of())),
        read,
        List.of("every server of the tree counts " + errant + " as executed"),
        List.of("what they have written on " + key + " is on no other server, before and after"),
        UpkeepPlanner.none("transactions are never taken back"));
  }

  Plan forget(World world, InstanceKey key, Doing.ForgetErrant wanted) {
    Topology topology = world.topology();
    Sight server = Sight.of(topology, key);
    Channel c = server.onlyChannel();
    // Broken off after it had forgotten them, it is to be started, and no more.
    boolean forgotten = forgotten(world, server, c);
    GtidSet errant = forgotten ? GtidSet.EMPTY : errant(topology, server);
    List<InstanceKey> below = topology.replicasOf(key);
    if (!below.isEmpty()) {
      throw new Refusal(
          "nobody may replicate from "
              + key
              + " when its binary logs are deleted: move "
              + below.getFirst()
              + (below.size() > 1 ? " and " + (below.size() - 1) + " more" : "")
              + " elsewhere first");
    }
    var steps = new ArrayList<Step>();
    Optional<Threads> running = world.toRun(key, c);
    if (!forgotten) {
      c.started().ifPresent(t -> steps.add(new Step.StopReplication(key, c.name(), t)));
      steps.add(new Step.ForgetTransactions(key, errant.toString()));
    }
    running.ifPresent(t -> steps.add(new Step.StartReplication(key, c.name(), t)));
    if (running.filter(t -> t == Threads.BOTH).isPresent() && !c.detached()) {
      steps.add(new Step.AwaitReplicating(key, c.name(), c.source(), policy.connect()));
    }
    List<Basis> read =
        server.now(
            Field.CONDITION,
            Field.SERVER_ID,
            Field.SOURCE,
            Field.CHANNELS,
            Field.IO_THREAD,
            Field.SQL_THREAD);
    return new Plan(
        new Intent.OnServer(key, wanted),
        // Nothing is put back: a server that does not know what it has executed must not replicate.
        List.of(
            new Stage(
                UpkeepPlanner.sentence(wanted.words(key.toString())), read, steps, List.of())),
        read,
        List.of(key + " has no errant transactions, and no binary logs from before"),
        forgotten
            ? List.of()
            : List.of(
                "what " + errant + " has written on " + key + " stays there, and is nowhere else"),
        UpkeepPlanner.none("the binary logs are gone"));
  }

  /**
   * Whether a server has forgotten its errant transactions, and stands still as it was broken off.
   */
  private static boolean forgotten(World world, Sight server, Channel c) {
    InstanceKey key = server.key();
    if (server.facts().identity().flavor() == Flavor.MARIADB
        || world.standing(key, c).isEmpty()
        || Errant.of(world.topology(), key).isPresent()) {
      return false;
    }
    if (GtidSet.parse(server.facts().positions().executedGtid()).isEmpty()) {
      throw new Refusal(
          key
              + " does not know any more what it has executed: its logs were deleted, and what it"
              + " had executed was not set again. It must not replicate before somebody sets"
              + " gtid_purged there to that; or it has to be made anew");
    }
    return true;
  }

  private static GtidSet errant(Topology topology, Sight server) {
    if (server.facts().identity().flavor() == Flavor.MARIADB) {
      throw new Refusal(
          server.key()
              + " is MariaDB, which keeps no sets of GTIDs: what it has written itself can be"
              + " neither added elsewhere nor forgotten here; it has to be made anew");
    }
    return Errant.of(topology, server.key())
        .map(GtidSet::parse)
        .orElseThrow(() -> new Refusal(server.key() + " has no errant transactions"));
  }
}
