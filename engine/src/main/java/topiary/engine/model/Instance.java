package topiary.engine.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One server of the topology: how it is now, and what was last known of it.
 *
 * @param key its address
 * @param condition what came of the last look
 * @param sentence why, when the last look failed; empty otherwise
 * @param facts what the last good look saw; kept while the server cannot be seen
 * @param lastAttempt when it was last looked at
 * @param lastSeen when {@code facts} were seen
 * @param latency how long the last look took
 * @param sourcesSince the end of the first look that saw it replicate from whom it does, or from
 *     nobody; empty when that is not known
 * @param failingSince the end of the first look in a row that did not see it; empty while it is
 *     seen, and before the first look
 */
public record Instance(
    InstanceKey key,
    Condition condition,
    String sentence,
    Optional<Facts> facts,
    Optional<Instant> lastAttempt,
    Optional<Instant> lastSeen,
    Duration latency,
    Optional<Instant> sourcesSince,
    Optional<Instant> failingSince) {

  /** A server of which is not known since when it replicates from whom it does. */
  public Instance(
      InstanceKey key,
      Condition condition,
      String sentence,
      Optional<Facts> facts,
      Optional<Instant> lastAttempt,
      Optional<Instant> lastSeen,
      Duration latency) {
    this(
        key,
        condition,
        sentence,
        facts,
        lastAttempt,
        lastSeen,
        latency,
        Optional.empty(),
        Optional.empty());
  }

  /** A server that is known by name only. */
  public static Instance unseen(InstanceKey key) {
    return new Instance(
        key,
        Condition.UNSEEN,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO);
  }

  /** This server after another look: the new facts, or the old ones with the new condition. */
  public Instance after(Observation o) {
    return new Instance(
        key,
        o.condition(),
        o.sentence(),
        o.facts().isPresent() ? o.facts() : facts,
        Optional.of(o.at()),
        o.facts().isPresent() ? Optional.of(o.at()) : lastSeen,
        o.took(),
        o.facts().isEmpty() || sameSources(facts, o.facts())
            ? sourcesSince
            : Optional.of(o.at().plus(o.took())),
        o.facts().isPresent()
            ? Optional.empty()
            : failingSince.or(() -> Optional.of(o.at().plus(o.took()))));
  }

  private static boolean sameSources(Optional<Facts> before, Optional<Facts> now) {
    return before.isPresent() && now.isPresent() && before.get().hasSourcesOf(now.get())
        || sources(before).equals(sources(now));
  }

  private static Optional<Set<InstanceKey>> sources(Optional<Facts> of) {
    return of.map(f -> f.channels().stream().map(Channel::source).collect(Collectors.toSet()));
  }

  /** This server as it would be without any channel but the one of this name. */
  public Instance only(String channel) {
    return knowing(facts.map(f -> f.only(channel)));
  }

  /** This server with other facts of the same look. */
  public Instance knowing(Optional<Facts> known) {
    return new Instance(
        key,
        condition,
        sentence,
        known,
        lastAttempt,
        lastSeen,
        latency,
        sourcesSince,
        failingSince);
  }

  /** This server after another look that found nothing else; facts are as old as they were. */
  public Instance looked(Look look) {
    return new Instance(
        key,
        condition,
        sentence,
        facts.map(f -> f.upFor(look.uptimeSeconds())),
        look.lastAttempt(),
        look.lastSeen(),
        look.latency(),
        sourcesSince,
        failingSince);
  }

  /** What changes with every look. */
  public Look look() {
    return new Look(
        lastAttempt, lastSeen, latency, facts.map(f -> f.positions().uptimeSeconds()).orElse(0L));
  }

  /** When the last good look was over, or a little later. */
  public Optional<Instant> lookedUntil() {
    return lastSeen.map(at -> at.plus(latency));
  }

  public boolean seen() {
    return condition == Condition.SEEN;
  }

  /** The stream that decides its place, from the last good look. */
  public Optional<Channel> primaryChannel() {
    return facts.flatMap(Facts::primaryChannel);
  }

  /**
   * Where it replicates from, from the last good look; a member of a group that takes no writes,
   * from the one that does.
   */
  public Optional<InstanceKey> source() {
    return primaryChannel().map(Channel::source).or(this::groupPrimary);
  }

  private Optional<InstanceKey> groupPrimary() {
    return facts
        .flatMap(Facts::group)
        .filter(Group::secondary)
        .flatMap(Group::primary)
        .filter(primary -> !primary.equals(key));
  }
}
