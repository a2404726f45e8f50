package topiary.engine.analysis;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.gtid.GtidSet;
import topiary.engine.gtid.MariaGtid;
import topiary.engine.gtid.MariaPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * Errant transactions: those a replica has and no server above it has, written by none of those.
 *
 * <p>A source is seen a little earlier or later than its replica, so some may be missing at it by
 * appearance only: what the servers above have written or have, or have received and not applied;
 * and, when it was last looked at before the look at the replica was over, what the replica says to
 * have received from it. What is written on an intermediate server is errant there, and not below
 * it.
 *
 * <p>What a server had when it came below its sources, as a former primary has all it wrote, can be
 * judged only by what those above had from then on. So until they have been seen again, nothing is
 * errant.
 */
public final class Errant {

  /** How far up a writer is looked for before all above are gathered. */
  private static final int NEAR = 8;

  private final Topology topology;

  private Errant(Topology topology) {
    this.topology = topology;
  }

  /**
   * The errant transactions of a server, in its own notation; empty for none, and when the server
   * or its source was never seen.
   */
  public static Optional<String> of(Topology topology, InstanceKey key) {
    var of = new Errant(topology);
    // Asked last, as it costs more than to find nothing, which is the rule.
    return topology
        .instance(key)
        .flatMap(Instance::facts)
        .flatMap(f -> of.of(key, f, sources(f)))
        .filter(gtids -> of.canBeJudged(topology.instance(key).orElseThrow()));
  }

  /**
   * Whether those above have been seen since a server came below them: its sources in any case, and
   * theirs as long as they can be seen.
   */
  private boolean canBeJudged(Instance i) {
    if (i.sourcesSince().isEmpty() || i.facts().isEmpty()) {
      return true;
    }
    Instant since = i.sourcesSince().get();
    List<InstanceKey> sources = sources(i.facts().get());
    return above(sources).stream()
        .filter(key -> !key.equals(i.key()))
        .flatMap(key -> topology.instance(key).stream())
        .filter(a -> sources.contains(a.key()) || a.seen())
        .noneMatch(a -> a.lastSeen().filter(seen -> seen.isBefore(since)).isPresent());
  }

  /** What it would have of its own below another source. */
  public static Optional<String> below(Topology topology, InstanceKey key, InstanceKey source) {
    return below(topology, key, List.of(source));
  }

  /** What it would have of its own below other sources. */
  public static Optional<String> below(
      Topology topology, InstanceKey key, List<InstanceKey> sources) {
    return topology
        .instance(key)
        .flatMap(Instance::facts)
        .flatMap(f -> new Errant(topology).of(key, f, sources));
  }

  /**
   * What a former primary that replicates from nobody has, and the one that took its place has not:
   * in MySQL's notation the set, in MariaDB's, which keeps none, from where to where for each
   * writer. Empty for nothing, and where one of them was never seen.
   */
  public static Optional<String> ofFormer(
      Topology topology, InstanceKey former, InstanceKey successor) {
    Optional<Facts> its =
        topology.instance(former).flatMap(Instance::facts).filter(f -> f.channels().isEmpty());
    Optional<Facts> others = topology.instance(successor).flatMap(Instance::facts);
    if (its.isEmpty() || others.isEmpty() || isMaria(its.get()) != isMaria(others.get())) {
      return Optional.empty();
    }
    try {
      String own =
          isMaria(its.get())
              ? beyond(its.get(), others.get())
              : GtidSet.parse(its.get().positions().executedGtid())
                  .minus(GtidSet.parse(others.get().positions().executedGtid()))
                  .toString();
      return Optional.of(own).filter(text -> !text.isEmpty());
    } catch (IllegalArgumentException e) {
      // What cannot be read is not compared; the probe has complained about it.
      return Optional.empty();
    }
  }

  private static String beyond(Facts its, Facts others) {
    return history(its)
        .filter(gtid -> !has(others, gtid))
        .map(
            gtid ->
                history(others)
                    .filter(o -> o.domain() == gtid.domain() && o.server() == gtid.server())
                    .findFirst()
                    .map(last -> "after " + last + " up to " + gtid)
                    .orElse("up to " + gtid))
        .collect(Collectors.joining(", "));
  }

  private static List<InstanceKey> sources(Facts facts) {
    List<Channel> channels = facts.channels();
    return channels.size() == 1
        ? List.of(channels.getFirst().source())
        : channels.stream().map(Channel::source).distinct().toList();
  }

  private Optional<String> of(InstanceKey key, Facts mine, List<InstanceKey> sources) {
    // Asked for every server at every look: loops, as streams cost more than the answer.
    List<Facts> theirs = new ArrayList<>(sources.size());
    boolean maria = isMaria(mine);
    boolean level = false;
    for (InstanceKey source : sources) {
      Facts its = facts(source);
      if (its == null || isMaria(its) != maria) {
        return Optional.empty();
      }
      theirs.add(its);
      // As nearly always, and cheap: it has just what its source has.
      level |=
          its.positions().executedGtid().equals(mine.positions().executedGtid())
              && its.positions().historyGtid().equals(mine.positions().historyGtid());
    }
    if (level || theirs.isEmpty()) {
      return Optional.empty();
    }
    try {
      String errant = maria ? maria(key, mine, theirs, sources) : mysql(key, mine, theirs, sources);
      return Optional.of(errant).filter(text -> !text.isEmpty());
    } catch (IllegalArgumentException e) {
      // What cannot be read is not compared; the probe has complained about it.
      return Optional.empty();
    }
  }

  private static boolean isMaria(Facts facts) {
    return facts.identity().flavor() == Flavor.MARIADB;
  }

  /** What is known of a server; null for nothing. */
  private Facts facts(InstanceKey key) {
    return topology.instance(key).flatMap(Instance::facts).orElse(null);
  }

  /** The sources, theirs, and so on; in a ring a server stands above itself. */
  private Set<InstanceKey> above(List<InstanceKey> sources) {
    Set<InstanceKey> above = new HashSet<>();
    Deque<InstanceKey> open = new ArrayDeque<>(sources);
    while (!open.isEmpty()) {
      InstanceKey next = open.pop();
      if (above.add(next)) {
        topology
            .instance(next)
            .flatMap(Instance::facts)
            .ifPresent(f -> sources(f).forEach(open::push));
      }
    }
    return above;
  }

  private Stream<Facts> facts(Set<InstanceKey> keys) {
    return keys.stream().flatMap(k -> topology.instance(k).flatMap(Instance::facts).stream());
  }

  private Stream<Identity> identities(Set<InstanceKey> keys) {
    return facts(keys).map(Facts::identity);
  }

  private String mysql(InstanceKey key, Facts mine, List<Facts> theirs, List<InstanceKey> sources) {
    if (isOnlyFrom(mine.positions().executedGtid(), theirs)) {
      return "";
    }
    Set<InstanceKey> above = above(sources);
    Set<String> writers =
        identities(above).flatMap(i -> i.uuid().stream()).collect(Collectors.toSet());
    GtidSet rest =
        GtidSet.parse(mine.positions().executedGtid()).from(server -> !writers.contains(server));
    for (InstanceKey ancestor : above) {
      Optional<Facts> facts =
          topology
              .instance(ancestor)
              .flatMap(Instance::facts)
              .filter(f -> f.identity().flavor() != Flavor.MARIADB);
      // In a ring it stands above itself, and has what it has.
      if (!rest.isEmpty() && facts.isPresent() && !ancestor.equals(key)) {
        rest = rest.minus(GtidSet.parse(facts.get().positions().executedGtid()));
        for (Channel channel : facts.get().channels()) {
          rest = rest.minus(GtidSet.parse(channel.progress().receivedGtid()));
        }
      }
    }
    for (Channel channel : mine.channels()) {
      boolean counts = sources.contains(channel.source()) && seenBefore(channel.source(), key);
      if (!rest.isEmpty() && counts) {
        rest = rest.minus(GtidSet.parse(channel.progress().receivedGtid()));
      }
    }
    return rest.toString();
  }

  /**
   * Whether every part of a set is written by a source or by one of the few above it, or is to the
   * letter what a source has: told without reading the set, as is so of nearly every server at
   * every look. Where it is not told, it may be so all the same.
   */
  private boolean isOnlyFrom(String gtids, List<Facts> sources) {
    int begin = 0;
    while (begin < gtids.length()) {
      int comma = gtids.indexOf(',', begin);
      int end = comma < 0 ? gtids.length() : comma;
      String part = gtids.substring(begin, end).strip();
      int colon = part.indexOf(':');
      if (colon < 0 || !isFrom(part, part.substring(0, colon), sources)) {
        return false;
      }
      begin = end + 1;
    }
    return true;
  }

  private boolean isFrom(String part, String writer, List<Facts> sources) {
    for (Facts source : sources) {
      if (isWrittenAbove(writer, source) || hasPart(source.positions().executedGtid(), part)) {
        return true;
      }
    }
    return false;
  }

  private boolean isWrittenAbove(String writer, Facts source) {
    Facts at = source;
    for (int steps = 0; at != null && steps < NEAR; steps++) {
      if (at.identity().uuid().filter(writer::equals).isPresent()) {
        return true;
      }
      at = at.primaryChannel().map(Channel::source).map(this::facts).orElse(null);
    }
    return false;
  }

  private static boolean hasPart(String gtids, String part) {
    int at = gtids.indexOf(part);
    return at >= 0
        && (at + part.length() == gtids.length() || gtids.charAt(at + part.length()) == ',');
  }

  /** Whether the first was last looked at before the look at the other was over. */
  private boolean seenBefore(InstanceKey one, InstanceKey other) {
    Optional<Instant> its = topology.instance(one).flatMap(Instance::lastSeen);
    Optional<Instant> others = topology.instance(other).flatMap(Instance::lookedUntil);
    return its.isPresent() && others.isPresent() && its.get().isBefore(others.get());
  }

  /**
   * MariaDB keeps no sets, only the last of each writer in each domain. So only what this server
   * has written itself is told for certain, and only when the source's own history reaches back
   * before it: a source made from a backup knows nothing of the writers before.
   */
  private String maria(InstanceKey key, Facts mine, List<Facts> theirs, List<InstanceKey> sources) {
    long self = mine.identity().serverId();
    if (!mine.positions().historyGtid().contains("-" + self + "-")) {
      return "";
    }
    Set<InstanceKey> above = above(sources);
    if (above.contains(key)) {
      return "";
    }
    return history(mine)
        .filter(gtid -> gtid.server() == self)
        .filter(gtid -> theirs.stream().allMatch(source -> lacks(source, gtid)))
        .filter(gtid -> facts(above).noneMatch(server -> has(server, gtid) || gets(server, gtid)))
        .map(MariaGtid::toString)
        .collect(Collectors.joining(","));
  }

  private static boolean lacks(Facts source, MariaGtid gtid) {
    List<MariaGtid> itsDomain =
        history(source).filter(other -> other.domain() == gtid.domain()).toList();
    MariaGtid last =
        MariaPosition.parse(source.positions().executedGtid())
            .last()
            .getOrDefault(gtid.domain(), new MariaGtid(gtid.domain(), gtid.server(), 0));
    boolean reachesBack =
        last.sequence() <= gtid.sequence()
            || itsDomain.stream().anyMatch(o -> o.sequence() < gtid.sequence());
    return !has(source, gtid) && reachesBack;
  }

  private static boolean has(Facts server, MariaGtid gtid) {
    return history(server)
        .anyMatch(
            o ->
                o.domain() == gtid.domain()
                    && o.server() == gtid.server()
                    && o.sequence() >= gtid.sequence());
  }

  /** Whether it has received it, and may not have applied it yet. */
  private static boolean gets(Facts server, MariaGtid gtid) {
    return server.channels().stream()
        .map(c -> MariaPosition.parse(c.progress().receivedGtid()).last().get(gtid.domain()))
        .anyMatch(
            last ->
                last != null
                    && last.server() == gtid.server()
                    && last.sequence() >= gtid.sequence());
  }

  private static Stream<MariaGtid> history(Facts facts) {
    String text = facts.positions().historyGtid();
    return text.isBlank() ? Stream.empty() : Stream.of(text.split(",")).map(MariaGtid::parse);
  }
}
