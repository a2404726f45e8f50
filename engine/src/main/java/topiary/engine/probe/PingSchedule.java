package topiary.engine.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.Vigil;

/**
 * Who of those that have replicas is to be pinged. It is asked; it does not call. One after the
 * other, each as long after its last time as {@link Vigil#pause} says. Not thread-safe.
 */
public final class PingSchedule {

  private final Vigil vigil;

  /** Who waits for the next ping, and until when; the first comes first. */
  private final ArrayDeque<Turn> turns = new ArrayDeque<>();

  private Set<InstanceKey> sources = Set.of();

  private record Turn(InstanceKey key, long at) {}

  /** Nobody to ping. */
  public PingSchedule(Vigil vigil) {
    this.vigil = vigil;
  }

  /**
   * Those to ping now.
   *
   * @param now everybody who has replicas; the same set as long as it is the same ones
   */
  public List<InstanceKey> take(Set<InstanceKey> now, long nanos) {
    if (now != sources) {
      follow(now, nanos);
    }
    long pause = vigil.pause(turns.size()).toNanos();
    var due = new ArrayList<InstanceKey>();
    while (!turns.isEmpty() && turns.getFirst().at() - nanos <= 0) {
      Turn turn = turns.removeFirst();
      due.add(turn.key());
      // Late ones are not made up for.
      turns.addLast(new Turn(turn.key(), nanos + pause));
    }
    return due;
  }

  private void follow(Set<InstanceKey> now, long nanos) {
    sources = now;
    turns.removeIf(turn -> !now.contains(turn.key()));
    var waiting = new HashSet<InstanceKey>();
    turns.forEach(turn -> waiting.add(turn.key()));
    List<InstanceKey> come = now.stream().filter(key -> !waiting.contains(key)).sorted().toList();
    if (!come.isEmpty()) {
      insert(come, nanos);
    }
  }

  /** Newcomers, spread over the time until the next ping of any of them. */
  private void insert(List<InstanceKey> come, long nanos) {
    long pause = vigil.pause(turns.size() + come.size()).toNanos();
    var all = new ArrayList<>(turns);
    for (int i = 0; i < come.size(); i++) {
      all.add(new Turn(come.get(i), nanos + pause * i / come.size()));
    }
    // By difference, because the clock may wrap around.
    all.sort((a, b) -> Long.signum(a.at() - b.at()));
    turns.clear();
    turns.addAll(all);
  }
}
