package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Threads;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/** Plans for what concerns one server alone. */
final class ServerPlanner {

  private static final List<Field> REPLICATION =
      List.of(Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.IO_THREAD, Field.SQL_THREAD);

  private final PlanPolicy policy;

  ServerPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  Plan start(World world, Intent.StartReplication wanted) {
    Sight replica = Sight.of(world.topology(), wanted.replica());
    Channel c = channel(replica);
    if (c.io() != ThreadState.STOPPED && c.sql() != ThreadState.STOPPED) {
      throw new Refusal("replication on " + replica.key() + " is started already");
    }
    List<Step> steps =
        List.of(
            new Step.StartReplication(replica.key(), c.name(), Threads.BOTH),
            new Step.AwaitReplicating(replica.key(), c.name(), c.source(), policy.connect()));
    return plan(
        wanted,
        replica,
        REPLICATION,
        new Stage("Start " + replica.key(), guards(replica, REPLICATION), steps, List.of()),
        replica.key() + " replicates from " + c.source(),
        List.of(),
        new Undoing(new Intent.StopReplication(replica.key()), threads(replica, c, "started")));
  }

  Plan stop(World world, Intent.StopReplication wanted) {
    Sight replica = Sight.of(world.topology(), wanted.replica());
    Channel c = channel(replica);
    if (c.stopped()) {
      throw new Refusal("replication on " + replica.key() + " is stopped already");
    }
    var steps = new ArrayList<Step>();
    var warnings = new ArrayList<String>();
    boolean sourceSeen = world.topology().instance(c.source()).filter(Instance::seen).isPresent();
    boolean forgetful =
        replica.facts().identity().flavor() == Flavor.MARIADB && c.gtid() != GtidUse.NONE;
    if (!sourceSeen && forgetful && c.sql() != ThreadState.STOPPED) {
      // Once both threads stand still MariaDB throws the relay log away, and nobody could send it
      // again: so what was received is applied first.
      warnings.add(
          c.source() + " cannot be seen; what was received from it is applied before the stop");
      steps.add(new Step.StopReplication(replica.key(), c.name(), Threads.IO));
      steps.add(new Step.AwaitDrained(replica.key(), c.name(), policy.drain()));
    }
    steps.add(new Step.StopReplication(replica.key(), c.name(), Threads.BOTH));
    int followers = world.topology().replicasOf(replica.key()).size();
    if (followers > 0) {
      warnings.add("the " + followers + " below it will get nothing new while it stands still");
    }
    return plan(
        wanted,
        replica,
        REPLICATION,
        new Stage("Stop " + replica.key(), guards(replica, REPLICATION), steps, List.of()),
        replica.key() + " does not replicate",
        warnings,
        new Undoing(new Intent.StartReplication(replica.key()), threads(replica, c, "stopped")));
  }

  Plan setReadOnly(World world, Intent.SetReadOnly wanted) {
    Sight server = Sight.of(world.topology(), wanted.server());
    if (server.facts().settings().readOnly() == wanted.readOnly()) {
      throw new Refusal(
          server.key() + " is " + (wanted.readOnly() ? "read-only" : "writeable") + " already");
    }
    boolean head = server.facts().primaryChannel().isEmpty();
    List<String> warnings =
        head == wanted.readOnly()
            ? List.of(
                wanted.readOnly()
                    ? server.key() + " is the head of its tree: writes to it will fail"
                    : server.key() + " is a replica: what is written to it goes nowhere else")
            : List.of();
    List<Field> fields = List.of(Field.CONDITION, Field.SERVER_ID, Field.READ_ONLY, Field.SOURCE);
    return plan(
        wanted,
        server,
        fields,
        new Stage(
            wanted.words(),
            guards(server, fields),
            List.of(new Step.SetReadOnly(server.key(), wanted.readOnly())),
            List.of()),
        server.key() + (wanted.readOnly() ? " refuses writes" : " takes writes"),
        warnings,
        new Undoing(
            new Intent.SetReadOnly(server.key(), !wanted.readOnly()),
            List.of(
                Basis.of(server.instance(), Field.SERVER_ID),
                new Basis(server.key(), Field.READ_ONLY, wanted.readOnly() ? "on" : "off"))));
  }

  private static Plan plan(
      Intent intent,
      Sight server,
      List<Field> read,
      Stage stage,
      String outcome,
      List<String> warnings,
      Undoing undoing) {
    return new Plan(
        intent, List.of(stage), guards(server, read), List.of(outcome), warnings, undoing);
  }

  private static List<Basis> guards(Sight server, List<Field> fields) {
    return fields.stream().map(f -> Basis.of(server.instance(), f)).toList();
  }

  private static List<Basis> threads(Sight replica, Channel c, String state) {
    InstanceKey key = replica.key();
    return List.of(
        Basis.of(replica.instance(), Field.SERVER_ID),
        new Basis(key, Field.SOURCE, c.source().toString()),
        new Basis(key, Field.IO_THREAD, state),
        new Basis(key, Field.SQL_THREAD, state));
  }

  private static Channel channel(Sight replica) {
    List<Channel> channels = replica.facts().channels();
    if (channels.isEmpty()) {
      throw new Refusal(replica.key() + " is not a replica");
    }
    if (channels.size() > 1) {
      throw new Refusal(
          replica.key()
              + " replicates from "
              + channels.size()
              + " sources; this version handles replicas with one");
    }
    return channels.getFirst();
  }
}
