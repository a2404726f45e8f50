package topiary.app.desktop.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.Seen;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.OfServer;

/** What is wrong now, whatever moment is shown. */
public final class FindingsModel {

  /** The worst first, what somebody knows of after all that nobody does; of equals the oldest. */
  private static final Comparator<Line> ORDER =
      Comparator.comparing(Line::known)
          .thenComparing(line -> line.finding().severity())
          .thenComparing(line -> line.finding().since().orElse(Instant.MAX))
          .thenComparing(Line::server);

  private final ReadOnlyObjectProperty<Seen> live;
  private final ReadOnlyObjectWrapper<List<Line>> all = new ReadOnlyObjectWrapper<>(List.of());
  private final BooleanProperty open = new SimpleBooleanProperty();
  private Map<InstanceKey, List<FindingView>> listed = Map.of();
  private Map<InstanceKey, OfServer> said = Map.of();

  /**
   * Something that is wrong.
   *
   * @param server with whom
   * @param finding what
   * @param known whether somebody has said to know of it: by downtime, or maintenance
   */
  public record Line(InstanceKey server, FindingView finding, boolean known) {

    /** In a sentence. */
    public String sentence() {
      return Words.capital(finding.words()) + ".";
    }

    /** How long it is so, for people; empty where that is not told. */
    public String lasting(Instant now) {
      return Alarm.lasting(finding, now).strip();
    }

    /** Who says so, a line for each. */
    public String explained(Instant now) {
      return Alarm.explained(List.of(finding), now);
    }
  }

  FindingsModel(ReadOnlyObjectProperty<Seen> live) {
    this.live = live;
    live.subscribe(this::take);
  }

  private void take(Seen seen) {
    boolean same = seen.said().equals(said) && Alarm.same(listed, seen.found());
    listed = seen.found();
    said = seen.said();
    if (!same) {
      all.set(
          seen.found().entrySet().stream()
              .flatMap(e -> e.getValue().stream().map(f -> line(seen, e.getKey(), f)))
              .sorted(ORDER)
              .toList());
    }
  }

  private static Line line(Seen seen, InstanceKey key, FindingView finding) {
    OfServer of = seen.said(key);
    return new Line(key, finding, of.downtime().isPresent() || of.maintenance().isPresent());
  }

  /** All of it, the worst first; another list whenever anything else is wrong. */
  public ReadOnlyObjectProperty<List<Line>> all() {
    return all.getReadOnlyProperty();
  }

  /** The same with what its witnesses say now. */
  public Line now(Line line) {
    return live.get().found(line.server()).stream()
        .filter(line.finding()::same)
        .findFirst()
        .map(f -> new Line(line.server(), f, line.known()))
        .orElse(line);
  }

  /** Whether the list is looked at. */
  public BooleanProperty open() {
    return open;
  }

  /** How many are more than warnings, and known to nobody. */
  public int urgent() {
    return (int) all.get().stream().filter(l -> !l.known() && l.finding().wrong()).count();
  }

  /** How bad the worst of these is; empty when there is none. */
  public Optional<Severity> worst() {
    return all.get().stream()
        .filter(l -> !l.known())
        .map(l -> l.finding().severity())
        .min(Comparator.naturalOrder());
  }

  /** How many of each kind, in words. */
  public String words() {
    List<Line> lines = all.get();
    if (lines.isEmpty()) {
      return "Nothing is wrong.";
    }
    long wrong = lines.stream().filter(l -> l.finding().wrong()).count();
    long warnings = lines.size() - wrong;
    return (wrong == 0 ? "" : Human.count(wrong) + " wrong")
        + (wrong == 0 || warnings == 0 ? "" : ", ")
        + (warnings == 0 ? "" : Human.many(warnings, "warning"));
  }
}
