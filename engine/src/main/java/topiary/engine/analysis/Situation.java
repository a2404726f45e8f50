package topiary.engine.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.Topology;
import topiary.engine.policy.JudgementPolicy;

/**
 * One server and those that replicate from it, as the rules ask about them: every number that
 * orchestrator's analysis has, and how sure it is that the server is dead.
 *
 * <p>A server is valid when its last look saw it. Whoever is not keeps what was last known, and is
 * counted as a replica, but never as a valid one.
 */
final class Situation {

  private final World world;
  private final Instance server;
  private final List<Replica> replicas;
  private final boolean primary;
  private final boolean coPrimary;
  private final JudgementPolicy policy;
  private final int valid;
  private final int replicating;
  private final Doubt doubt;

  Situation(World world, Instance server) {
    this.world = world;
    this.server = server;
    this.policy = world.policy(server.key());
    this.replicas = below(world.topology(), server.key());
    this.primary =
        server.primaryChannel().filter(c -> !c.detached()).isEmpty()
            && group().map(g -> g.role().equals("PRIMARY")).orElse(true);
    this.coPrimary =
        server
            .source()
            .flatMap(world.topology()::instance)
            .flatMap(Instance::source)
            .filter(server.key()::equals)
            .isPresent();
    this.valid = count(Replica::valid);
    this.replicating = count(Replica::replicating);
    this.doubt = judge();
  }

  /**
   * Members of a group get their changes from the group, and are no replicas here; whoever was
   * detached on purpose is none either.
   */
  private static List<Replica> below(Topology topology, InstanceKey source) {
    // Loops here and below: most are asked of every server in every round, and find nothing.
    List<InstanceKey> keys = topology.replicasOf(source);
    if (keys.isEmpty()) {
      return List.of();
    }
    var below = new ArrayList<Replica>(keys.size());
    for (InstanceKey key : keys) {
      Instance replica = topology.instance(key).orElse(null);
      Channel channel = replica == null ? null : replica.primaryChannel().orElse(null);
      if (channel != null && channel.source().equals(source) && !channel.detached()) {
        below.add(new Replica(replica, channel));
      }
    }
    return List.copyOf(below);
  }

  private Doubt judge() {
    Condition condition = server.condition();
    if (condition == Condition.SEEN) {
      return Doubt.ALIVE;
    }
    boolean allFresh =
        world.fresh(server) && replicas.stream().allMatch(r -> world.fresh(r.instance()));
    if (condition == Condition.UNSEEN || condition == Condition.UNSUPPORTED || !allFresh) {
      return Doubt.UNSEEN;
    }
    boolean patient = patienceEnds().filter(end -> end.isAfter(world.now())).isPresent();
    if (condition == Condition.ABSENT) {
      return Doubt.DEAD;
    }
    if (condition == Condition.DENIED || condition == Condition.HALF) {
      // It lives; whether it is of use to anybody, only others can tell.
      boolean allFail = valid > 0 && failing() == valid;
      return allFail ? patient ? Doubt.PATIENT : Doubt.DEAD : Doubt.REFUSING;
    }
    if (patient) {
      return Doubt.PATIENT;
    }
    boolean silence = valid == 0;
    return silence || count(Replica::witness) > 0 ? Doubt.DEAD : Doubt.UNCONFIRMED;
  }

  /** When a silent server counts as dead; empty when it is not silent, or dead at once. */
  Optional<Instant> patienceEnds() {
    Duration patience = policy.patience();
    return server.condition() == Condition.SEEN || server.condition() == Condition.ABSENT
        ? Optional.empty()
        : server.failingSince().or(server::lastAttempt).map(since -> since.plus(patience));
  }

  int count(Predicate<Replica> which) {
    int count = 0;
    for (Replica replica : replicas) {
      count += which.test(replica) ? 1 : 0;
    }
    return count;
  }

  World world() {
    return world;
  }

  Topology topology() {
    return world.topology();
  }

  JudgementPolicy policy() {
    return policy;
  }

  Instance server() {
    return server;
  }

  InstanceKey key() {
    return server.key();
  }

  Optional<Facts> facts() {
    return server.facts();
  }

  List<Replica> replicas() {
    return replicas;
  }

  /**
   * Whether it is the head of its tree: it replicates from nobody, or was detached on purpose. A
   * server that was never seen is one as long as nobody knows better.
   */
  boolean primary() {
    return primary;
  }

  /** Whether it replicates from its own replica in turn. */
  boolean coPrimary() {
    return coPrimary;
  }

  private Optional<Group> group() {
    return facts().flatMap(Facts::group);
  }

  /** Whether a replication group has it, be it as one that failed. */
  boolean groupMember() {
    return group().filter(g -> !g.state().equals("OFFLINE")).isPresent();
  }

  boolean ok() {
    return doubt == Doubt.ALIVE;
  }

  Doubt doubt() {
    return doubt;
  }

  boolean dead() {
    return doubt == Doubt.DEAD;
  }

  /** Whether it does not answer as it should, and is not certain to be dead. */
  boolean doubtful() {
    return !ok() && !dead();
  }

  /** Whether it answered some questions and failed at another. */
  boolean partial() {
    return server.condition() == Condition.HALF;
  }

  /** Whether one of its receiving threads said, when it was last looked at, that it lacks room. */
  boolean lacksRoom() {
    if (server.seen() && facts().isPresent()) {
      for (Channel channel : facts().get().channels()) {
        if (channel.lacksRoom()) {
          return true;
        }
      }
    }
    return false;
  }

  int all() {
    return replicas.size();
  }

  int valid() {
    return valid;
  }

  int replicating() {
    return replicating;
  }

  int failing() {
    return count(Replica::failingToConnect);
  }

  int lagging() {
    return count(r -> r.late(policy().reasonableLag()));
  }

  int delayed() {
    return count(r -> r.channel().delaySeconds() > 0);
  }

  int downtimed() {
    return count(r -> world.downtimed(r.key()));
  }

  /** Whether it applies, and cannot connect to its own source. */
  boolean failingToConnect() {
    return server.primaryChannel().filter(Replica::failingToConnect).isPresent();
  }

  int depth() {
    return world.topology().sourcesOf(key()).size();
  }

  boolean readOnly() {
    return facts().filter(f -> f.settings().readOnly()).isPresent();
  }

  private SemiSync semiSync() {
    return facts().map(Facts::semiSync).orElse(SemiSync.NONE);
  }

  SemiSync.Source waiting() {
    return semiSync().source();
  }

  /** Whether its commits wait for acknowledgements. */
  boolean waits() {
    return waiting().enabled() && waiting().active() && waiting().waitFor() > 0;
  }

  /** Whether its binary log has not moved for as long as a locked primary's would not. */
  boolean writesNothing() {
    return world.standsStill(key(), policy().lockedAfter());
  }

  int acknowledging() {
    return count(r -> r.facts().filter(f -> f.semiSync().replica().enabled()).isPresent());
  }

  /** Those that log what they replicate. */
  Stream<Facts> logging() {
    return replicas.stream()
        .flatMap(r -> r.facts().stream())
        .filter(f -> f.settings().logBin() && f.settings().logReplicaUpdates());
  }

  /** How many versions they run, by their first two numbers. */
  long majors() {
    return logging()
        .map(f -> f.identity().version())
        .map(v -> v.major() + "." + v.minor())
        .distinct()
        .count();
  }

  /** Whether there are valid replicas, and all find their place by GTIDs of MariaDB, or MySQL. */
  boolean immediate(boolean maria) {
    return valid > 0
        && count(
                r ->
                    r.valid()
                        && r.channel().gtid() != GtidUse.NONE
                        && (r.channel().gtid() != GtidUse.AUTO_POSITION) == maria)
            == valid;
  }

  String gtidMode() {
    return facts().map(Facts::settings).map(Settings::gtidMode).orElse("");
  }

  /** Whether all of its replicas have its GTID mode. */
  boolean oneGtidMode() {
    String mode = gtidMode();
    for (Replica replica : replicas) {
      if (!mode.equals(replica.gtidMode())) {
        return false;
      }
    }
    return true;
  }

  /** The smallest or largest of its replicas' GTID modes, as text; empty without replicas. */
  String replicaGtidMode(boolean largest) {
    Stream<String> modes = replicas.stream().map(Replica::gtidMode).sorted();
    return (largest ? modes.reduce((a, b) -> b) : modes.findFirst()).orElse("");
  }

  /** The errant transactions of a replica that is not in downtime; the largest text, or empty. */
  String errant() {
    return replicas.stream()
        .filter(r -> !world.downtimed(r.key()))
        .flatMap(r -> world.errant(r.key()).stream())
        .max(String::compareTo)
        .orElse("");
  }

  /** Whether it hands binary logs on and is no database: MaxScale's router. */
  boolean binlogServer() {
    return facts()
        .map(Facts::identity)
        .filter(i -> maxScale(i.version().text()) || maxScale(i.versionComment()))
        .isPresent();
  }

  private static boolean maxScale(String text) {
    return text.toLowerCase(Locale.ROOT).contains("maxscale");
  }
}
