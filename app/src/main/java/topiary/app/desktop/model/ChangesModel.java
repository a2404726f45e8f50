package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import topiary.app.gateway.Changed;
import topiary.app.gateway.Counted;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.engine.model.InstanceKey;

/** What changed in a cluster, newest first and page by page, and when, over a span of time. */
public final class ChangesModel {

  /** So many are asked for at once. */
  public static final int PAGE = 200;

  /** The span in so many parts, each with a mark when something changed in it. */
  public static final int PARTS = 240;

  /** Which span of time is looked at. */
  public enum Span {
    HOUR("The last hour", Duration.ofHours(1)),
    QUARTER("The last 6 hours", Duration.ofHours(6)),
    DAY("The last day", Duration.ofDays(1)),
    WEEK("The last 7 days", Duration.ofDays(7)),
    ALL("All there is", Duration.ZERO);

    private final String words;
    private final Duration length;

    Span(String words, Duration length) {
      this.words = words;
      this.length = length;
    }

    /** For people. */
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * A change.
   *
   * @param at when
   * @param server whose
   * @param severity how much it matters
   * @param words what, after the server's name
   */
  public record Line(Instant at, InstanceKey server, Notice.Severity severity, String words) {}

  /**
   * All there is to show.
   *
   * @param open whether it is shown
   * @param cluster of which cluster
   * @param span which time
   * @param from since when
   * @param to until when
   * @param counts when something changed
   * @param lines what, newest first, as far as it was asked for
   * @param more whether there is more of it
   * @param busy whether the node is asked
   * @param sentence the node's no; empty when there is none
   */
  public record State(
      boolean open,
      String cluster,
      Span span,
      Instant from,
      Instant to,
      List<Counted.Count> counts,
      List<Line> lines,
      boolean more,
      boolean busy,
      String sentence) {

    static final State CLOSED =
        new State(
            false,
            "",
            Span.DAY,
            Instant.EPOCH,
            Instant.EPOCH,
            List.of(),
            List.of(),
            false,
            false,
            "");

    public State {
      counts = List.copyOf(counts);
      lines = List.copyOf(lines);
    }

    /** How long one part of the time is, in milliseconds. */
    public long part() {
      return Math.max(1, (to.toEpochMilli() - from.toEpochMilli() + 1) / PARTS);
    }

    /** Where a moment is between begin and end, from 0 to 1. */
    public double place(Instant at) {
      double whole = Math.max(1, to.toEpochMilli() - from.toEpochMilli());
      return Math.clamp((at.toEpochMilli() - from.toEpochMilli()) / whole, 0, 1);
    }

    /** The moment at a place. */
    public Instant at(double place) {
      double whole = to.toEpochMilli() - from.toEpochMilli();
      return from.plusMillis(Math.round(Math.clamp(place, 0, 1) * whole));
    }

    /** Just before the last time before a moment that something changed. */
    public Optional<Instant> before(Instant moment) {
      return counts.reversed().stream()
          .map(c -> c.at().minusMillis(1))
          .filter(at -> at.isBefore(moment))
          .findFirst();
    }

    /** Just after the next time after a moment that something changed. */
    public Optional<Instant> after(Instant moment) {
      return counts.stream()
          .map(c -> c.at().plusMillis(part()))
          .filter(at -> at.isAfter(moment))
          .findFirst()
          .map(at -> at.isAfter(to) ? to : at);
    }

    private State with(List<Line> all, boolean further) {
      return new State(open, cluster, span, from, to, counts, all, further, false, "");
    }

    private State with(Counted counted) {
      return new State(
          open, cluster, span, counted.from(), to, counted.counts(), lines, more, busy, sentence);
    }

    private State asking() {
      return new State(open, cluster, span, from, to, counts, lines, more, true, "");
    }

    private State saying(String no) {
      return new State(open, cluster, span, from, to, counts, lines, false, false, no);
    }
  }

  private final Gateway gateway;
  private final Tasks tasks;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.CLOSED);

  /** Counts what was begun, so that a late answer to something earlier is not shown. */
  private int asked;

  ChangesModel(Gateway gateway, Tasks tasks) {
    this.gateway = gateway;
    this.tasks = tasks;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Shows what changed in a cluster until a moment. */
  public void open(String cluster, Instant now) {
    load(cluster, state.get().span(), now);
  }

  /** Shows another span of time. */
  public void span(Span span, Instant now) {
    load(state.get().cluster(), span, now);
  }

  /** Asks anew, until now. */
  public void refresh(Instant now) {
    load(state.get().cluster(), state.get().span(), now);
  }

  /** Shows another cluster's, of the same time. */
  void cluster(String cluster) {
    if (state.get().open() && !cluster.isEmpty() && !cluster.equals(state.get().cluster())) {
      load(cluster, state.get().span(), state.get().to());
    }
  }

  public void close() {
    asked++;
    state.set(
        new State(
            false,
            "",
            state.get().span(),
            Instant.EPOCH,
            Instant.EPOCH,
            List.of(),
            List.of(),
            false,
            false,
            ""));
  }

  private void load(String cluster, Span span, Instant to) {
    int mine = ++asked;
    Optional<Instant> from =
        span == Span.ALL ? Optional.empty() : Optional.of(to.minus(span.length));
    state.set(
        new State(
            true,
            cluster,
            span,
            from.orElse(to),
            to,
            List.of(),
            List.of(),
            false,
            !cluster.isEmpty(),
            ""));
    if (cluster.isEmpty()) {
      return;
    }
    tasks.run(
        () -> gateway.counted(cluster, from, to, PARTS),
        counted -> {
          if (mine == asked) {
            state.set(state.get().with(counted));
          }
        },
        no -> failed(mine, no));
    page(mine, from.orElse(Instant.EPOCH), List.of());
  }

  /** Asks for more of what is earlier. */
  public void more() {
    State now = state.get();
    if (now.open() && now.more() && !now.busy()) {
      state.set(now.asking());
      page(asked, now.span() == Span.ALL ? Instant.EPOCH : now.from(), now.lines());
    }
  }

  /** Goes on where the last page ended: at its last moment, without what was had of that. */
  private void page(int mine, Instant from, List<Line> had) {
    State of = state.get();
    Instant to = had.isEmpty() ? of.to() : had.getLast().at();
    int skip = (int) had.stream().filter(line -> line.at().equals(to)).count();
    tasks.run(
        () -> {
          List<Line> all = new ArrayList<>(had);
          List<Changed> next =
              gateway.changes(of.cluster(), from, to, had.isEmpty() ? 0 : skip, PAGE);
          next.forEach(
              e -> all.add(new Line(e.at(), e.server(), PastWords.severity(e), PastWords.of(e))));
          return new Page(all, next.size() == PAGE);
        },
        page -> {
          if (mine == asked) {
            state.set(state.get().with(page.all(), page.more()));
          }
        },
        no -> failed(mine, no));
  }

  private record Page(List<Line> all, boolean more) {}

  private void failed(int mine, GatewayException no) {
    if (mine == asked) {
      state.set(state.get().saying(Words.sentence(no.getMessage())));
    }
  }
}
