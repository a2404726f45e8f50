package topiary.engine.state;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.intent.PlanId;
import topiary.engine.model.Threads;

/**
 * The threads of a replica that plans of ours stopped, meant to start, and have not started again.
 * At least one.
 *
 * @param io the plan that stopped the receiving thread; empty when none did
 * @param sql the plan that stopped the applying thread; empty when none did
 */
public record Held(Optional<PlanId> io, Optional<PlanId> sql) {

  /**
   * The feature level from which on threads are held one by one. Before it a replica is held as a
   * whole, and only by plans that start both of its threads, as older nodes do it.
   */
  static final int ONE_BY_ONE = 5;

  public Held {
    if (io.isEmpty() && sql.isEmpty()) {
      throw new IllegalArgumentException("nothing is held");
    }
  }

  /** Both, by one plan. */
  public static Held both(PlanId plan) {
    return new Held(Optional.of(plan), Optional.of(plan));
  }

  private static Optional<Held> of(Optional<PlanId> io, Optional<PlanId> sql) {
    return io.isEmpty() && sql.isEmpty() ? Optional.empty() : Optional.of(new Held(io, sql));
  }

  /** Which. */
  public Threads threads() {
    return Threads.of(io.isPresent(), sql.isPresent()).orElseThrow();
  }

  /** Only the applying thread, if that is held. */
  public Optional<Held> applying() {
    return of(Optional.empty(), sql);
  }

  /** By whom. */
  public Set<PlanId> plans() {
    return Stream.of(io, sql).flatMap(Optional::stream).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * What is held once a plan stops threads: those that it will start; whatever else it stops is
   * meant to stand still, whoever held it.
   *
   * @param before what was held
   * @param stopped what it stops
   * @param starts what it means to start at some time
   */
  static Optional<Held> stopped(
      Optional<Held> before, Threads stopped, Optional<Threads> starts, PlanId plan) {
    Optional<PlanId> io = before.flatMap(Held::io);
    Optional<PlanId> sql = before.flatMap(Held::sql);
    if (stopped.io()) {
      io = starts.filter(Threads::io).map(t -> plan);
    }
    if (stopped.sql()) {
      sql = starts.filter(Threads::sql).map(t -> plan);
    }
    return of(io, sql);
  }

  /** What is still held once threads were started; empty for nothing. */
  Optional<Held> started(Threads threads) {
    return of(threads.io() ? Optional.empty() : io, threads.sql() ? Optional.empty() : sql);
  }

  /** What other plans hold; empty for nothing. */
  Optional<Held> without(PlanId plan) {
    return of(io.filter(p -> !p.equals(plan)), sql.filter(p -> !p.equals(plan)));
  }

  @Override
  public String toString() {
    return Stream.of(io.map(p -> "receiving by " + p), sql.map(p -> "applying by " + p))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }
}
