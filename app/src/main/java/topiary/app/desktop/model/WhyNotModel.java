package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.WhyNotView;

/**
 * What would stop a recovery of a cluster now, when it is frozen, and how it is set: asked of the
 * node, again and again while somebody looks.
 */
public final class WhyNotModel {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /**
   * All there is to show.
   *
   * @param cluster which; empty while nobody looks
   * @param answer the node's; empty while it has not come
   * @param sentence the node's no; empty when there is none
   */
  public record State(Optional<ClusterRow> cluster, Optional<WhyNotView> answer, String sentence) {

    static final State NONE = new State(Optional.empty(), Optional.empty(), "");

    /** What it is about. */
    public String title() {
      return cluster.map(c -> "If " + c.head() + " died now").orElse("");
    }

    /** What the answer comes down to, in a sentence. */
    public String verdict() {
      return answer
          .map(
              a ->
                  a.obstacles().isEmpty()
                      ? "Its recovery would begin by itself: nothing is against it."
                      : "No recovery would begin by itself:")
          .orElse("");
    }

    /** What is against it, a sentence each. */
    public List<String> obstacles() {
      return answer
          .map(a -> a.obstacles().stream().map(Words::sentence).toList())
          .orElse(List.of());
    }

    /** When it is frozen, in lines; none when it is not, and is not going to be. */
    public List<WhatIfModel.Line> freeze(ZonedDateTime now) {
      return answer.flatMap(WhyNotView::freeze).map(f -> freeze(f, now)).orElse(List.of());
    }

    private static List<WhatIfModel.Line> freeze(WhyNotView.Freeze f, ZonedDateTime now) {
      boolean begun = !f.since().isAfter(now.toInstant());
      var lines = new ArrayList<WhatIfModel.Line>();
      lines.add(
          new WhatIfModel.Line(
              begun ? "Since" : "From",
              begun ? Human.moment(f.since(), now) : Human.ending(f.since(), now)));
      lines.add(new WhatIfModel.Line("Until", Human.ending(f.until(), now)));
      lines.add(new WhatIfModel.Line("By", f.owner()));
      if (!f.reason().isEmpty()) {
        lines.add(new WhatIfModel.Line("Why", f.reason()));
      }
      return lines;
    }

    /** How it is judged and recovered, by rule. */
    public List<WhatIfModel.Line> rules() {
      return answer.map(a -> a.rules().stream().map(State::rule).toList()).orElse(List.of());
    }

    private static WhatIfModel.Line rule(WhyNotView.Rule rule) {
      String set =
          switch (rule.setFor()) {
            case "cluster" -> ", set for this cluster";
            case "all" -> ", set for all clusters";
            default -> "";
          };
      return new WhatIfModel.Line(
          rule.name(), (rule.value().isEmpty() ? "nothing" : rule.value()) + set);
    }
  }

  private final Gateway gateway;
  private final Tasks tasks;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);
  private Optional<Instant> asked = Optional.empty();

  /** Counts the questions, so that a late answer to one that was put away is not shown. */
  private int question;

  private boolean waiting;

  WhyNotModel(Gateway gateway, Tasks tasks) {
    this.gateway = gateway;
    this.tasks = tasks;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Looks at a cluster. */
  void open(ClusterRow cluster) {
    state.set(new State(Optional.of(cluster), Optional.empty(), ""));
    ask();
  }

  /** Puts it away. */
  public void close() {
    question++;
    waiting = false;
    state.set(State.NONE);
  }

  /** To be called about once a second. */
  public void tick(Instant now, boolean live) {
    if (state.get().cluster().isEmpty()) {
      asked = Optional.empty();
    } else if (live && !waiting && asked.filter(at -> now.isBefore(at.plus(PAUSE))).isEmpty()) {
      asked = Optional.of(now);
      ask();
    }
  }

  /** Asks again, as something was said. */
  void reload() {
    if (state.get().cluster().isPresent()) {
      ask();
    }
  }

  private void ask() {
    ClusterRow cluster = state.get().cluster().orElseThrow();
    int mine = ++question;
    waiting = true;
    tasks.run(
        () -> gateway.whyNot(cluster.id()),
        answer -> told(mine, new State(Optional.of(cluster), Optional.of(answer), "")),
        no ->
            told(
                mine,
                new State(
                    Optional.of(cluster), state.get().answer(), Words.sentence(no.getMessage()))));
  }

  private void told(int mine, State next) {
    if (mine == question) {
      waiting = false;
      if (!next.equals(state.get())) {
        state.set(next);
      }
    }
  }
}
