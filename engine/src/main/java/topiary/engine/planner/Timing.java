package topiary.engine.planner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Expected;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;

/**
 * Foretells how long a plan takes.
 *
 * <p>A step counts as long as the last look at its server took, which asks for a little more than a
 * step does; the first step on a server counts twice, as a session is opened for it; the guards of
 * a stage count one look. What a server takes longer for than for a look, threads that are stopped
 * and started above all, counts that as well: see {@link Deed}. A wait counts what it waits for: so
 * many seconds as a replica is behind, for what it has received is applied about as fast as it was
 * written. Stages side by side count as long as the longest way through them.
 */
public final class Timing {

  /**
   * What a deed takes beyond a look, as it was measured under write load; MySQL waits there for
   * what is being committed.
   */
  private enum Deed {
    STOP(500, 25),
    START(80, 25),
    POINT(100, 25),
    READ_ONLY(500, 5),
    /** How long a replica must have looked well before it is believed, and a glance at it. */
    CONNECT(300, 150);

    private final Duration mysql;
    private final Duration maria;

    Deed(long mysql, long maria) {
      this.mysql = Duration.ofMillis(mysql);
      this.maria = Duration.ofMillis(maria);
    }
  }

  private final Topology topology;
  private final Set<InstanceKey> visited = new HashSet<>();
  private final Set<String> unknown = new LinkedHashSet<>();
  private final Set<String> doubts = new LinkedHashSet<>();
  private Optional<Duration> longestWait = Optional.empty();

  private Timing(Topology topology) {
    this.topology = topology;
  }

  /**
   * How long a plan takes.
   *
   * @param topology what was seen when it was planned
   */
  public static Expected of(Plan plan, Topology topology) {
    var timing = new Timing(topology);
    var each = new ArrayList<Duration>();
    var ends = new ArrayList<Duration>();
    for (int i = 0; i < plan.stages().size(); i++) {
      Duration takes = timing.stage(plan.stages().get(i));
      each.add(takes);
      ends.add(longest(plan.before(i).stream().map(ends::get)).plus(takes));
    }
    return new Expected(
        longest(ends.stream()),
        each,
        List.copyOf(timing.unknown),
        List.copyOf(timing.doubts),
        timing.longestWait);
  }

  private static Duration longest(Stream<Duration> times) {
    return times.max(Duration::compareTo).orElse(Duration.ZERO);
  }

  private Duration stage(Stage stage) {
    Duration time = longest(stage.guards().stream().map(Basis::instance).map(this::look));
    for (Step step : stage.steps()) {
      time = time.plus(look(step.target())).plus(beyond(stage, step));
      if (visited.add(step.target())) {
        time = time.plus(look(step.target()));
      }
    }
    return time;
  }

  /** How long a look at a server took; nothing for one that could not be seen, as it timed out. */
  private Duration look(InstanceKey server) {
    return topology
        .instance(server)
        .filter(Instance::seen)
        .map(Instance::latency)
        .orElse(Duration.ZERO);
  }

  /** What a step takes beyond being asked for. */
  private Duration beyond(Stage stage, Step step) {
    return switch (step) {
      case Step.AwaitDrained s -> applying(s.target(), s.channel(), s.limit());
      case Step.ApplyPending s -> applying(s.target(), s.channel(), s.limit());
      case Step.ApplyUpTo s -> applying(s.target(), s.channel(), s.limit());
      case Step.AwaitPlace s ->
          s.applied() ? applying(s.target(), s.channel(), s.limit()) : receiving(s.limit());
      case Step.AwaitLogged s -> reaching(s.target(), noted(stage, s.position()), s.limit());
      case Step.AwaitSendable s -> reaching(s.target(), noted(stage, s.pending()), s.limit());
      case Step.AwaitReplicating s -> {
        limit(s.limit());
        yield takes(Deed.CONNECT, s.target()).plus(look(s.source()));
      }
      case Step.StopReplication s -> takes(Deed.STOP, s.target());
      case Step.StartReplication s -> takes(Deed.START, s.target());
      case Step.TryConnect s -> takes(Deed.START, s.target());
      case Step.PointAt s -> takes(Deed.POINT, s.target());
      case Step.PointAtFile s -> takes(Deed.POINT, s.target());
      case Step.PointAtPlace s -> takes(Deed.POINT, s.target());
      case Step.Follow s -> takes(Deed.POINT, s.target());
      case Step.FollowAtFile s -> takes(Deed.POINT, s.target());
      case Step.QuietDown s -> takes(Deed.READ_ONLY, s.target());
      case Step.SetReadOnly s -> takes(Deed.READ_ONLY, s.target());
      default -> Duration.ZERO;
    };
  }

  private Duration takes(Deed deed, InstanceKey server) {
    boolean maria =
        topology
            .instance(server)
            .flatMap(Instance::facts)
            .filter(f -> f.identity().flavor() == Flavor.MARIADB)
            .isPresent();
    return maria ? deed.maria : deed.mysql;
  }

  /** What was sent arrives at once, as far as anybody can tell. */
  private Duration receiving(Duration limit) {
    limit(limit);
    return Duration.ZERO;
  }

  private void limit(Duration limit) {
    longestWait = Optional.of(longest(Stream.concat(longestWait.stream(), Stream.of(limit))));
  }

  /** The time a replica needs to apply what it has received. */
  private Duration applying(InstanceKey replica, String channel, Duration limit) {
    limit(limit);
    return topology
        .instance(replica)
        .flatMap(Instance::facts)
        .flatMap(f -> f.channels().stream().filter(c -> c.name().equals(channel)).findFirst())
        .map(c -> behind(replica, c, limit))
        .orElse(Duration.ZERO);
  }

  /** The time until a server has what another has executed or received. */
  private Duration reaching(InstanceKey server, Optional<InstanceKey> other, Duration limit) {
    limit(limit);
    // Whoever stands above another has sent it all that it has.
    if (other.filter(below -> topology.isBelow(below, server)).isPresent()) {
      return Duration.ZERO;
    }
    return topology
        .instance(server)
        .flatMap(Instance::primaryChannel)
        .map(c -> behind(server, c, limit))
        .orElse(Duration.ZERO);
  }

  private Duration behind(InstanceKey replica, Channel c, Duration limit) {
    var at = c.progress();
    if (!at.read().file().isEmpty() && at.read().equals(at.executed())) {
      return Duration.ZERO;
    }
    if (at.secondsBehind().isEmpty()) {
      unknown.add(replica + " needs to apply what it has received");
      return Duration.ZERO;
    }
    Duration lag = Duration.ofSeconds(at.secondsBehind().get());
    if (lag.compareTo(limit) > 0) {
      doubts.add(
          replica
              + " is "
              + lag.toSeconds()
              + " s behind, and is waited for at most "
              + limit.toSeconds()
              + " s: this plan is likely to give up there");
      return limit;
    }
    return lag;
  }

  /** Of which server a value is noted in a stage. */
  private static Optional<InstanceKey> noted(Stage stage, Slot<?> slot) {
    return stage.steps().stream()
        .map(
            step ->
                switch (step) {
                  case Step.ReadExecuted s when s.into().equals(slot) -> s.target();
                  case Step.ReadLogged s when s.into().equals(slot) -> s.target();
                  case Step.ReadPending s when s.into().equals(slot) -> s.target();
                  default -> null;
                })
        .filter(Objects::nonNull)
        .findFirst();
  }
}
