package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import topiary.app.gateway.FindingView;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.said.OfServer;

/**
 * A cluster at a glance.
 *
 * @param head the server at its root
 * @param servers how many
 * @param versions each with how many run it, the most frequent first
 * @param replicas how many are to replicate
 * @param replicating how many of them do, on time or not
 * @param late how many of those are behind
 * @param largestLag in seconds, and whose; empty when nobody is behind
 * @param problems all of them, the worst first
 */
public record Overview(
    InstanceKey head,
    int servers,
    List<Version> versions,
    int replicas,
    int replicating,
    int late,
    Optional<Lag> largestLag,
    List<Problem> problems) {

  /**
   * Servers that run the same.
   *
   * @param name flavour and number
   * @param servers how many
   */
  public record Version(String name, int servers) {}

  /**
   * How far somebody is behind.
   *
   * @param key who
   * @param seconds how far
   */
  public record Lag(InstanceKey key, long seconds) {

    /** For people. */
    public String words() {
      return span() + ", " + key;
    }

    /** How far, for people. */
    public String span() {
      return Human.span(seconds);
    }
  }

  /**
   * A server somebody should look at.
   *
   * @param key which
   * @param mood how it is
   * @param sentence what is wrong
   */
  public record Problem(InstanceKey key, Mood mood, String sentence) {}

  public Overview {
    versions = List.copyOf(versions);
    problems = List.copyOf(problems);
  }

  /** The overview of a tree, where nothing is found. */
  static Overview of(Tree tree, Topology in) {
    return of(tree, in, Map.of());
  }

  /** The overview of a tree. */
  public static Overview of(Tree tree, Topology in, Map<InstanceKey, List<FindingView>> found) {
    var versions = new TreeMap<String, Integer>();
    var problems = new ArrayList<Problem>();
    int replicas = 0;
    int replicating = 0;
    int late = 0;
    Optional<Lag> largest = Optional.empty();
    for (InstanceKey key : tree.members()) {
      Optional<Instance> instance = in.instance(key);
      if (instance.isEmpty()) {
        continue;
      }
      ServerCard card =
          ServerCard.of(instance.get(), in, OfServer.NOTHING, found.getOrDefault(key, List.of()));
      versions.merge(card.version().isEmpty() ? "unknown" : card.version(), 1, Integer::sum);
      problem(card).ifPresent(problems::add);
      boolean replica = instance.get().primaryChannel().isPresent();
      boolean works = card.mood().replicates();
      replicas += replica ? 1 : 0;
      replicating += replica && works ? 1 : 0;
      late += card.mood() == Mood.LATE ? 1 : 0;
      long lag = card.lag().orElse(0L);
      if (lag > largest.map(Lag::seconds).orElse(0L)) {
        largest = Optional.of(new Lag(key, lag));
      }
    }
    problems.sort(Comparator.comparing(Overview::rank).thenComparing(Problem::key));
    return new Overview(
        tree.head(),
        tree.places().size(),
        versions.entrySet().stream()
            .map(e -> new Version(e.getKey(), e.getValue()))
            .sorted(Comparator.comparing(Version::servers).reversed())
            .toList(),
        replicas,
        replicating,
        late,
        largest,
        problems);
  }

  /** The rank of a cluster of which nobody is in trouble. */
  static final int FINE = 5;

  /** How bad it is, the worst first. */
  static int rank(Problem p) {
    return switch (p.mood()) {
      case GONE -> 0;
      case BROKEN -> 1;
      case HALTED -> 2;
      case DETACHED, ERRANT -> 3;
      default -> 4;
    };
  }

  /** What somebody should look at; one that seems well may be none the less. */
  static Optional<Problem> problem(ServerCard card) {
    if (card.mood().troubled()) {
      return Optional.of(new Problem(card.key(), card.mood(), sentence(card)));
    }
    return card.alarm()
        .filter(Alarm::certain)
        .map(a -> new Problem(card.key(), Mood.BROKEN, a.sentence()));
  }

  static String sentence(ServerCard card) {
    String state = Words.capital(card.state());
    return card.problem().isEmpty() ? state : state + ": " + card.problem();
  }

  /** What there is to say besides the problems, as rows. */
  public List<Details.Row> rows() {
    var rows = new ArrayList<Details.Row>();
    add(rows, "Servers", Human.count(servers));
    for (int i = 0; i < versions.size(); i++) {
      Version v = versions.get(i);
      String each = versions.size() == 1 ? v.name() : v.name() + ", " + Human.count(v.servers());
      add(rows, i == 0 ? versions.size() == 1 ? "Version" : "Versions" : "", each);
    }
    if (replicas > 0) {
      add(rows, "Replicating", Human.count(replicating) + " of " + Human.count(replicas));
      add(rows, "Behind", late == 0 ? "none" : Human.count(late));
      add(rows, "Largest lag", largestLag.map(Lag::words).orElse("none"));
    }
    add(rows, "In trouble", problems.isEmpty() ? "none" : Human.count(problems.size()));
    return rows;
  }

  private static void add(List<Details.Row> to, String name, String value) {
    to.add(new Details.Row(name, value, "", Details.Kind.PLAIN));
  }
}
