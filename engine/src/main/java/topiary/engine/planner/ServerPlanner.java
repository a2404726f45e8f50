package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/** Plans for what concerns one server alone. */
final class ServerPlanner {

  private static final Field[] REPLICATION = {
    Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.IO_THREAD, Field.SQL_THREAD
  };

  private final PlanPolicy policy;

  ServerPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  Plan start(World world, Intent.StartReplication wanted) {
    Sight replica = Sight.of(world.topology(), wanted.replica());
    Channel c = replica.onlyChannel();
    if (wanted.threads() != Threads.SQL) {
      replica.mustBeAttached(c);
    }
    Threads stopped =
        Threads.of(
                wanted.threads().io() && c.io() == ThreadState.STOPPED,
                wanted.threads().sql() && c.sql() == ThreadState.STOPPED)
            .orElseThrow(
                () ->
                    new Refusal(
                        wanted.threads().words() + " on " + replica.key() + " is started already"));
    var steps = new ArrayList<Step>();
    steps.add(new Step.StartReplication(replica.key(), c.name(), stopped));
    boolean both = wanted.threads() == Threads.BOTH;
    if (both) {
      steps.add(new Step.AwaitReplicating(replica.key(), c.name(), c.source(), policy.connect()));
    }
    List<Basis> read = replica.now(REPLICATION);
    return new Plan(
        wanted,
        List.of(new Stage("Start " + replica.key(), read, steps, List.of())),
        read,
        List.of(
            both
                ? replica.key() + " replicates from " + c.source()
                : wanted.threads().words() + " on " + replica.key() + " is started"),
        List.of(),
        new Undoing(
            new Intent.StopReplication(replica.key(), stopped),
            threads(replica, c, stopped, "started")));
  }

  Plan stop(World world, Intent.StopReplication wanted) {
    Sight replica = Sight.of(world.topology(), wanted.replica());
    Channel c = replica.onlyChannel();
    // What an interrupted plan has left standing would be started by the next one.
    Optional<Threads> toRun = world.toRun(wanted.replica(), c);
    Threads running =
        Threads.of(
                wanted.threads().io() && toRun.filter(Threads::io).isPresent(),
                wanted.threads().sql() && toRun.filter(Threads::sql).isPresent())
            .orElseThrow(
                () ->
                    new Refusal(
                        wanted.threads().words() + " on " + replica.key() + " is stopped already"));
    var steps = new ArrayList<Step>();
    var warnings = new ArrayList<String>();
    List<Basis> guards = new ArrayList<>(replica.now(REPLICATION));
    Optional<Instance> source = world.topology().instance(c.source());
    source.ifPresent(s -> guards.add(Basis.of(s, Field.CONDITION)));
    boolean sourceSeen = !c.detached() && source.filter(Instance::seen).isPresent();
    boolean standsThen =
        running == Threads.BOTH || c.io() == ThreadState.STOPPED || c.sql() == ThreadState.STOPPED;
    if (c.stopped()) {
      warnings.add(
          "it stands still already, as an interrupted plan has left it; from now on that is meant");
    } else if (standsThen && !sourceSeen && c.gtid().startDropsReceived()) {
      // Once both threads stand still MariaDB throws the relay log away at the next start, and
      // nobody could send it again: so what was received is applied first.
      Optional<String> pending = Relay.pending(replica.facts(), c);
      if (pending.isPresent() && c.sql() == ThreadState.STOPPED) {
        throw new Refusal(
            replica.key()
                + " "
                + pending.get()
                + ", and its source "
                + c.source()
                + (c.detached() ? " is one it is detached from" : " cannot be seen")
                + ": stopped altogether it would lose the rest at its next start");
      }
      if (c.sql() != ThreadState.STOPPED) {
        warnings.add(
            (c.detached()
                    ? replica.key() + " is detached from " + c.source()
                    : c.source() + " cannot be seen")
                + "; what was received from it is applied before the stop");
        steps.add(new Step.StopReplication(replica.key(), c.name(), Threads.IO));
        steps.add(new Step.AwaitDrained(replica.key(), c.name(), policy.drain()));
      }
    }
    steps.add(new Step.StopReplication(replica.key(), c.name(), running));
    int followers = world.topology().replicasOf(replica.key()).size();
    if (followers > 0) {
      warnings.add("the " + followers + " below it will get nothing new while it stands still");
    }
    List<Step> lastly =
        steps.size() > 1
            ? List.of(new Step.StartReplication(replica.key(), c.name(), Threads.IO))
            : List.of();
    return new Plan(
        wanted,
        List.of(new Stage("Stop " + replica.key(), guards, steps, lastly)),
        guards,
        List.of(
            wanted.threads() == Threads.BOTH
                ? replica.key() + " does not replicate"
                : wanted.threads().words() + " on " + replica.key() + " is stopped"),
        warnings,
        new Undoing(
            // Detached, it receives nothing either way.
            new Intent.StartReplication(replica.key(), c.detached() ? Threads.SQL : running),
            threads(replica, c, running, "stopped")));
  }

  Plan setReadOnly(World world, Intent.SetReadOnly wanted) {
    Sight server = Sight.of(world.topology(), wanted.server());
    if (server.facts().settings().readOnly() == wanted.readOnly()) {
      throw new Refusal(
          server.key() + " is " + (wanted.readOnly() ? "read-only" : "writeable") + " already");
    }
    boolean head = server.facts().primaryChannel().isEmpty();
    // Whoever is connected to one whose place was taken is to find the one that has it.
    boolean fenced = wanted.readOnly() && world.replaced().contains(server.key());
    var warnings = new ArrayList<String>();
    var steps = new ArrayList<Step>();
    if (fenced) {
      warnings.add(
          "the place of "
              + server.key()
              + " was taken: what its clients have open is ended, and they are disconnected");
      steps.add(new Step.QuietDown(server.key(), policy.quiet(), true));
      boolean maria = server.facts().identity().flavor() == Flavor.MARIADB;
      if (maria && world.succeeded().containsKey(server.key())) {
        // Read-only does not hold those that run as somebody who may write all the same.
        warnings.add(
            "its scheduled events are disabled as on a replica: whoever lets it take writes again"
                + " has to enable them");
        steps.add(new Step.DisableEvents(server.key()));
      }
    } else {
      steps.add(new Step.SetReadOnly(server.key(), wanted.readOnly()));
    }
    if (!fenced && head == wanted.readOnly()) {
      warnings.add(
          wanted.readOnly()
              ? server.key() + " is the head of its tree: writes to it will fail"
              : server.key() + " is a replica: what is written to it goes nowhere else");
    }
    List<Basis> read = server.now(Field.CONDITION, Field.SERVER_ID, Field.READ_ONLY, Field.SOURCE);
    var left = new ArrayList<>(server.identity());
    left.add(new Basis(server.key(), Field.READ_ONLY, wanted.readOnly() ? "on" : "off"));
    return new Plan(
        wanted,
        List.of(new Stage(wanted.words(), read, steps, List.of())),
        read,
        List.of(server.key() + (wanted.readOnly() ? " refuses writes" : " takes writes")),
        warnings,
        new Undoing(new Intent.SetReadOnly(server.key(), !wanted.readOnly()), left));
  }

  private static List<Basis> threads(Sight replica, Channel c, Threads changed, String state) {
    InstanceKey key = replica.key();
    var left = new ArrayList<>(replica.identity());
    left.add(new Basis(key, Field.SOURCE, c.told()));
    if (changed != Threads.SQL) {
      left.add(new Basis(key, Field.IO_THREAD, state));
    }
    if (changed != Threads.IO) {
      left.add(new Basis(key, Field.SQL_THREAD, state));
    }
    return left;
  }
}
