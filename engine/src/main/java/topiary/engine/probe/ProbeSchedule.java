package topiary.engine.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.ProbePolicy;

/**
 * Who is due to be looked at. It is asked; it does not call. Not thread-safe: its owner guards it.
 *
 * <p>Servers that do not answer have a lane of their own, so that a thousand of them, each of which
 * is waited for until its deadline, keep nobody waiting who does answer; and they are looked at
 * less and less often.
 */
public final class ProbeSchedule {

  private final ProbePolicy policy;
  private final Map<InstanceKey, Due> known = new HashMap<>();
  private final Map<InstanceKey, Lane> busy = new HashMap<>();
  private final Lane answering;
  private final Lane silent;

  /** When a server is to be looked at next; replaced by another when that changes. */
  private record Due(InstanceKey key, long began, long at, int failures) {}

  /** Those who wait for the same places. */
  private static final class Lane {
    private final PriorityQueue<Due> waiting =
        new PriorityQueue<>(
            // By difference, because the clock may wrap around.
            ((Comparator<Due>) (a, b) -> Long.signum(a.at() - b.at())).thenComparing(Due::key));
    private final int places;
    private int taken;

    Lane(int places) {
      this.places = places;
    }
  }

  /** A schedule without servers. */
  public ProbeSchedule(ProbePolicy policy) {
    this.policy = policy;
    answering = new Lane(policy.lanes().answering());
    silent = new Lane(policy.lanes().silent());
  }

  /** Looks after a server from now on; the first look is due at once. */
  public void add(InstanceKey key, long now) {
    if (!known.containsKey(key)) {
      plan(new Due(key, now, now, 0));
    }
  }

  public void remove(InstanceKey key) {
    known.remove(key);
  }

  /** The servers to look at now; each is busy until it is told {@link #done}. */
  public List<InstanceKey> take(long now) {
    var ready = new ArrayList<InstanceKey>();
    take(answering, now, ready);
    take(silent, now, ready);
    ready.sort(Comparator.naturalOrder());
    return ready;
  }

  private void take(Lane lane, long now, List<InstanceKey> ready) {
    while (lane.taken < lane.places) {
      Due due = lane.waiting.peek();
      if (due == null || due.at() - now > 0) {
        return;
      }
      lane.waiting.remove();
      // Others were removed, or planned anew, since; or are looked at still, and planned by done.
      if (known.get(due.key()) == due && !busy.containsKey(due.key())) {
        lane.taken++;
        busy.put(due.key(), lane);
        known.put(due.key(), new Due(due.key(), now, now, due.failures()));
        ready.add(due.key());
      }
    }
  }

  /**
   * A look at a server has ended.
   *
   * @param answered whether there is a server that takes part in the conversation
   * @return whether somebody may be waiting for the place
   */
  public boolean done(InstanceKey key, boolean answered, long now) {
    Lane lane = busy.remove(key);
    if (lane == null) {
      return false;
    }
    boolean full = lane.taken-- == lane.places;
    Due last = known.get(key);
    if (last != null) {
      int failures = answered ? 0 : last.failures() + 1;
      // From when the look began; a late one is not made up for by a burst.
      plan(new Due(key, last.began(), last.began() + policy.pause(failures).toNanos(), failures));
    }
    return full && !lane.waiting.isEmpty() && lane.waiting.peek().at() - now <= 0;
  }

  /** A server was seen to answer out of turn: it is looked at as often as the others again. */
  public void answered(InstanceKey key, long now) {
    Due due = known.get(key);
    if (due != null && due.failures() > 0 && !busy.containsKey(key)) {
      plan(new Due(key, now, now + policy.interval().toNanos(), 0));
    }
  }

  /** A server was looked at before it was known, and answered: it is due an interval later. */
  public void looked(InstanceKey key, long now) {
    Due due = known.get(key);
    if (due != null && due.failures() == 0 && !busy.containsKey(key)) {
      plan(new Due(key, now, now + policy.interval().toNanos(), 0));
    }
  }

  private void plan(Due due) {
    known.put(due.key(), due);
    (due.failures() == 0 ? answering : silent).waiting.add(due);
  }
}
