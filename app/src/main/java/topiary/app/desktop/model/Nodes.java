package topiary.app.desktop.model;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.app.gateway.NodesSeen;
import topiary.app.gateway.NodesView;

/**
 * The cluster of nodes, as it is shown.
 *
 * @param rows its nodes, by name
 * @param standing how it is
 * @param mine the name of the node this window is on; empty when that is not known
 * @param words how it is, in few words
 * @param sentence what is wrong; empty when nothing is
 * @param level the feature level all of them use; 0 when that is not known
 */
public record Nodes(
    List<Row> rows, Standing standing, String mine, String words, String sentence, int level) {

  /** So many entries between two looks are no lag. */
  private static final long LATE = 100;

  /** An election takes much less. */
  private static final Duration ELECTION = Duration.ofSeconds(10);

  /** The command line that lets a node that knows of no others take some in. */
  public static final String FIRST_COMMAND = "topiary node --config FILE --bootstrap";

  private static final String SEPARATOR = " · ";

  /** How a cluster of nodes is. */
  public enum Standing {
    /** There is one node only. */
    ALONE,
    /** Every node answers and keeps up. */
    WELL,
    /** It works, and somebody should look. */
    WATCH,
    /** Nothing can be changed. */
    HALTED
  }

  /**
   * A node.
   *
   * @param id given once
   * @param name what people call it
   * @param address where it takes part in the log
   * @param http where it serves, when it has said so
   * @param leads whether it leads
   * @param mine whether this window is on it
   * @param silent whether it is not heard any more
   * @param late whether it is far behind
   * @param part what it does, in a word or two
   * @param facts what else is known, each in a few words
   * @param trouble what is wrong with it, a sentence; empty when nothing is
   */
  public record Row(
      String id,
      String name,
      String address,
      Optional<URI> http,
      boolean leads,
      boolean mine,
      boolean silent,
      boolean late,
      String part,
      List<String> facts,
      String trouble) {

    public Row {
      facts = List.copyOf(facts);
    }

    /** Its sign. */
    public Mood mood() {
      if (silent) {
        return Mood.GONE;
      }
      return late ? Mood.LATE : trouble.isEmpty() ? Mood.WELL : Mood.BROKEN;
    }

    /** Where it is. */
    public String places() {
      return address + http.map(h -> SEPARATOR + h).orElse("");
    }

    /** All of it, for those who hear it. */
    public String spoken() {
      return name
          + ", "
          + part
          + (mine ? ", this window is on it" : "")
          + facts.stream().map(f -> ", " + f).collect(Collectors.joining())
          + (trouble.isEmpty() ? "" : ". " + trouble);
    }
  }

  /** A node that knows of no others. */
  public static final Nodes LONE =
      new Nodes(List.of(), Standing.ALONE, "", "a node on its own", "", 0);

  public Nodes {
    rows = List.copyOf(rows);
  }

  /**
   * What is shown of what was seen.
   *
   * @param leaderless for how long no node is known to lead
   */
  public static Nodes of(NodesSeen seen, Instant now, Duration leaderless) {
    return new Reading(seen, now, leaderless).nodes();
  }

  /** Whether some node says that one leads. */
  static boolean led(NodesSeen seen) {
    return seen.own().values().stream().anyMatch(NodesView::part);
  }

  /** What is made of one answer. */
  private static final class Reading {
    private final NodesSeen seen;
    private final Duration leaderless;
    private final Duration age;

    /** What the leader says, else a node that knows who leads, else the one that was asked. */
    private final NodesView view;

    private final Optional<String> leader;
    private final long committed;

    Reading(NodesSeen seen, Instant now, Duration leaderless) {
      this.seen = seen;
      this.leaderless = leaderless;
      this.age = Duration.between(seen.at(), now);
      this.view =
          seen.own().values().stream()
              .filter(NodesView::leads)
              .max(Comparator.comparing(NodesView::part).thenComparing(NodesView::committed))
              .or(() -> seen.own().values().stream().filter(NodesView::part).findFirst())
              .orElse(seen.view());
      this.leader = view.leader();
      this.committed = seen.own().values().stream().mapToLong(NodesView::committed).max().orElse(0);
    }

    Nodes nodes() {
      List<Row> rows =
          view.nodes().stream()
              .map(this::row)
              .sorted(Comparator.comparing(Row::name).thenComparing(Row::id))
              .toList();
      String mine =
          rows.stream().filter(Row::mine).map(Row::name).findFirst().orElse(seen.view().self());
      int of = rows.size();
      int present = (int) rows.stream().filter(r -> !r.silent()).count();
      Standing standing = standing(rows, present);
      return new Nodes(
          rows, standing, mine, words(rows, present, of), sentence(rows, present), view.level());
    }

    private boolean halted(int present) {
      return present < view.majority() || leaderless.compareTo(ELECTION) > 0;
    }

    private Standing standing(List<Row> rows, int present) {
      if (halted(present)) {
        return Standing.HALTED;
      }
      if (rows.stream().anyMatch(r -> r.mood() != Mood.WELL) || leader.isEmpty()) {
        return Standing.WATCH;
      }
      return rows.size() == 1 ? Standing.ALONE : Standing.WELL;
    }

    private String words(List<Row> rows, int present, int of) {
      if (of == 1 && leader.isPresent()) {
        return "alone";
      }
      String leads =
          rows.stream()
              .filter(Row::leads)
              .map(r -> r.name() + " leads")
              .findFirst()
              .orElse("none leads");
      return leads + SEPARATOR + present + " of " + Human.many(of, "node");
    }

    private String sentence(List<Row> rows, int present) {
      if (present < view.majority()) {
        return "No majority of nodes: watching only; nothing can be changed until "
            + view.majority()
            + " of "
            + rows.size()
            + " are back.";
      }
      if (leader.isEmpty()) {
        return halted(present)
            ? "No node has led for "
                + Human.span(leaderless.toSeconds())
                + ", though "
                + present
                + " of "
                + rows.size()
                + " answer this window: watching only; nothing can be changed until they reach"
                + " each other again."
            : "No node leads at this moment; one is being elected.";
      }
      var all = new ArrayList<String>();
      rows.stream().filter(Row::silent).forEach(r -> all.add(r.name() + " is silent."));
      rows.stream().filter(Row::late).forEach(r -> all.add(r.name() + " is far behind."));
      rows.stream().map(Row::trouble).filter(t -> !t.isEmpty()).forEach(all::add);
      if (present < rows.size() && present - 1 < view.majority()) {
        all.add("When one more node is lost, nothing can be changed any more.");
      }
      return String.join(" ", all);
    }

    private Row row(NodesView.Node node) {
      Optional<NodesView> own = Optional.ofNullable(seen.own().get(node.id()));
      boolean leads = leader.filter(node.id()::equals).isPresent();
      boolean silent = leader.isPresent() ? !leads && node.silent() : own.isEmpty();
      long lag = own.map(o -> Math.max(0, committed - o.applied())).orElse(0L);
      boolean late = !silent && lag > LATE;
      // That it has no majority is said of all of them.
      String trouble = own.filter(NodesView::part).map(NodesView::trouble).orElse("");
      return new Row(
          node.id(),
          node.name(),
          node.address(),
          node.http(),
          leads,
          node.id().equals(seen.view().self()),
          silent,
          late,
          part(own, leads, silent),
          facts(node, own, silent, late, lag),
          trouble.isEmpty() ? "" : Words.sentence(trouble));
    }

    private static String part(Optional<NodesView> own, boolean leads, boolean silent) {
      if (leads) {
        return "leads";
      }
      if (silent) {
        return "silent";
      }
      return switch (own.map(NodesView::role).orElse("follower")) {
        case "candidate" -> "wants to lead";
        case "outside" -> "not taken in yet";
        case "ended" -> "ended";
        default -> "follows";
      };
    }

    private List<String> facts(
        NodesView.Node node, Optional<NodesView> own, boolean silent, boolean late, long lag) {
      var facts = new ArrayList<String>();
      node.heard().map(h -> h.plus(age)).map(h -> heard(h, silent)).ifPresent(facts::add);
      if (own.isEmpty()) {
        facts.add("no answer to this window");
      } else if (!silent) {
        facts.add(late ? Human.count(lag) + " entries behind" : "up to date");
        facts.add(
            own.get()
                .snapshotAge()
                .map(s -> "snapshot " + Human.rough(s.plus(age).toSeconds()) + " old")
                .orElse("no snapshot yet"));
      }
      if (!node.version().isEmpty()) {
        facts.add("Topiary " + node.version());
      }
      if (node.level() > 0) {
        boolean holds =
            node.level() == view.level()
                && view.nodes().stream().anyMatch(n -> n.level() > node.level());
        facts.add("level " + node.level() + (holds ? ", holds the others there" : ""));
      }
      return facts;
    }

    /** What a leader heard within a second or two is heard now. */
    private static String heard(Duration ago, boolean silent) {
      return silent || ago.compareTo(NodesView.SILENCE.multipliedBy(2)) > 0
          ? "last heard " + Human.span(ago.toSeconds()) + " ago"
          : "heard just now";
    }
  }

  /** A node by its id. */
  public Optional<Row> row(String id) {
    return rows.stream().filter(r -> r.id().equals(id)).findFirst();
  }

  /** How many of how many answer, where there is no room for more. */
  public String brief() {
    return rows.stream().filter(r -> !r.silent()).count() + "/" + rows.size();
  }

  /** Why nothing at all can be changed, a sentence; empty when it can. */
  public String halted() {
    return standing == Standing.HALTED ? sentence : "";
  }

  // ---- what can be done with a node

  /** Why a node cannot be made to lead, a sentence; empty when it can. */
  public String notLead(Row row) {
    if (standing == Standing.HALTED) {
      return sentence;
    }
    if (row.leads()) {
      return row.name() + " leads already.";
    }
    return row.silent() ? row.name() + " is silent." : "";
  }

  /** Why the leader cannot be made to step down, a sentence; empty when it can. */
  public String notStepDown() {
    if (standing == Standing.HALTED) {
      return sentence;
    }
    if (rows.size() < 2) {
      return "There is no other node.";
    }
    return rows.stream().noneMatch(Row::leads) ? "No node leads at this moment." : "";
  }

  /** Why a node cannot be removed, a sentence; empty when it can. */
  public String notRemove(Row row) {
    if (standing == Standing.HALTED) {
      return sentence;
    }
    int left = rows.size() - 1;
    if (left == 0) {
      return row.name() + " is the only node.";
    }
    long present = rows.stream().filter(r -> !r.silent() && !r.id().equals(row.id())).count();
    return present < left / 2 + 1
        ? "Without "
            + row.name()
            + " only "
            + present
            + " of "
            + Human.many(left, "node")
            + " would answer, which can decide nothing."
        : "";
  }

  /** What remains without a node. */
  public String without(Row row) {
    int left = rows.size() - 1;
    var all = new ArrayList<String>();
    all.add(
        rows.size()
            + " → "
            + Human.many(left, "node")
            + ": the cluster then survives the loss of "
            + (left - 1) / 2
            + ".");
    if (row.leads()) {
      all.add(row.name() + " leads; another node is elected.");
    }
    if (row.mine()) {
      all.add("This window is on it, and goes on with another.");
    }
    rows.stream()
        .filter(r -> r.silent() && !r.id().equals(row.id()))
        .forEach(r -> all.add(r.name() + ", which stays, is silent now."));
    all.add(row.name() + " comes back only by joining anew, with an empty data folder.");
    return String.join(" ", all);
  }

  /** How many losses it survives now, in a sentence; empty for a node on its own. */
  public String strength() {
    int of = rows.size();
    if (of < 2) {
      return "";
    }
    int quorum = of / 2 + 1;
    long present = rows.stream().filter(r -> !r.silent()).count();
    long spare = Math.max(0, present - quorum);
    return quorum
        + " of "
        + of
        + " nodes decide together"
        + (spare == 0 ? "" : "; " + spare + " can be spared now")
        + ". Feature level "
        + level
        + ".";
  }

  /** The command line that adds a node. */
  public String joinCommand() {
    String to =
        rows.stream()
            .filter(r -> !r.silent())
            .sorted(Comparator.comparing(Row::leads).reversed())
            .flatMap(r -> r.http().stream())
            .map(URI::toString)
            .findFirst()
            .orElse("http://HOST:3000");
    return "topiary node --config FILE --join " + to;
  }
}
