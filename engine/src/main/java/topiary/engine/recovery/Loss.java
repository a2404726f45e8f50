package topiary.engine.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Topology;
import topiary.engine.planner.Successors;

/**
 * What is lost when a replica takes the place of its source. Pure.
 *
 * @param known what somebody is known to have had, or has, and the successor has not; empty for
 *     nothing
 * @param words in sentences
 */
public record Loss(Optional<String> known, String words) {

  /**
   * The loss.
   *
   * @param before as it was seen when the source was found dead, its replicas not yet stopped
   * @param now as it is seen
   * @param moment when that is
   */
  public static Loss of(
      Topology before,
      Topology now,
      InstanceKey failed,
      InstanceKey successor,
      Instant moment,
      Map<InstanceKey, String> errant) {
    Optional<Facts> next = now.instance(successor).flatMap(Instance::facts);
    if (next.isEmpty()) {
      throw new IllegalArgumentException(successor + " was never seen");
    }
    GtidPosition has = received(next.get());
    Optional<Instance> dead = now.instance(failed);
    Optional<BinlogPosition> place = Successors.received(next.get(), failed);
    Optional<String> written =
        dead.flatMap(Instance::facts)
            .flatMap(f -> place.isPresent() ? missing(f, place.get()) : missing(f, has));
    var words = new ArrayList<String>();
    Optional<String> age =
        dead.flatMap(Instance::lastSeen).map(at -> ago(Duration.between(at, moment)));
    written.ifPresent(
        gtids ->
            words.add(
                failed
                    + " had written "
                    + gtids
                    + " when it was last seen, "
                    + age.orElse("some time before")
                    + ", which "
                    + successor
                    + " has not received."));
    List<String> ahead =
        place.isPresent()
            ? aheadByPlace(now, failed, successor, place.get(), errant)
            : ahead(now, failed, successor, has, errant);
    ahead.forEach(words::add);
    if (words.isEmpty()) {
      words.add(
          acknowledged(before, now, failed, moment)
              .orElseGet(
                  () ->
                      successor
                          + " has received all that "
                          + failed
                          + " had written when it was last seen, "
                          + age.orElse("some time before")
                          + "; what it wrote after that, and sent to nobody, is not known."));
      return new Loss(Optional.empty(), words.getFirst());
    }
    return new Loss(Optional.of(written.orElse("what others have")), String.join(" ", words));
  }

  /**
   * Whoever answers and has received what the successor has not.
   *
   * @param errant what servers have that nobody else is to have: it does not count
   */
  public static List<InstanceKey> ahead(
      Topology now, InstanceKey failed, InstanceKey successor, Map<InstanceKey, String> errant) {
    Optional<Facts> own = now.instance(successor).flatMap(Instance::facts);
    Optional<GtidPosition> has = own.map(Loss::received);
    boolean byPlace = own.flatMap(f -> Successors.received(f, failed)).isPresent();
    return below(now, failed).stream()
        .filter(key -> !key.equals(successor))
        .filter(
            key ->
                now.instance(key)
                    .filter(Instance::seen)
                    .flatMap(Instance::facts)
                    .filter(
                        f ->
                            has.isEmpty()
                                || (byPlace && Successors.received(f, failed).isPresent()
                                    ? !Successors.has(own.get(), f)
                                    : !has.get().covers(received(f, errant.get(key)))))
                    .isPresent())
        .toList();
  }

  /**
   * The replicas of one, then theirs, and so on: one that was moved below another may have had more
   * than that.
   */
  public static List<InstanceKey> below(Topology now, InstanceKey failed) {
    var all = new LinkedHashSet<InstanceKey>(now.replicasOf(failed));
    var open = new ArrayDeque<InstanceKey>(all);
    while (!open.isEmpty()) {
      for (InstanceKey key : now.replicasOf(open.pop())) {
        if (!key.equals(failed) && all.add(key)) {
          open.add(key);
        }
      }
    }
    return List.copyOf(all);
  }

  /** The same by where they stand in the log of the dead one. */
  private static List<String> aheadByPlace(
      Topology now,
      InstanceKey failed,
      InstanceKey successor,
      BinlogPosition has,
      Map<InstanceKey, String> errant) {
    return ahead(now, failed, successor, errant).stream()
        .map(
            key ->
                key
                    + " has received the log of "
                    + failed
                    + now.instance(key)
                        .flatMap(Instance::facts)
                        .flatMap(f -> Successors.received(f, failed))
                        .map(at -> " up to " + at)
                        .orElse(", by GTID,")
                    + ", and "
                    + successor
                    + " up to "
                    + has
                    + ".")
        .toList();
  }

  private static Optional<String> missing(Facts primary, BinlogPosition has) {
    BinlogPosition written = primary.positions().logEnd();
    return has.isBefore(written)
        ? Optional.of("its log after " + has + " up to " + written)
        : Optional.empty();
  }

  private static List<String> ahead(
      Topology now,
      InstanceKey failed,
      InstanceKey successor,
      GtidPosition has,
      Map<InstanceKey, String> errant) {
    return ahead(now, failed, successor, errant).stream()
        .map(
            key ->
                key
                    + " has "
                    + more(
                        received(
                            now.instance(key).orElseThrow().facts().orElseThrow(), errant.get(key)),
                        has)
                    + ", which "
                    + successor
                    + " has not received.")
        .toList();
  }

  /**
   * Why nothing is lost that a client was told was written, or until when that is so; empty when it
   * cannot be said. One that was alive without its replicas, as one that is cut off, goes on
   * without them after a while.
   */
  private static Optional<String> acknowledged(
      Topology before, Topology now, InstanceKey failed, Instant moment) {
    Optional<SemiSync.Source> waits =
        now.instance(failed)
            .flatMap(Instance::facts)
            .map(f -> f.semiSync().source())
            .filter(s -> s.enabled() && s.active() && s.waitFor() > 0);
    if (waits.isEmpty()) {
      return Optional.empty();
    }
    List<InstanceKey> ackers =
        before.replicasOf(failed).stream()
            .filter(
                key ->
                    before
                        .instance(key)
                        .flatMap(Instance::facts)
                        .filter(f -> f.semiSync().replica().enabled())
                        .isPresent())
            .toList();
    long gone =
        ackers.stream().filter(key -> now.instance(key).filter(Instance::seen).isEmpty()).count();
    if (gone >= waits.get().waitFor() || ackers.size() < waits.get().waitFor()) {
      return Optional.empty();
    }
    String waited =
        waits.get().waitFor()
            + " of "
            + ackers.size()
            + " semi-synchronous replicas, of which "
            + gone
            + " cannot be asked";
    Optional<Duration> silent =
        now.instance(failed).flatMap(Instance::lastSeen).map(at -> Duration.between(at, moment));
    Duration alone = Duration.ofMillis(waits.get().timeoutMillis());
    return Optional.of(
        silent.filter(s -> s.compareTo(alone) < 0).isPresent()
            ? "Nothing that was acknowledged is lost: when it was last seen, commits of "
                + failed
                + " waited for "
                + waited
                + "."
            : "Nothing is lost that was acknowledged while commits of "
                + failed
                + " waited for "
                + waited
                + ". After "
                + alone.toMillis()
                + " ms without them it goes on alone, and it was last seen "
                + silent.map(Loss::ago).orElse("some time before")
                + ": what it acknowledged alone, and sent to nobody, is not known.");
  }

  private static Optional<String> missing(Facts primary, GtidPosition has) {
    try {
      GtidPosition written =
          primary.identity().flavor().position(primary.positions().executedGtid());
      return has.covers(written) ? Optional.empty() : Optional.of(more(written, has));
    } catch (IllegalArgumentException e) {
      // Positions of two families, or in no form that is known: then it is not known.
      return Optional.empty();
    }
  }

  private static String more(GtidPosition all, GtidPosition has) {
    return all instanceof GtidSet a && has instanceof GtidSet b
        ? a.minus(b).toString()
        : "what came after " + has + " up to " + all;
  }

  /** All that a replica has received, executed or not. */
  static GtidPosition received(Facts facts) {
    return Successors.received(facts);
  }

  /** The same without its errant transactions, if it has any. */
  private static GtidPosition received(Facts facts, String errant) {
    return errant != null && received(facts) instanceof GtidSet all
        ? all.minus(GtidSet.parse(errant))
        : received(facts);
  }

  private static String ago(Duration age) {
    return age.toMillis() < 10_000
        ? "%.1f s before".formatted(age.toMillis() / 1000.0)
        : age.toSeconds() + " s before";
  }
}
