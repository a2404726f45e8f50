package topiary.engine.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import topiary.engine.finding.Finding;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.Recoveries;

/**
 * Whose recovery may begin by itself now, where many are due at the same time. Dead primaries come
 * before dead sources below one, then whoever was found first. Those under way are counted by what
 * is committed, so that a node that comes to lead counts the same. Pure.
 *
 * @param underWay how many that began by themselves are under way, with those that may begin now;
 *     whoever takes long is left out
 * @param atOnce how many may be
 * @param begin those that may begin now, in order; one of a cluster at most
 * @param waiting those that wait for their turn, in order; one of a cluster at most
 */
public record Turns(int underWay, int atOnce, List<Due> begin, List<Due> waiting) {

  /** Nobody waits. */
  public static final Turns NONE = new Turns(0, Integer.MAX_VALUE, List.of(), List.of());

  /**
   * After so long a recovery keeps no other from beginning. One that works takes less than half a
   * second, and little more than one where answers take ten times as long as usual; whoever takes
   * longer waits, for a successor that has much to apply, for somebody who has what would be lost,
   * or for a hook, and is hardly any work for this node meanwhile. Where all wait, so many more
   * begin each time this is over.
   */
  public static final Duration LONG = Duration.ofSeconds(5);

  private static final Comparator<Due> ORDER =
      Comparator.<Due, Boolean>comparing(due -> due.kind() != RecoveryKind.PRIMARY)
          .thenComparing(Due::since)
          .thenComparing(Due::failed);

  /**
   * A recovery that would begin if it were alone.
   *
   * @param cluster where
   * @param found that somebody is dead
   * @param since when that was found
   */
  public record Due(ClusterId cluster, Finding found, RecoveryKind kind, Instant since) {

    /** Who is dead. */
    public InstanceKey failed() {
      return found.subject();
    }
  }

  public Turns {
    begin = List.copyOf(begin);
    waiting = List.copyOf(waiting);
  }

  /**
   * Who may begin now.
   *
   * @param due nothing but its turn is against any of them
   * @param opening the clusters of which one is on its way to the log already
   * @param recoveries as they are committed; at least as new as the others
   * @param atOnce how many may be under way at a time
   */
  public static Turns of(
      Collection<Due> due, Set<ClusterId> opening, Recoveries recoveries, int atOnce, Instant now) {
    var taken = new HashSet<ClusterId>(opening);
    recoveries.open().values().forEach(open -> taken.remove(open.cluster()));
    int underWay =
        taken.size()
            + (int) recoveries.open().values().stream().filter(open -> counts(open, now)).count();
    recoveries.open().values().forEach(open -> taken.add(open.cluster()));
    var begin = new ArrayList<Due>();
    var waiting = new ArrayList<Due>();
    for (Due one : due.stream().sorted(ORDER).toList()) {
      if (!taken.add(one.cluster())) {
        continue;
      }
      if (underWay < atOnce) {
        underWay++;
        begin.add(one);
      } else {
        waiting.add(one);
      }
    }
    return new Turns(underWay, atOnce, begin, waiting);
  }

  /** Whether one keeps others waiting. */
  private static boolean counts(OpenRecovery open, Instant now) {
    // The clock of the node that opened it may have gone before ours, but not for ever.
    return !open.forced()
        && open.kind() != RecoveryKind.TAKEOVER
        && Duration.between(open.since(), now).abs().compareTo(LONG) < 0;
  }

  /** What a recovery in a cluster waits for, or would if it were due now; empty for nothing. */
  public Optional<String> against(ClusterId cluster) {
    int before = 0;
    int primaries = 0;
    for (Due one : waiting) {
      if (one.cluster().equals(cluster)) {
        return Optional.of("it waits for its turn: " + words(before));
      }
      before++;
      primaries += one.kind() == RecoveryKind.PRIMARY ? 1 : 0;
    }
    return underWay < atOnce || begin.stream().anyMatch(one -> one.cluster().equals(cluster))
        ? Optional.empty()
        : Optional.of("it would wait for its turn: " + words(primaries));
  }

  private String words(int before) {
    return (underWay == 1 ? "1 recovery is" : underWay + " recoveries are")
        + " under way, "
        + (before == 1 ? "1 cluster" : before + " clusters")
        + " before it";
  }
}
