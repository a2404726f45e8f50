package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.analysis.Errant;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Settings;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Login;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.PlanPolicy;

/**
 * Makes a replica and its source co-sources: the source, a head, replicates from its replica, too.
 * The replica takes no writes, so the head gets nothing by it but what comes to be written there
 * once they change parts.
 *
 * <p>The place where the head begins to read is one behind which the replica's log has nothing but
 * what the head itself has written, and so leaves out. By sets of GTIDs the source finds that place
 * by itself. MariaDB takes what the head has written for what it has got, so the replica must have
 * logged that before the head comes. By file and position it is any place in the replica's log once
 * that has the head's log up to now: what others wrote, that were heads before, is before it.
 */
final class CoSourcePlanner {

  private static final Field[] OF_REPLICA = {
    Field.CONDITION,
    Field.SERVER_ID,
    Field.VERSION,
    Field.LOG_BIN,
    Field.LOG_UPDATES,
    Field.BINLOG_FORMAT,
    Field.READ_ONLY,
    Field.CHANNELS,
    Field.SOURCE,
    Field.GTID_USE,
    Field.IO_THREAD,
    Field.SQL_THREAD,
    Field.FILTERS,
    Field.DELAY
  };

  private static final Field[] OF_HEAD = {
    Field.CONDITION,
    Field.SERVER_ID,
    Field.VERSION,
    Field.LOG_BIN,
    Field.BINLOG_FORMAT,
    Field.CHANNELS,
    Field.SOURCE,
    Field.IO_THREAD,
    Field.SQL_THREAD
  };

  private final PlanPolicy policy;

  CoSourcePlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  /**
   * The plan.
   *
   * @param replica the server that becomes co-source
   * @param source the head
   */
  Plan plan(World world, InstanceKey replica, InstanceKey source) {
    Sight own = Sight.of(world.topology(), replica);
    Channel c = own.onlyChannel();
    own.mustBeAttached(c);
    if (!c.source().equals(source)) {
      refuse(
          replica
              + " replicates from "
              + c.source()
              + ", not from "
              + source
              + ": \"relocate\" it below that first");
    }
    Sight head = Sight.of(world.topology(), source);
    Optional<Channel> back = head.facts().primaryChannel();
    boolean there = back.filter(b -> b.source().equals(replica)).isPresent();
    if (there && !back.get().stopped()) {
      refuse(replica + " and " + source + " are co-sources already");
    }
    check(world, own, c, head, there);
    var stages = new ArrayList<Stage>();
    again(world, own, c).ifPresent(stages::add);
    boolean fresh = stages.isEmpty();
    var warnings = new ArrayList<String>();
    if (there) {
      // A plan was broken off before it started what it had pointed there, or somebody stopped it.
      stages.add(starts(own, head));
    } else {
      Login login = login(world, own, c, head, warnings);
      stages.add(
          c.gtid() == GtidUse.NONE
              ? byFile(own, c, head, login, fresh)
              : byGtid(own, c, head, login, fresh));
    }
    var basis = new ArrayList<>(own.now(OF_REPLICA));
    basis.addAll(head.now(OF_HEAD));
    var left = new ArrayList<>(head.identity());
    left.add(new Basis(source, Field.SOURCE, replica.toString()));
    return new Plan(
        new Intent.InTree(replica, new Reshaping.CoSource(Optional.of(source))),
        stages,
        basis,
        List.of(
            source + " replicates from " + replica + ", and that from it",
            replica + " refuses writes, as it does now"),
        warnings,
        new Undoing(new Intent.OnServer(source, new Doing.Reset()), left));
  }

  private void check(World world, Sight own, Channel c, Sight head, boolean there) {
    InstanceKey replica = own.key();
    InstanceKey source = head.key();
    if (!there && !head.facts().channels().isEmpty()) {
      Channel other = head.facts().channels().getFirst();
      refuse(
          source
              + " is no head: it replicates from "
              + other.told()
              + (world.topology().inRing(source) ? ", in a ring" : "")
              + "; a co-source is made of a replica of a head, so \"reset-replica\" "
              + source
              + " first, if it is to be one");
    }
    for (Sight member : List.of(own, head)) {
      if (member.facts().group().isPresent()) {
        refuse(
            member.key()
                + " is a member of the group "
                + member.facts().group().get().name()
                + ", which decides itself who replicates from whom");
      }
    }
    Settings its = own.facts().settings();
    if (!its.readOnly()) {
      refuse(
          replica
              + " takes writes: two that do would overwrite each other's; \"set-read-only\" "
              + replica
              + " first");
    }
    Eligibility.inRing(head, own).ifPresent(CoSourcePlanner::refuse);
    boolean willRun =
        world.standing(replica, c).isPresent()
            && world.toRun(replica, c).filter(t -> t == Threads.BOTH).isPresent();
    if (!c.replicating() && !willRun) {
      refuse(
          replica
              + " does not replicate at present"
              + (c.sqlError().present() ? " (" + c.sqlError().message() + ")" : "")
              + ", so it is not known to have what "
              + source
              + " has: \"start-replication\" on it first");
    }
    if (c.delaySeconds() > policy.catchUp().toSeconds()) {
      refuse(
          replica
              + " is held back by "
              + c.delaySeconds()
              + " s on purpose, and would not come to where "
              + source
              + " is within "
              + policy.catchUp().toSeconds()
              + " s: \"delay-replication\" with 0 first");
    }
    if (c.gtid() == GtidUse.AUTO_POSITION) {
      Eligibility.byGtid(head, own).ifPresent(CoSourcePlanner::refuse);
    }
    Errant.below(world.topology(), replica, source)
        .ifPresent(
            errant ->
                refuse(
                    replica
                        + " has transactions that "
                        + source
                        + " lacks, and would get from it: "
                        + errant
                        + (own.facts().identity().flavor() == Flavor.MARIADB
                            ? "; make it anew, or write them on " + source + " first"
                            : "; \"inject-empty-transactions\" or \"forget-errant-transactions\""
                                + " first")));
  }

  /** Starts a replica that a plan of ours has left standing. */
  private Optional<Stage> again(World world, Sight own, Channel c) {
    if (world.standing(own.key(), c).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Stage(
            "Start " + own.key() + " again",
            own.now(
                Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.IO_THREAD, Field.SQL_THREAD),
            List.of(
                new Step.StartReplication(own.key(), c.name(), Threads.BOTH),
                new Step.AwaitReplicating(own.key(), c.name(), c.source(), policy.connect())),
            List.of()));
  }

  /** As whom and how the head logs in at the replica: as that does at the head. */
  private static Login login(World world, Sight own, Channel c, Sight head, List<String> warnings) {
    InstanceKey replica = own.key();
    InstanceKey source = head.key();
    Settings.Tls takes = own.facts().settings().tls();
    Channel.Encryption encryption = c.setup().encryption();
    if (c.tls() && !takes.available().orElse(true)) {
      refuse(
          replica
              + " connects to "
              + source
              + " over TLS, and takes no such connections itself: give it a certificate first");
    }
    if (!c.tls() && takes.required()) {
      refuse(
          replica
              + " takes connections over TLS only, and connects to "
              + source
              + " without: have it connect over TLS first, so that it is known how");
    }
    if (!c.tls() && !encryption.option("PUBLIC_KEY_PATH").isEmpty()) {
      refuse(
          replica
              + " has the public key of "
              + source
              + " in a file; in which one "
              + source
              + " has that of "
              + replica
              + " is not known: have "
              + replica
              + " connect over TLS, or ask for the key, first");
    }
    Optional<String> given = Optional.ofNullable(world.logins().get(replica));
    return new Login(
        given.orElse(c.user()),
        given.isPresent() ? Optional.empty() : Optional.of(kept(own, c, head)),
        c.tls(),
        Encryptions.elsewhere(c, source, replica, warnings));
  }

  private static Login.Kept kept(Sight own, Channel c, Sight head) {
    String how =
        "; write \"replication\" with its user and password into the rule under \"credentials\""
            + " that covers "
            + own.key();
    if (own.facts().identity().flavor() == Flavor.MARIADB) {
      refuse(
          "the password that "
              + c.user()
              + " logs in with is not known, and MariaDB does not tell it, so "
              + head.key()
              + " cannot log in at "
              + own.key()
              + how);
    }
    if (!own.facts().background().credentials().orElse(false)) {
      refuse(
          "the password that "
              + c.user()
              + " logs in with is not known: "
              + own.key()
              + " keeps none in mysql.slave_master_info, or does not let Topiary read it"
              + how);
    }
    return new Login.Kept(own.key(), c.name());
  }

  private List<Basis> guards(Sight own, Sight head, boolean fresh) {
    var guards =
        new ArrayList<>(own.now(Field.CONDITION, Field.SERVER_ID, Field.READ_ONLY, Field.SOURCE));
    for (Field thread : List.of(Field.IO_THREAD, Field.SQL_THREAD)) {
      guards.add(new Basis(own.key(), thread, fresh ? thread.of(own.instance()) : "started"));
    }
    guards.addAll(head.now(Field.CONDITION, Field.SERVER_ID, Field.CHANNELS, Field.SOURCE));
    return guards;
  }

  private Stage byGtid(Sight own, Channel c, Sight head, Login login, boolean fresh) {
    InstanceKey replica = own.key();
    InstanceKey source = head.key();
    boolean sets = c.gtid() == GtidUse.AUTO_POSITION;
    var steps = new ArrayList<Step>();
    steps.add(
        new Step.Follow(source, replica, sets ? GtidUse.AUTO_POSITION : GtidUse.SLAVE_POS, login));
    if (!sets) {
      var executed = new Slot<Slot.Kind.Executed>(source.toString());
      steps.add(new Step.ReadExecuted(source, executed));
      steps.add(new Step.AwaitLogged(replica, executed, policy.catchUp()));
    }
    steps.addAll(started(own, head));
    return new Stage(title(own, head), guards(own, head, fresh), steps, back(head));
  }

  private Stage byFile(Sight own, Channel c, Sight head, Login login, boolean fresh) {
    InstanceKey replica = own.key();
    InstanceKey source = head.key();
    var now = new Slot<Slot.Kind.Coordinates>("the end of the log of " + source);
    var end = new Slot<Slot.Kind.Coordinates>(replica.toString());
    var steps = new ArrayList<Step>();
    steps.add(new Step.ReadLogEnd(source, now));
    steps.add(new Step.AwaitPlace(replica, c.name(), now, true, policy.catchUp()));
    steps.add(new Step.StopReplication(replica, c.name(), Threads.SQL));
    steps.add(new Step.ReadLogEnd(replica, end));
    steps.add(new Step.StartReplication(replica, c.name(), Threads.BOTH));
    steps.add(new Step.FollowAtFile(source, replica, end, login));
    steps.addAll(started(own, head));
    var lastly = new ArrayList<Step>();
    lastly.add(new Step.StartReplication(replica, c.name(), Threads.BOTH));
    lastly.addAll(back(head));
    return new Stage(title(own, head), guards(own, head, fresh), steps, lastly);
  }

  private Stage starts(Sight own, Sight head) {
    List<Basis> guards =
        new ArrayList<>(own.now(Field.CONDITION, Field.SERVER_ID, Field.READ_ONLY));
    guards.addAll(
        head.now(
            Field.CONDITION, Field.SERVER_ID, Field.SOURCE, Field.IO_THREAD, Field.SQL_THREAD));
    return new Stage(title(own, head), guards, started(own, head), List.of());
  }

  private List<Step> started(Sight own, Sight head) {
    String channel = head.facts().primaryChannel().map(Channel::name).orElse("");
    return List.of(
        new Step.StartReplication(head.key(), channel, Threads.BOTH),
        new Step.AwaitReplicating(head.key(), channel, own.key(), policy.connect()));
  }

  private static List<Step> back(Sight head) {
    return List.of(
        new Step.StopReplication(head.key(), "", Threads.BOTH),
        new Step.ForgetSource(head.key(), ""));
  }

  private static String title(Sight own, Sight head) {
    return "Have " + head.key() + " replicate from " + own.key();
  }

  private static void refuse(String why) {
    throw new Refusal(why);
  }
}
