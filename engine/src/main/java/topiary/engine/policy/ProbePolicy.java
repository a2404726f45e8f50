package topiary.engine.policy;

import java.time.Duration;

/**
 * How servers are looked at.
 *
 * @param interval how old what is known of a server that answers may become
 * @param deadline how long one look over a kept connection may last; not above the interval
 * @param opening how long one look may last that has to connect first, encryption included
 * @param slowest from one look at a server that does not answer to the next, at most
 * @param lanes how many are looked at at once
 * @param detection what the operator's own queries and patterns are to tell
 * @param vigil how closely those are watched that have replicas
 */
public record ProbePolicy(
    Duration interval,
    Duration deadline,
    Duration opening,
    Duration slowest,
    Lanes lanes,
    Detection detection,
    Vigil vigil) {

  /** So often a silent server is looked at as often as any other. */
  private static final int SOON = 3;

  /** By so much the pauses grow from then on. */
  private static final double GROWTH = 1.5;

  /**
   * A look at somebody who answers begins by this part of the interval before its end: it takes a
   * while, and may have to wait for its turn, and what is known is to be no older than the
   * interval.
   */
  private static final int EARLIER = 7;

  /** At most so many intervals when nothing else is said. */
  private static final int INTERVALS = 6;

  /**
   * How many servers are looked at at once.
   *
   * @param answering of those that answered last time, or were not asked yet
   * @param silent of those that did not answer last time
   */
  public record Lanes(int answering, int silent) {

    public static final Lanes DEFAULT = new Lanes(300, 100);

    public Lanes {
      if (answering < 1 || silent < 1) {
        throw new IllegalArgumentException("at least one server must be looked at at a time");
      }
    }
  }

  public static final ProbePolicy DEFAULT =
      new ProbePolicy(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(5));

  /** With as much time for a look that has to connect first. */
  public ProbePolicy(Duration interval, Duration deadline) {
    this(interval, deadline, deadline);
  }

  /**
   * With silent servers looked at after six intervals at most, and no queries of the operator's.
   */
  public ProbePolicy(Duration interval, Duration deadline, Duration opening) {
    this(
        interval,
        deadline,
        opening,
        interval.multipliedBy(INTERVALS),
        Lanes.DEFAULT,
        Detection.NONE);
  }

  /** With those watched that have replicas as is shipped. */
  public ProbePolicy(
      Duration interval,
      Duration deadline,
      Duration opening,
      Duration slowest,
      Lanes lanes,
      Detection detection) {
    this(interval, deadline, opening, slowest, lanes, detection, Vigil.DEFAULT);
  }

  /** The same, with queries and patterns of the operator's. */
  public ProbePolicy with(Detection told) {
    return new ProbePolicy(interval, deadline, opening, slowest, lanes, told, vigil);
  }

  /** The same, with those that have replicas watched like this. */
  public ProbePolicy with(Vigil closely) {
    return new ProbePolicy(interval, deadline, opening, slowest, lanes, detection, closely);
  }

  public ProbePolicy {
    if (interval.compareTo(Duration.ofMillis(100)) < 0
        || deadline.compareTo(interval) > 0
        || opening.compareTo(deadline) < 0
        || slowest.compareTo(interval) < 0) {
      throw new IllegalArgumentException(
          "poll interval "
              + interval.toMillis()
              + " ms, probe deadline "
              + deadline.toMillis()
              + " ms: the interval must be 100 ms or more, and the deadline not above it");
    }
  }

  /**
   * From one look to the next.
   *
   * @param failures how often in a row the server has not answered
   */
  public Duration pause(int failures) {
    if (failures == 0) {
      return interval.minus(interval.dividedBy(EARLIER));
    }
    double grown = interval.toMillis() * Math.pow(GROWTH, Math.max(0, failures - SOON));
    return grown < slowest.toMillis() ? Duration.ofMillis((long) grown) : slowest;
  }

  /**
   * From one look to the next at a server that has replicas and does not answer, for as long as
   * that is new.
   *
   * @param failures how often in a row it has not answered
   */
  public Duration vigilant(int failures) {
    Duration usual = pause(failures);
    return vigil.again().compareTo(usual) < 0 ? vigil.again() : usual;
  }
}
