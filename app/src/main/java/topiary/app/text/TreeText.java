package topiary.app.text;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.engine.analysis.Errant;
import topiary.engine.model.Channel;
import topiary.engine.model.Cloud;
import topiary.engine.model.Facts;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.said.OfServer;

/** Trees as lines. */
public final class TreeText {

  private final Topology topology;
  private final Ink ink;
  private final Instant now;
  private final Function<InstanceKey, OfServer> said;

  /** Where nobody says anything. */
  public TreeText(Topology topology, Ink ink, Instant now) {
    this(topology, ink, now, key -> OfServer.NOTHING);
  }

  /**
   * Trees as lines.
   *
   * @param said what people say of a server
   */
  public TreeText(Topology topology, Ink ink, Instant now, Function<InstanceKey, OfServer> said) {
    this.said = said;
    this.topology = topology;
    this.ink = ink;
    this.now = now;
  }

  /** One tree: a line for each server, indented below its source. */
  public String of(Tree tree) {
    var table = new Table();
    List<Tree.Place> places = tree.places();
    for (int i = 0; i < places.size(); i++) {
      Tree.Place place = places.get(i);
      Instance instance = topology.instance(place.key()).orElseThrow();
      String name = branches(places, i) + place.key();
      var cells = new ArrayList<Table.Cell>();
      cells.add(new Table.Cell(name, place.depth() == 0 ? ink.strong(name) : name));
      cells.add(state(instance));
      cells.add(Table.Cell.of(role(instance)));
      cells.add(Table.Cell.of(writes(instance)));
      cells.add(faint(instance.facts().map(f -> f.identity().version().text()).orElse("")));
      cells.add(faint(instance.facts().map(f -> "GTID " + executed(f)).orElse("")));
      cells.add(Table.Cell.of(marks(said.apply(place.key()))));
      table.row(cells);
    }
    var text = new StringBuilder(table.lines());
    for (Tree.Place place : places) {
      complaints(topology.instance(place.key()).orElseThrow())
          .forEach(line -> text.append("  ").append(ink.warn("! " + line)).append('\n'));
    }
    return text.toString();
  }

  /** What people say of a server, while it holds. */
  private String marks(OfServer of) {
    var marks = new ArrayList<String>();
    of.downtime().filter(d -> d.holds(now)).ifPresent(d -> marks.add("downtimed"));
    of.maintenance()
        .filter(m -> m.holds(now))
        .ifPresent(m -> marks.add("maintained by " + m.owner()));
    of.promotion().filter(p -> p.holds(now)).ifPresent(p -> marks.add(p.rule().word()));
    String tags =
        of.tags().entrySet().stream()
            .map(t -> t.getValue().isEmpty() ? t.getKey() : t.getKey() + "=" + t.getValue())
            .collect(Collectors.joining(", "));
    if (!tags.isEmpty()) {
      marks.add("[" + tags + "]");
    }
    return String.join(", ", marks);
  }

  private Table.Cell faint(String text) {
    return new Table.Cell(text, ink.faint(text));
  }

  private static String executed(Facts f) {
    String gtid = f.positions().executedGtid();
    return gtid.isEmpty() ? "none" : gtid;
  }

  private static String branches(List<Tree.Place> places, int index) {
    int depth = places.get(index).depth();
    var line = new StringBuilder();
    for (int level = 1; level <= depth; level++) {
      boolean more = hasSibling(places, index, level);
      boolean own = level == depth;
      line.append(own ? (more ? "├─ " : "└─ ") : (more ? "│  " : "   "));
    }
    return line.toString();
  }

  /** Whether the ancestor at a level has another sibling further down. */
  private static boolean hasSibling(List<Tree.Place> places, int index, int level) {
    for (int i = index + 1; i < places.size() && places.get(i).depth() >= level; i++) {
      if (places.get(i).depth() == level) {
        return true;
      }
    }
    return false;
  }

  private Table.Cell state(Instance i) {
    String words = stateWords(i);
    String shown =
        switch (words) {
          case "ok" -> ink.good(words);
          case "in a ring" -> ink.bad(words);
          case "stopped", "connecting", "not looked at yet" -> ink.warn(words);
          default -> i.seen() && !words.startsWith("error") ? ink.warn(words) : ink.bad(words);
        };
    return new Table.Cell(words, shown);
  }

  private String stateWords(Instance i) {
    if (!i.seen()) {
      return i.condition().words() + seenBefore(i);
    }
    if (cutOff(i)) {
      return "in a ring";
    }
    Optional<Channel> channel = i.primaryChannel();
    if (channel.isEmpty() || channel.get().replicating()) {
      long late = channel.isEmpty() ? 0 : i.facts().map(Facts::late).orElse(0L);
      return late > 0 ? late + " s behind" : "ok";
    }
    Channel c = channel.get();
    if (!c.detached() && c.ioError().present() && c.io() != ThreadState.RUNNING) {
      return "error " + c.ioError().code() + " receiving";
    }
    if (c.sqlError().present() && c.sql() == ThreadState.STOPPED) {
      return "error " + c.sqlError().code() + " applying";
    }
    if (c.detached()) {
      return c.sql() == ThreadState.STOPPED ? "detached, not applying" : "detached";
    }
    return c.stopped()
        ? "stopped"
        : c.io() == ThreadState.CONNECTING ? "connecting" : "half stopped";
  }

  private boolean cutOff(Instance i) {
    return cutOff(topology, i.key());
  }

  /** In a ring of three or more; two that replicate from each other are a way to run primaries. */
  public static boolean cutOff(Topology topology, InstanceKey key) {
    return topology.inRing(key) && topology.sourcesOf(key).size() > 1;
  }

  private String seenBefore(Instance i) {
    return i.lastSeen()
        .map(at -> ", last seen " + Duration.between(at, now).toSeconds() + " s ago")
        .orElse("");
  }

  private String role(Instance i) {
    boolean replica = i.primaryChannel().isPresent();
    boolean source = !topology.replicasOf(i.key()).isEmpty();
    if (i.facts().isEmpty()) {
      return "";
    }
    if (topology.inRing(i.key()) && !cutOff(i)) {
      return "co-primary";
    }
    Optional<Group> group = i.facts().flatMap(Facts::group).filter(g -> !replica);
    if (group.isPresent()) {
      return group.get().secondary() ? "group secondary" : "group primary";
    }
    return replica ? (source ? "intermediate source" : "replica") : "primary";
  }

  private static String writes(Instance i) {
    return i.facts().map(TreeText::writes).orElse("");
  }

  private static String writes(Facts f) {
    var words = new ArrayList<>(List.of(f.settings().readOnly() ? "read-only" : "writeable"));
    if (f.semiSync().source().active() && f.semiSync().source().clients() > 0) {
      words.add("semi-sync source");
    }
    if (f.semiSync().replica().active()) {
      words.add("semi-sync");
    }
    f.primaryChannel().ifPresent(c -> words.addAll(stream(c)));
    f.channels().stream().skip(1).forEach(c -> words.add("also from " + c.source()));
    f.background().cloud().map(Cloud::label).ifPresent(words::add);
    return String.join(", ", words);
  }

  /** How it replicates, where that is not as usual. */
  private static List<String> stream(Channel c) {
    var words = new ArrayList<String>();
    if (c.gtid() == GtidUse.NONE) {
      words.add("by file and position");
    }
    if (c.delaySeconds() > 0) {
      words.add("held back " + c.delaySeconds() + " s");
    }
    if (c.filtered()) {
      words.add("filtered");
    }
    return words;
  }

  private List<String> complaints(Instance i) {
    InstanceKey key = i.key();
    var lines = new ArrayList<String>();
    if (!i.seen() && !i.sentence().isEmpty()) {
      lines.add(i.sentence());
    }
    i.facts().stream()
        .flatMap(f -> f.complaints().stream())
        .map(c -> key + " " + c)
        .forEach(lines::add);
    Errant.of(topology, key)
        .ifPresent(gtids -> lines.add(key + " has errant transactions of its own: " + gtids));
    i.facts().stream()
        .flatMap(f -> f.channels().stream())
        .filter(c -> !c.replicating())
        .forEach(
            c -> {
              if (c.ioError().present() && !c.detached()) {
                lines.add(key + " receiving: " + c.ioError().message());
              }
              if (c.sqlError().present()) {
                lines.add(key + " applying: " + c.sqlError().message());
              }
            });
    return lines;
  }

  /** Whether a server cannot be seen, does not replicate as it should, or is not as its source. */
  public static boolean troubled(Instance i, boolean cutOff, Optional<String> errant) {
    return !i.seen()
        || cutOff
        || errant.isPresent()
        || i.primaryChannel().filter(c -> !c.replicating()).isPresent();
  }
}
