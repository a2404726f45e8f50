package topiary.app.desktop.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.app.desktop.model.Notice.About;
import topiary.app.desktop.model.Notice.Severity;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.Seen;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** What happened between two states of what is seen; what happened to many is said once. */
final class News {

  /** So many servers of a cluster to which the same happened are named one by one. */
  private static final int FEW = 2;

  /** Of so many clusters to which the same happened each has a sentence of its own. */
  private static final int FEW_CLUSTERS = 3;

  private enum Kind {
    FAILS(Severity.ERROR, " fails: ", " fail: "),
    LOST(Severity.ERROR, " is ", " are "),
    BROKEN(Severity.ERROR, " does not replicate any more", " do not replicate any more"),
    STOPPED(Severity.WARNING, " was stopped", " were stopped"),
    OVER(Severity.GOOD, " fails no more: ", " fail no more: "),
    BACK(Severity.GOOD, " is seen again", " are seen again"),
    HEALED(Severity.GOOD, " replicates again", " replicate again"),
    MOVED(Severity.NEWS, " replicates from ", " replicate from "),
    FOUND(Severity.NEWS, " was found", " were found"),
    ODD(Severity.WARNING, " ", ": each "),
    FORGOTTEN(Severity.NEWS, " is not looked after any more", " are not looked after any more");

    private final Severity severity;
    private final String one;
    private final String many;

    Kind(Severity severity, String one, String many) {
      this.severity = severity;
      this.one = one;
      this.many = many;
    }
  }

  /**
   * What happened to one server.
   *
   * @param kind what
   * @param cluster to which cluster it belongs
   * @param more what is the same for all to which the same happened
   * @param why what is its own
   * @param server to which
   */
  private record Event(
      Kind kind, Optional<ClusterId> cluster, String more, String why, InstanceKey server) {}

  private final Seen before;
  private final Seen now;
  private final Instant at;
  private final List<Notice> notices = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  private News(Seen before, Seen now, Instant at) {
    this.before = before;
    this.now = now;
    this.at = at;
  }

  /** The news, what matters most first; none before anything was known. */
  static List<Notice> between(Seen before, Seen now, Instant at) {
    if (before.heard().isEmpty()) {
      return List.of();
    }
    return new News(before, now, at).tell();
  }

  private List<Notice> tell() {
    if (before.live() && now.link() == Seen.Link.LOST) {
      String why = now.trouble();
      notice(
          About.NODE,
          Severity.ERROR,
          why.isEmpty() ? "The node does not answer" : Words.capital(why),
          Optional.empty());
    } else if (!before.live() && now.live()) {
      notice(About.NODE, Severity.GOOD, "The node answers again", Optional.empty());
    }
    if (before.topology() != now.topology() || before.found() != now.found()) {
      heads();
      findings();
      servers();
      merge();
    }
    return List.copyOf(notices);
  }

  private void notice(
      About about, Severity severity, String sentence, Optional<InstanceKey> server) {
    notices.add(new Notice(about, severity, sentence + ".", at, server));
  }

  // ---- heads

  private void heads() {
    // As long as the trees are the very same, nobody has another head.
    if (before.topology().trees() == now.topology().trees()
        && before.clusters().equals(now.clusters())) {
      return;
    }
    Map<ClusterId, Set<InstanceKey>> then = heads(before);
    heads(now)
        .forEach(
            (cluster, heads) -> {
              Set<InstanceKey> old = then.getOrDefault(cluster, Set.of());
              // A server that only fell off its tree is a head too for a while, and is not meant.
              if (heads.size() == 1
                  && old.size() == 1
                  && !old.equals(heads)
                  && before.topology().has(heads.iterator().next())) {
                InstanceKey head = heads.iterator().next();
                notice(
                    About.SERVERS,
                    Severity.WARNING,
                    head + " is the head of its cluster now, in place of " + old.iterator().next(),
                    Optional.of(head));
              }
            });
  }

  private static Map<ClusterId, Set<InstanceKey>> heads(Seen seen) {
    Topology topology = seen.topology();
    Map<ClusterId, Set<InstanceKey>> heads = new HashMap<>();
    for (Instance i : topology.instances().values()) {
      ClusterId cluster = seen.clusters().get(i.key());
      if (cluster != null && i.source().filter(topology.instances()::containsKey).isEmpty()) {
        heads.computeIfAbsent(cluster, id -> new HashSet<>()).add(i.key());
      }
    }
    return heads;
  }

  // ---- findings

  /** Failures only: whatever else is wrong stands in the list of it, and would only be noise. */
  private void findings() {
    now.found()
        .forEach(
            (key, found) ->
                failure(found)
                    .filter(f -> failure(before.found(key)).filter(f::same).isEmpty())
                    .ifPresent(f -> found(Kind.FAILS, key, f)));
    before
        .found()
        .forEach(
            (key, found) ->
                failure(found)
                    .filter(f -> failure(now.found(key)).isEmpty())
                    .ifPresent(f -> found(Kind.OVER, key, f)));
  }

  private static Optional<FindingView> failure(List<FindingView> found) {
    return found.stream()
        .filter(f -> f.severity() == topiary.engine.finding.Severity.FAILURE)
        .findFirst();
  }

  private void found(Kind kind, InstanceKey key, FindingView finding) {
    Optional<ClusterId> cluster = Optional.ofNullable(now.clusters().get(key));
    String why = kind == Kind.FAILS ? finding.words() : "";
    events.add(new Event(kind, cluster, finding.code(), why, key));
  }

  // ---- servers

  private void servers() {
    Map<InstanceKey, Instance> then = before.topology().instances();
    for (Instance i : now.topology().instances().values()) {
      Instance old = then.get(i.key());
      if (old == null) {
        event(Kind.FOUND, now, i, "", "");
      } else if (old != i) {
        changed(old, i);
      }
    }
    if (then.size() == now.topology().instances().size()
        && events.stream().noneMatch(e -> e.kind() == Kind.FOUND)) {
      return;
    }
    for (Instance old : then.values()) {
      if (!now.topology().has(old.key())) {
        event(Kind.FORGOTTEN, before, old, "", "");
      }
    }
  }

  private void changed(Instance old, Instance i) {
    if (gone(i) && !gone(old)) {
      event(Kind.LOST, now, i, i.condition().words(), i.sentence());
    } else if (gone(old) && i.seen()) {
      event(Kind.BACK, now, i, "", "");
    }
    if (!i.seen() || old.facts().isEmpty()) {
      return;
    }
    List<String> known = old.facts().get().complaints();
    i.facts().stream()
        .flatMap(f -> f.complaints().stream())
        .filter(complaint -> !known.contains(complaint))
        .forEach(complaint -> event(Kind.ODD, now, i, complaint, ""));
    boolean was = broken(old);
    boolean is = broken(i);
    if (is && !was) {
      event(Kind.BROKEN, now, i, "", ServerCard.of(i, now.topology()).state());
    } else if (stopped(i) && !stopped(old) && !is) {
      event(Kind.STOPPED, now, i, "", "");
    } else if ((was && !is || stopped(old)) && replicates(i)) {
      event(Kind.HEALED, now, i, "", "");
    }
    i.source()
        .filter(source -> old.source().filter(s -> !s.equals(source)).isPresent())
        .ifPresent(source -> event(Kind.MOVED, now, i, source + " now", ""));
  }

  private void event(Kind kind, Seen seen, Instance i, String more, String why) {
    events.add(
        new Event(kind, Optional.ofNullable(seen.clusters().get(i.key())), more, why, i.key()));
  }

  private static boolean stopped(Instance i) {
    return i.primaryChannel().filter(Channel::stopped).isPresent();
  }

  private static boolean replicates(Instance i) {
    return i.primaryChannel().filter(Channel::replicating).isPresent();
  }

  private static boolean gone(Instance i) {
    return !i.seen() && i.condition() != Condition.UNSEEN;
  }

  /** Whether its replication failed when it was last seen. */
  private static boolean broken(Instance i) {
    return ServerCard.failed(i);
  }

  // ---- many

  private record Same(Kind kind, String more) {}

  private void merge() {
    Map<Same, Map<Optional<ClusterId>, List<Event>>> all = new LinkedHashMap<>();
    events.stream()
        .sorted(Comparator.comparing(Event::kind))
        .forEach(
            e ->
                all.computeIfAbsent(new Same(e.kind(), e.more()), s -> new LinkedHashMap<>())
                    .computeIfAbsent(e.cluster(), c -> new ArrayList<>())
                    .add(e));
    all.forEach(
        (same, clusters) -> {
          if (clusters.size() > FEW_CLUSTERS) {
            List<Event> of = clusters.values().stream().flatMap(List::stream).toList();
            many(same, of, " of " + clusters.size() + " clusters");
          } else {
            clusters.values().forEach(of -> cluster(same, of));
          }
        });
  }

  private void cluster(Same same, List<Event> of) {
    if (of.size() > FEW) {
      many(same, of, of.getFirst().cluster().map(this::name).orElse(""));
      return;
    }
    for (Event e : of) {
      notice(
          About.SERVERS,
          e.kind().severity,
          e.server() + same.kind().one + e.more() + (e.why().isEmpty() ? "" : ": " + e.why()),
          Optional.of(e.server()));
    }
  }

  private void many(Same same, List<Event> of, String whose) {
    notice(
        About.SERVERS,
        same.kind().severity,
        of.size() + " servers" + whose + same.kind().many + same.more(),
        Optional.of(of.getFirst().server()));
  }

  private String name(ClusterId cluster) {
    Set<InstanceKey> heads = heads(now).getOrDefault(cluster, Set.of());
    return heads.isEmpty() ? "" : " of the cluster of " + heads.iterator().next();
  }
}
