package topiary.engine.model;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Everything one good probe saw of one server, split by how often it changes.
 *
 * @param identity who it is
 * @param settings how it is set up
 * @param channels the streams into it; first the one that decides its place in the tree: the one
 *     without a name, else the first by name
 * @param reportedReplicas who says to replicate from it; hints for discovery, not the tree
 * @param positions how far it has come
 * @param complaints what the probe could not ask and why, and what is wrong with who the server is
 *     and where it stands; a sentence each, whose subject is the server
 * @param semiSync how it waits for acknowledgements, and gives them
 * @param group the Group Replication group it is a member of
 * @param background what it is asked only now and then
 * @param lagSeconds how late it is by the operator's own query; empty without one, and when it does
 *     not tell
 */
public record Facts(
    Identity identity,
    Settings settings,
    List<Channel> channels,
    List<InstanceKey> reportedReplicas,
    Positions positions,
    List<String> complaints,
    SemiSync semiSync,
    Optional<Group> group,
    Background background,
    Optional<Long> lagSeconds) {

  public Facts {
    channels = List.copyOf(channels);
    reportedReplicas = List.copyOf(reportedReplicas);
    complaints = List.copyOf(complaints);
  }

  /** Of a server that replicates asynchronously and by itself. */
  public Facts(
      Identity identity,
      Settings settings,
      List<Channel> channels,
      List<InstanceKey> reportedReplicas,
      Positions positions,
      List<String> complaints) {
    this(
        identity,
        settings,
        channels,
        reportedReplicas,
        positions,
        complaints,
        SemiSync.NONE,
        Optional.empty(),
        Background.NONE,
        Optional.empty());
  }

  /** The same, with more to complain of. */
  public Facts complaining(List<String> more) {
    if (more.isEmpty()) {
      return this;
    }
    return new Facts(
        identity,
        settings,
        channels,
        reportedReplicas,
        positions,
        Stream.concat(complaints.stream(), more.stream()).toList(),
        semiSync,
        group,
        background,
        lagSeconds);
  }

  /** The same, with this much asked now and then. */
  public Facts with(Background asked) {
    return new Facts(
        identity,
        settings,
        channels,
        reportedReplicas,
        positions,
        complaints,
        semiSync,
        group,
        asked,
        lagSeconds);
  }

  /** The same, so late by the operator's own query. */
  public Facts late(Optional<Long> seconds) {
    return new Facts(
        identity,
        settings,
        channels,
        reportedReplicas,
        positions,
        complaints,
        semiSync,
        group,
        background,
        seconds);
  }

  /** The same, after another time since the server started. */
  public Facts upFor(long seconds) {
    return new Facts(
        identity,
        settings,
        channels,
        reportedReplicas,
        positions.upFor(seconds),
        complaints,
        semiSync,
        group,
        background,
        lagSeconds);
  }

  /** The same of a server whose only channel is pointed at another source. */
  Facts below(InstanceKey source) {
    return channelled(c -> c.from(source));
  }

  /** The same of a server whose only channel finds its place another way. */
  Facts by(GtidUse use, Optional<Threads> started) {
    return channelled(c -> c.by(use, started));
  }

  /** The same of a server that has no channel but the one of this name; none at all without it. */
  Facts only(String channel) {
    return with(channels.stream().filter(c -> c.name().equals(channel)).toList());
  }

  /** The same of a server that replicates from nobody. */
  public Facts unattached() {
    return with(List.of());
  }

  /** The same with other channels in their places. */
  public Facts channelled(UnaryOperator<Channel> other) {
    return with(channels.stream().map(other).toList());
  }

  private Facts with(List<Channel> others) {
    return new Facts(
        identity,
        settings,
        others,
        reportedReplicas,
        positions,
        complaints,
        semiSync,
        group,
        background,
        lagSeconds);
  }

  /**
   * Whether all is as in others but what moves by itself: its channels' progress, its positions,
   * its lag. Asked at each look at each server, and mostly of values that share what is equal; so
   * nothing is made to find out.
   */
  boolean standsAs(Facts other) {
    if (channels.size() != other.channels.size()) {
      return false;
    }
    for (int i = 0; i < channels.size(); i++) {
      if (!channels.get(i).standsAs(other.channels.get(i))) {
        return false;
      }
    }
    return same(identity, other.identity)
        && same(settings, other.settings)
        && same(reportedReplicas, other.reportedReplicas)
        && same(complaints, other.complaints)
        && same(semiSync, other.semiSync)
        && same(group, other.group)
        && same(background, other.background);
  }

  /** Whether each of its channels comes from where the other's does. */
  public boolean hasSourcesOf(Facts other) {
    if (channels.size() != other.channels.size()) {
      return false;
    }
    for (int i = 0; i < channels.size(); i++) {
      if (!channels.get(i).source().equals(other.channels.get(i).source())) {
        return false;
      }
    }
    return true;
  }

  /** Whether what moves by itself is the same, for how long it is up apart. */
  boolean isAsFarAs(Facts other) {
    for (int i = 0; i < channels.size(); i++) {
      if (!same(channels.get(i).progress(), other.channels.get(i).progress())) {
        return false;
      }
    }
    return positions.isAsFarAs(other.positions) && same(lagSeconds, other.lagSeconds);
  }

  static boolean same(Object one, Object other) {
    return one == other || one.equals(other);
  }

  /** The same, with every server that is named in them by another name. */
  Facts renamed(UnaryOperator<InstanceKey> name) {
    return new Facts(
        identity,
        settings,
        channels.stream().map(c -> c.from(name.apply(c.source()))).toList(),
        reportedReplicas.stream().map(name).distinct().toList(),
        positions,
        complaints,
        semiSync,
        group.map(
            g ->
                new Group(
                    g.name(),
                    g.singlePrimary(),
                    g.state(),
                    g.role(),
                    g.primary().map(name),
                    g.members().stream().map(name).toList())),
        new Background(
            background.cloud(),
            background.credentials(),
            background.dumpers().stream().map(name).toList(),
            background.startup(),
            background.events(),
            background.detected()),
        lagSeconds);
  }

  /**
   * The same, made of what is equal in former facts of this server: most of it is from one look to
   * the next, and need not be kept twice or compared again.
   */
  public Facts sharing(Facts former) {
    return new Facts(
        shared(identity, former.identity),
        shared(settings, former.settings),
        sharing(channels, former.channels),
        shared(reportedReplicas, former.reportedReplicas),
        shared(positions, former.positions),
        shared(complaints, former.complaints),
        shared(semiSync, former.semiSync),
        shared(group, former.group),
        shared(background, former.background),
        shared(lagSeconds, former.lagSeconds));
  }

  private static List<Channel> sharing(List<Channel> now, List<Channel> former) {
    if (now.size() != former.size()) {
      return now;
    }
    boolean same = true;
    var channels = new Channel[now.size()];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = now.get(i).sharing(former.get(i));
      same &= channels[i] == former.get(i);
    }
    return same ? former : List.of(channels);
  }

  /** A value, as the object that was there before if it is equal. */
  static <T> T shared(T now, T former) {
    return same(now, former) ? former : now;
  }

  /** Every server that is named in them. */
  Stream<InstanceKey> named() {
    return Stream.of(
            channels.stream().map(Channel::source),
            reportedReplicas.stream(),
            group.stream().flatMap(g -> g.primary().stream()),
            group.stream().flatMap(g -> g.members().stream()),
            background.dumpers().stream())
        .flatMap(s -> s);
  }

  /** The stream that decides the server's place in the tree; none for a head. */
  public Optional<Channel> primaryChannel() {
    return channels.isEmpty() ? Optional.empty() : Optional.of(channels.getFirst());
  }

  /** How late it is beyond what it is held back on purpose; 0 when it does not tell. */
  public long late() {
    int held = primaryChannel().map(Channel::delaySeconds).orElse(0);
    return Math.max(0, lag().orElse(0L) - held);
  }

  /** How late it is: by the operator's own query, else by its own estimate. */
  public Optional<Long> lag() {
    return lagSeconds.or(() -> primaryChannel().flatMap(c -> c.progress().secondsBehind()));
  }
}
