package topiary.engine.probe;

import java.time.Duration;
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
  private final Map<InstanceKey, Look> busy = new HashMap<>();
  private final Lane answering;
  private final Lane silent;

  /**
   * When a server is to be looked at next; replaced by another when that changes.
   *
   * @param failing since when it does not answer, if there were failures
   * @param brief whether the look is to be a short one
   */
  private record Due(
      InstanceKey key, long began, long at, int failures, long failing, boolean brief) {}

  /** A look that is under way. */
  private static final class Look {
    private final Lane lane;
    private final boolean brief;
    private boolean again;
    private boolean againBrief;

    Look(Lane lane, boolean brief) {
      this.lane = lane;
      this.brief = brief;
    }
  }

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

  /** Looks after a server from now on; the first look is due at once, before all usual ones. */
  public void add(InstanceKey key, long now) {
    if (!known.containsKey(key)) {
      plan(new Due(key, now, now - policy.interval().toNanos(), 0, now, false));
    }
  }

  /**
   * A server is to be looked at before all others who wait, at once if there is a place; once more
   * after that if it is being looked at.
   *
   * @param brief whether it is to be a short look
   */
  public void hasten(InstanceKey key, boolean brief, long now) {
    Due due = known.get(key);
    Look look = busy.get(key);
    if (due != null && look == null) {
      plan(hastened(due, brief, now));
    } else if (due != null) {
      look.again = true;
      look.againBrief |= brief;
    }
  }

  private Due hastened(Due due, boolean brief, long now) {
    // As if it had been waiting for longer than anybody.
    long at = now - policy.slowest().toNanos();
    return new Due(due.key(), due.began(), at, due.failures(), due.failing(), due.brief() || brief);
  }

  /** Whether the look that is under way is to be a short one. */
  public boolean brief(InstanceKey key) {
    Look look = busy.get(key);
    return look != null && look.brief;
  }

  public void remove(InstanceKey key) {
    known.remove(key);
  }

  /** The servers to look at now; each is busy until it is told {@link #done}. */
  public List<InstanceKey> take(long now) {
    return take(now, false);
  }

  /**
   * The same.
   *
   * @param crowded whether the machine has enough to do with newcomers: usual looks wait for up to
   *     an interval more, first ones and those that were hastened do not
   */
  public List<InstanceKey> take(long now, boolean crowded) {
    long until = crowded ? now - policy.interval().toNanos() : now;
    var ready = new ArrayList<InstanceKey>();
    take(answering, until, now, ready);
    take(silent, now, now, ready);
    ready.sort(Comparator.naturalOrder());
    return ready;
  }

  private void take(Lane lane, long until, long now, List<InstanceKey> ready) {
    while (lane.taken < lane.places) {
      Due due = lane.waiting.peek();
      if (due == null || due.at() - until > 0) {
        return;
      }
      lane.waiting.remove();
      // Others were removed, or planned anew, since; or are looked at still, and planned by done.
      if (known.get(due.key()) == due && !busy.containsKey(due.key())) {
        lane.taken++;
        busy.put(due.key(), new Look(lane, due.brief()));
        known.put(due.key(), new Due(due.key(), now, now, due.failures(), due.failing(), false));
        ready.add(due.key());
      }
    }
  }

  /** As {@link #done(InstanceKey, boolean, boolean, long)}, of one without replicas. */
  public boolean done(InstanceKey key, boolean answered, long now) {
    return done(key, answered, false, now);
  }

  /**
   * A look at a server has ended.
   *
   * @param answered whether there is a server that takes part in the conversation
   * @param source whether it has replicas: one that does not answer is looked at again soon then,
   *     and briefly, as long as that is new
   * @return whether somebody may be waiting for the place
   */
  public boolean done(InstanceKey key, boolean answered, boolean source, long now) {
    Look look = busy.remove(key);
    if (look == null) {
      return false;
    }
    Lane lane = look.lane;
    boolean full = lane.taken-- == lane.places;
    Due last = known.get(key);
    if (last != null) {
      plan(next(last, look, answered, source, now));
    }
    return full && !lane.waiting.isEmpty() && lane.waiting.peek().at() - now <= 0
        || look.again && last != null;
  }

  private Due next(Due last, Look look, boolean answered, boolean source, long now) {
    int failures = answered ? 0 : last.failures() + 1;
    long failing = failures == 1 ? now : last.failing();
    boolean vigil = !answered && source && now - failing < policy.vigil().lasting().toNanos();
    Duration pause = vigil ? policy.vigilant(failures) : policy.pause(failures);
    // From when the look began; a late one is not made up for by a burst.
    long at = last.began() + pause.toNanos();
    var next = new Due(last.key(), last.began(), at, failures, failing, vigil);
    return look.again ? hastened(next, look.againBrief, now) : next;
  }

  /** Whether a server does not answer, and that is new. */
  public boolean fails(InstanceKey key, long now) {
    Due due = known.get(key);
    return due != null
        && due.failures() > 0
        && now - due.failing() < policy.vigil().lasting().toNanos();
  }

  /** A server was seen to answer out of turn: it is looked at as often as the others again. */
  public void answered(InstanceKey key, long now) {
    Due due = known.get(key);
    if (due != null && due.failures() > 0 && !busy.containsKey(key)) {
      plan(new Due(key, now, now + policy.pause(0).toNanos(), 0, now, false));
    }
  }

  /**
   * A server was looked at before it was known, and answered: it is due when its turn comes again.
   */
  public void looked(InstanceKey key, long now) {
    Due due = known.get(key);
    if (due != null && due.failures() == 0 && !busy.containsKey(key)) {
      plan(new Due(key, now, now + policy.pause(0).toNanos(), 0, now, false));
    }
  }

  private void plan(Due due) {
    known.put(due.key(), due);
    (due.failures() == 0 ? answering : silent).waiting.add(due);
  }
}
