package topiary.app.legacy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.engine.model.InstanceKey;

/**
 * Draws one cluster as text, the way orchestrator does.
 *
 * <p>Widths are in characters: but for the mark of a group's members, everything is ASCII.
 */
final class AsciiTopology {

  /** One server in the drawing, top to bottom. */
  private record Line(String name, LegacyInstance server) {}

  /** A server still to be drawn. */
  private record Open(LegacyInstance server, int depth) {}

  private final List<LegacyInstance> members;
  private final Map<InstanceKey, List<LegacyInstance>> below = new HashMap<>();
  private final List<LegacyInstance> roots = new ArrayList<>();

  /**
   * What is to be drawn.
   *
   * @param members of one cluster, in order of their address
   */
  AsciiTopology(List<LegacyInstance> members) {
    this.members = members;
    Set<InstanceKey> inside = members.stream().map(LegacyInstance::key).collect(Collectors.toSet());
    for (LegacyInstance member : members) {
      member
          .instance()
          .source()
          .filter(inside::contains)
          .ifPresentOrElse(
              s -> below.computeIfAbsent(s, k -> new ArrayList<>()).add(member),
              () -> roots.add(member));
    }
  }

  /** Names, then all that is told of them between brackets that stand below each other. */
  String bracketed() {
    return bracketed(server -> "");
  }

  /** The same, and then their tags. */
  String tagged() {
    return bracketed(server -> " " + server.tags());
  }

  private String bracketed(Function<LegacyInstance, String> more) {
    List<Line> lines = lines();
    int width = lines.stream().mapToInt(l -> l.name().length()).max().orElse(0);
    return lines.stream()
        .map(
            l -> padded(l.name(), width) + " [" + tokens(l.server()) + "]" + more.apply(l.server()))
        .collect(Collectors.joining("\n"));
  }

  private static String tokens(LegacyInstance server) {
    return server.description().stream()
        .filter(token -> !token.isEmpty())
        .collect(Collectors.joining(","));
  }

  /** The same in columns, the one of the lag right-aligned. */
  String tabulated() {
    List<List<String>> rows =
        lines().stream()
            .map(
                l -> {
                  var row = new ArrayList<>(List.of(l.name()));
                  row.addAll(l.server().description());
                  return (List<String>) row;
                })
            .toList();
    return rows.stream().map(row -> row(row, rows)).collect(Collectors.joining("\n"));
  }

  private static String row(List<String> row, List<List<String>> rows) {
    var cells = new ArrayList<String>();
    for (int column = 0; column < row.size(); column++) {
      int at = column;
      int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
      String cell = row.get(column);
      boolean right = column == 1;
      cells.add(right ? " ".repeat(width - cell.length()) + cell : padded(cell, width));
    }
    return String.join("|", cells);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private List<Line> lines() {
    if (!roots.isEmpty()) {
      return draw(new Open(roots.getLast(), 0));
    }
    List<LegacyInstance> coMasters = members.stream().filter(LegacyInstance::coMaster).toList();
    if (!coMasters.isEmpty()) {
      return coMasters.stream().flatMap(m -> draw(new Open(m, 1)).stream()).toList();
    }
    // A ring of three or more, of which orchestrator draws nothing: ours begins at its head.
    return members.stream()
        .filter(m -> m.depth() == 0)
        .flatMap(m -> draw(new Open(m, 0)).stream())
        .toList();
  }

  private List<Line> draw(Open first) {
    var lines = new ArrayList<Line>();
    var drawn = new HashSet<InstanceKey>();
    var open = new ArrayDeque<Open>();
    open.push(first);
    while (!open.isEmpty()) {
      Open next = open.pop();
      LegacyInstance server = next.server();
      // A co-master below another has a branch of its own.
      boolean elsewhere = server.coMaster() && next.depth() > 1;
      if (!elsewhere && drawn.add(server.key())) {
        lines.add(new Line(prefix(server, next.depth()) + Text.of(server.key()), server));
        below.getOrDefault(server.key(), List.of()).reversed().stream()
            .map(replica -> new Open(replica, next.depth() + 1))
            .forEach(open::push);
      }
    }
    return lines;
  }

  private static String prefix(LegacyInstance server, int depth) {
    if (depth == 0) {
      return "";
    }
    String replica = server.healthyReplica() ? "+ " : "- ";
    return "  ".repeat(depth - 1) + (server.groupSecondary() ? "‡ " : replica);
  }
}
