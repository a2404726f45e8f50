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
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
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
 * Has a server that replicates from nobody replicate from another: a former primary that is back,
 * from the one in its place. Only where it has nothing of its own, so that nothing is thrown away
 * and nothing comes to be errant; it refuses writes first, and once more it is seen that the other
 * has all it has.
 *
 * <p>By GTID only: the place in the other's log where a former primary stopped is known by nothing
 * else. It logs in and acknowledges as the other's replicas do.
 */
final class RejoinPlanner {

  private static final Field[] OF_SERVER = {
    Field.CONDITION,
    Field.SERVER_ID,
    Field.VERSION,
    Field.LOG_BIN,
    Field.LOG_UPDATES,
    Field.BINLOG_FORMAT,
    Field.CHANNELS,
    Field.SOURCE
  };

  private final PlanPolicy policy;

  RejoinPlanner(PlanPolicy policy) {
    this.policy = policy;
  }

  /**
   * The plan.
   *
   * @param server the server
   * @param source from whom it is to replicate; empty for the one that has taken its place
   */
  Plan plan(World world, InstanceKey server, Optional<InstanceKey> source) {
    Sight own = Sight.of(world.topology(), server);
    InstanceKey followed =
        source
            .or(() -> Optional.ofNullable(world.succeeded().get(server)))
            .orElseThrow(
                () ->
                    new Refusal(
                        "nobody is known to have taken the place of "
                            + server
                            + ": say with \"source\" from whom it is to replicate"));
    Sight other = Sight.of(world.topology(), followed);
    boolean pointed = isPointed(world, own, followed);
    check(world, own, other, pointed);

    var warnings = new ArrayList<String>();
    var stages = new ArrayList<Stage>();
    boolean writes = !own.facts().settings().readOnly();
    if (writes) {
      stages.add(quiet(own, other));
      warnings.add("what clients have open on " + server + " is ended, and they are disconnected");
    }
    List<Sight> like = siblings(world, server, followed);
    stages.add(pointed ? starts(own, other) : follows(world, own, other, like, warnings));

    var basis = new ArrayList<>(own.now(OF_SERVER));
    basis.add(Basis.of(own.instance(), Field.READ_ONLY));
    basis.addAll(other.now(Field.CONDITION, Field.SERVER_ID, Field.VERSION, Field.LOG_BIN));
    var left = new ArrayList<>(own.identity());
    left.add(new Basis(server, Field.SOURCE, followed.toString()));
    return new Plan(
        new Intent.InTree(server, new Reshaping.Rejoin(Optional.of(followed))),
        stages,
        basis,
        List.of(
            server + " replicates from " + followed,
            server + " refuses writes" + (writes ? "" : ", as it does now")),
        warnings,
        new Undoing(new Intent.OnServer(server, new Doing.Reset()), left));
  }

  /** Whether an earlier plan was broken off between pointing it there and starting it. */
  private static boolean isPointed(World world, Sight own, InstanceKey followed) {
    List<Channel> channels = own.facts().channels();
    if (channels.isEmpty()) {
      return false;
    }
    Channel c = own.onlyChannel();
    own.mustBeAttached(c);
    if (!c.source().equals(followed)) {
      throw new Refusal(
          own.key()
              + " replicates from "
              + c.told()
              + " already: \"relocate\" moves it below "
              + followed);
    }
    if (c.replicating()) {
      throw new Refusal(own.key() + " replicates from " + followed + " already");
    }
    if (world.held().containsKey(own.key()) || c.stopped()) {
      return true;
    }
    throw new Refusal(
        own.key()
            + " is pointed at "
            + followed
            + " already, and does not replicate"
            + (c.ioError().present() ? " (" + c.ioError().message() + ")" : "")
            + (c.sqlError().present() ? " (" + c.sqlError().message() + ")" : ""));
  }

  private static void check(World world, Sight own, Sight other, boolean pointed) {
    InstanceKey server = own.key();
    InstanceKey followed = other.key();
    if (own.facts().group().isPresent()) {
      throw new Refusal(
          server
              + " is a member of the group "
              + own.facts().group().get().name()
              + ", which decides itself who replicates from whom");
    }
    Eligibility.rules(world.topology(), own, other).ifPresent(RejoinPlanner::refuse);
    if (own.facts().identity().flavor() != Flavor.MARIADB
        && !own.facts().settings().gtidMode().startsWith("ON")) {
      refuse(
          server
              + " has gtid_mode "
              + own.facts().settings().gtidMode()
              + ", and where it stands in the log of "
              + followed
              + " is known by GTID only: build it anew from a copy of "
              + followed);
    }
    Eligibility.byGtid(own, other).ifPresent(RejoinPlanner::refuse);
    (pointed
            ? Errant.below(world.topology(), server, followed)
            : Errant.ofFormer(world.topology(), server, followed))
        .ifPresent(
            gtids ->
                refuse(
                    server
                        + " has transactions that "
                        + followed
                        + " has not: "
                        + gtids
                        + ". What of them is to be kept has to be written on "
                        + followed
                        + "; then build "
                        + server
                        + " anew from a copy of it"));
  }

  /** Those that replicate from a server, and from nobody else. */
  private static List<Sight> siblings(World world, InstanceKey server, InstanceKey followed) {
    return world.topology().replicasOf(followed).stream()
        .filter(key -> !key.equals(server))
        .flatMap(key -> world.topology().instance(key).stream())
        .filter(Instance::seen)
        .map(i -> Sight.of(world.topology(), i.key()))
        .filter(s -> s.facts().channels().size() == 1 && s.onlyChannel().replicating())
        .toList();
  }

  private Stage quiet(Sight own, Sight other) {
    return new Stage(
        "Have " + own.key() + " refuse writes",
        guards(own, other, "off"),
        List.of(new Step.QuietDown(own.key(), policy.quiet(), true)),
        // It stays so, whatever comes of the rest: the other has its place.
        List.of());
  }

  private Stage follows(
      World world, Sight own, Sight other, List<Sight> like, List<String> warnings) {
    InstanceKey server = own.key();
    InstanceKey followed = other.key();
    boolean maria = own.facts().identity().flavor() == Flavor.MARIADB;
    var executed = new Slot<Slot.Kind.Executed>(server.toString());
    var steps = new ArrayList<Step>();
    steps.addAll(acknowledging(own, other, like));
    // It may have written since it was last looked at.
    steps.add(new Step.ReadLogged(server, executed));
    steps.add(new Step.AwaitLogged(followed, executed, policy.quiet()));
    steps.add(
        new Step.Follow(
            server,
            followed,
            maria ? GtidUse.SLAVE_POS : GtidUse.AUTO_POSITION,
            login(world, own, other, like, warnings)));
    steps.addAll(started(own, other));
    return new Stage(
        title(own, other),
        guards(own, other, "on"),
        steps,
        List.of(
            new Step.StopReplication(server, "", Threads.BOTH), new Step.ForgetSource(server, "")));
  }

  private Stage starts(Sight own, Sight other) {
    return new Stage(title(own, other), guards(own, other, "on"), started(own, other), List.of());
  }

  private List<Step> started(Sight own, Sight other) {
    String channel = own.facts().primaryChannel().map(Channel::name).orElse("");
    return List.of(
        new Step.StartReplication(own.key(), channel, Threads.BOTH),
        new Step.AwaitReplicating(own.key(), channel, other.key(), policy.connect()));
  }

  /** Where the other waits for acknowledgements, it gives them, and waits for none as they do. */
  private static List<Step> acknowledging(Sight own, Sight other, List<Sight> like) {
    SemiSync its = own.facts().semiSync();
    if (!other.facts().semiSync().source().enabled() || !its.replica().available()) {
      return List.of();
    }
    var steps = new ArrayList<Step>();
    if (!its.replica().enabled()) {
      steps.add(new Step.SetSemiSync(own.key(), Doing.Side.REPLICA, its.sourceWords(), true));
    }
    boolean theyWait = like.stream().anyMatch(s -> s.facts().semiSync().source().enabled());
    if (its.source().enabled() && !theyWait) {
      steps.add(new Step.SetSemiSync(own.key(), Doing.Side.SOURCE, its.sourceWords(), false));
    }
    return steps;
  }

  /** As whom and how it logs in: as the operator says, else as one of the other's replicas does. */
  private static Login login(
      World world, Sight own, Sight other, List<Sight> like, List<String> warnings) {
    Optional<String> given = Optional.ofNullable(world.logins().get(other.key()));
    Optional<Sight> model =
        given.isPresent() ? like.stream().findFirst() : Optional.of(keeper(own, other, like));
    if (model.isEmpty()) {
      // Where nobody shows how, it is encrypted if that can be.
      Settings.Tls takes = other.facts().settings().tls();
      return new Login(
          given.orElseThrow(),
          Optional.empty(),
          takes.available().orElse(takes.required()),
          Channel.Encryption.NONE);
    }
    InstanceKey shows = model.get().key();
    Channel c = model.get().onlyChannel();
    return new Login(
        given.orElse(c.user()),
        given.isPresent() ? Optional.empty() : Optional.of(new Login.Kept(shows, c.name())),
        c.tls(),
        Encryptions.elsewhere(c, own.key(), shows, warnings));
  }

  /** A replica of the other's that keeps the password where it can be read. */
  private static Sight keeper(Sight own, Sight other, List<Sight> like) {
    return like.stream()
        .filter(s -> s.facts().background().credentials().orElse(false))
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    "the password that replicas log in with at "
                        + other.key()
                        + " is not known"
                        + (own.facts().identity().flavor() == Flavor.MARIADB
                            ? ", and MariaDB does not tell it"
                            : ": none of its replicas keeps it in mysql.slave_master_info, where"
                                + " Topiary may read it")
                        + "; write \"replication\" with its user and password into the rule under"
                        + " \"credentials\" that covers "
                        + other.key()));
  }

  private static List<Basis> guards(Sight own, Sight other, String readOnly) {
    var guards =
        new ArrayList<>(own.now(Field.CONDITION, Field.SERVER_ID, Field.CHANNELS, Field.SOURCE));
    guards.add(new Basis(own.key(), Field.READ_ONLY, readOnly));
    guards.addAll(other.now(Field.CONDITION, Field.SERVER_ID));
    return guards;
  }

  private static String title(Sight own, Sight other) {
    return "Have " + own.key() + " replicate from " + other.key();
  }

  private static void refuse(String why) {
    throw new Refusal(why);
  }
}
