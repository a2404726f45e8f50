package topiary.app.text;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import topiary.app.cluster.ClusterMember;
import topiary.app.cluster.ClusterView;
import topiary.app.cluster.Quorum;

/** The cluster of nodes, for people. */
public final class ClusterText {

  private static final String UNKNOWN = "—";

  private final Ink ink;

  public ClusterText(Ink ink) {
    this.ink = ink;
  }

  /** A line of this node, a table of all, and what is wrong. */
  public String of(ClusterView view) {
    var table = new Table();
    table.row(
        List.of(
            Table.Cell.of(""),
            faint("node"),
            faint("role"),
            faint("heard"),
            faint("log"),
            faint("serves"),
            faint("level"),
            faint("version")));
    List<ClusterMember> silent = Quorum.of(view).silent();
    for (ClusterMember m : view.members()) {
      table.row(
          List.of(
              Table.Cell.of(m.self() ? "*" : ""),
              Table.Cell.of(m.name().equals(m.id()) ? m.id() : m.name() + " (" + m.id() + ")"),
              role(m),
              heard(m, silent.contains(m)),
              Table.Cell.of(m.address()),
              Table.Cell.of(m.http().map(URI::toString).orElse(UNKNOWN)),
              Table.Cell.of(m.level() == 0 ? UNKNOWN : Integer.toString(m.level())),
              Table.Cell.of(m.version().isEmpty() ? UNKNOWN : m.version())));
    }
    return "Cluster "
        + view.cluster()
        + ", term "
        + view.term()
        + "\n"
        + table.lines()
        + line(view)
        + trouble(view);
  }

  /** How this node does its part, in one line. */
  public String line(ClusterView view) {
    Optional<String> leader =
        view.leaderMember().filter(m -> !m.self()).map(m -> m.name() + " leads, ");
    long lag = view.lag();
    return "this node: "
        + view.role()
        + ", "
        + leader.orElse(view.leader().isEmpty() ? "nobody leads, " : "")
        + (lag == 1 ? "1 entry" : lag + " entries")
        + " behind at "
        + view.applied()
        + ", "
        + view.snapshotAge()
            .map(age -> "snapshot " + age(age) + " old at " + view.snapshotIndex())
            .orElse("no snapshot")
        + ", level "
        + view.level()
        + "\n";
  }

  /** Who is not heard, a line each; only the node that leads knows. */
  public String silent(ClusterView view) {
    var text = new StringBuilder();
    for (ClusterMember m : Quorum.of(view).silent()) {
      text.append("not heard for ")
          .append(age(m.heard().orElseThrow()))
          .append(": ")
          .append(m.name())
          .append('\n');
    }
    return text.toString();
  }

  private String trouble(ClusterView view) {
    return Quorum.trouble(view).map(words -> ink.bad("in trouble: " + words) + "\n").orElse("");
  }

  private Table.Cell faint(String text) {
    return new Table.Cell(text, ink.faint(text));
  }

  private Table.Cell role(ClusterMember member) {
    return member.leads()
        ? new Table.Cell("leader", ink.strong("leader"))
        : Table.Cell.of("member");
  }

  private Table.Cell heard(ClusterMember member, boolean silent) {
    if (member.self()) {
      return Table.Cell.of("here");
    }
    String text = member.heard().map(ago -> age(ago) + " ago").orElse(UNKNOWN);
    return silent ? new Table.Cell(text, ink.bad(text)) : Table.Cell.of(text);
  }

  /** Coarser the longer it is. */
  private static String age(Duration age) {
    if (age.toSeconds() < 10) {
      return String.format(Locale.ROOT, "%.1f s", age.toMillis() / 1000.0);
    }
    if (age.toSeconds() < 120) {
      return age.toSeconds() + " s";
    }
    if (age.toMinutes() < 120) {
      return age.toMinutes() + " min";
    }
    return age.toHours() < 48 ? age.toHours() + " h" : age.toDays() + " d";
  }
}
