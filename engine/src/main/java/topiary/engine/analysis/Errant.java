package topiary.engine.analysis;

import java.util.ArrayDeque;
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
 * Errant transactions: those a replica has and its source has not, written by nobody above it. A
 * source is seen a little earlier or later than its replica, so what the servers above have written
 * may be missing at it by appearance only; what anybody else has written is missing in truth.
 */
public final class Errant {

  private final Topology topology;

  private Errant(Topology topology) {
    this.topology = topology;
  }

  /**
   * The errant transactions of a server, in its own notation; empty for none, and when the server
   * or its source was never seen.
   */
  public static Optional<String> of(Topology topology, InstanceKey key) {
    return topology
        .instance(key)
        .flatMap(Instance::facts)
        .flatMap(f -> new Errant(topology).of(key, f, sources(f)));
  }

  /** What it would have of its own below another source. */
  public static Optional<String> below(Topology topology, InstanceKey key, InstanceKey source) {
    return topology
        .instance(key)
        .flatMap(Instance::facts)
        .flatMap(f -> new Errant(topology).of(key, f, List.of(source)));
  }

  private static List<InstanceKey> sources(Facts facts) {
    return facts.channels().stream().map(Channel::source).distinct().toList();
  }

  private Optional<String> of(InstanceKey key, Facts mine, List<InstanceKey> sources) {
    List<Facts> theirs =
        sources.stream()
            .flatMap(s -> topology.instance(s).flatMap(Instance::facts).stream())
            .toList();
    boolean known = !sources.isEmpty() && theirs.size() == sources.size();
    boolean maria = mine.identity().flavor() == Flavor.MARIADB;
    if (!known
        || theirs.stream().anyMatch(f -> (f.identity().flavor() == Flavor.MARIADB) != maria)) {
      return Optional.empty();
    }
    // As nearly always, and cheap: it has just what its source has.
    boolean level =
        theirs.stream()
            .anyMatch(
                f ->
                    f.positions().executedGtid().equals(mine.positions().executedGtid())
                        && f.positions().historyGtid().equals(mine.positions().historyGtid()));
    if (level) {
      return Optional.empty();
    }
    Set<InstanceKey> above = above(sources);
    try {
      String errant = maria ? maria(key, mine, theirs, above) : mysql(mine, theirs, above);
      return Optional.of(errant).filter(text -> !text.isEmpty());
    } catch (IllegalArgumentException e) {
      // What cannot be read is not compared; the probe has complained about it.
      return Optional.empty();
    }
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

  private Stream<Identity> identities(Set<InstanceKey> keys) {
    return keys.stream()
        .flatMap(k -> topology.instance(k).flatMap(Instance::facts).stream())
        .map(Facts::identity);
  }

  private String mysql(Facts mine, List<Facts> theirs, Set<InstanceKey> above) {
    GtidSet rest = GtidSet.parse(mine.positions().executedGtid());
    for (Facts source : theirs) {
      rest = rest.minus(GtidSet.parse(source.positions().executedGtid()));
    }
    Set<String> writers =
        identities(above).flatMap(i -> i.uuid().stream()).collect(Collectors.toSet());
    return rest.from(server -> !writers.contains(server)).toString();
  }

  /**
   * MariaDB keeps no sets, only the last of each writer in each domain. So only what this server
   * has written itself is told for certain, and only when the source's own history reaches back
   * before it: a source made from a backup knows nothing of the writers before.
   */
  private String maria(InstanceKey key, Facts mine, List<Facts> theirs, Set<InstanceKey> above) {
    if (above.contains(key)) {
      return "";
    }
    long self = mine.identity().serverId();
    return history(mine)
        .filter(gtid -> gtid.server() == self)
        .filter(gtid -> theirs.stream().allMatch(source -> lacks(source, gtid)))
        .map(MariaGtid::toString)
        .collect(Collectors.joining(","));
  }

  private static boolean lacks(Facts source, MariaGtid gtid) {
    List<MariaGtid> itsDomain =
        history(source).filter(other -> other.domain() == gtid.domain()).toList();
    boolean has =
        itsDomain.stream()
            .anyMatch(o -> o.server() == gtid.server() && o.sequence() >= gtid.sequence());
    MariaGtid last =
        MariaPosition.parse(source.positions().executedGtid())
            .last()
            .getOrDefault(gtid.domain(), new MariaGtid(gtid.domain(), gtid.server(), 0));
    boolean reachesBack =
        last.sequence() <= gtid.sequence()
            || itsDomain.stream().anyMatch(o -> o.sequence() < gtid.sequence());
    return !has && reachesBack;
  }

  private static Stream<MariaGtid> history(Facts facts) {
    String text = facts.positions().historyGtid();
    return text.isBlank() ? Stream.empty() : Stream.of(text.split(",")).map(MariaGtid::parse);
  }
}
