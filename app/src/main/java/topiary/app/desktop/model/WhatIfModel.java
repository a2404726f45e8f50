package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.OutlookView;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** What would come of it if a server died now: asked of the node, which does nothing. */
public final class WhatIfModel {

  /**
   * All there is to show.
   *
   * @param server which; empty while nothing is asked
   * @param outlook the node's answer; empty while it has not come
   * @param trees the part of the tree it is about, now and afterwards; empty when nobody is moved
   * @param sentence the node's no; empty when there is none
   */
  public record State(
      Optional<InstanceKey> server,
      Optional<OutlookView> outlook,
      Optional<BeforeAfter> trees,
      String sentence) {

    static final State NONE = new State(Optional.empty(), Optional.empty(), Optional.empty(), "");
  }

  /**
   * A line of what is said.
   *
   * @param name of what
   * @param words what
   */
  public record Line(String name, String words) {}

  private final Gateway gateway;
  private final Tasks tasks;
  private final Supplier<Topology> topology;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);

  /** Counts the questions, so that a late answer to one that was put away is not shown. */
  private int asked;

  WhatIfModel(Gateway gateway, Tasks tasks, Supplier<Topology> topology) {
    this.gateway = gateway;
    this.tasks = tasks;
    this.topology = topology;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Asks about a server. */
  public void ask(InstanceKey server) {
    int mine = ++asked;
    state.set(new State(Optional.of(server), Optional.empty(), Optional.empty(), ""));
    tasks.run(
        () -> gateway.whatIfDead(server),
        outlook -> {
          if (mine == asked) {
            state.set(
                new State(
                    Optional.of(server),
                    Optional.of(outlook),
                    BeforeAfter.died(topology.get(), outlook),
                    ""));
          }
        },
        no -> {
          if (mine == asked) {
            state.set(
                new State(
                    Optional.of(server),
                    Optional.empty(),
                    Optional.empty(),
                    Words.sentence(no.getMessage())));
          }
        });
  }

  /** Puts the answer away. */
  public void close() {
    asked++;
    state.set(State.NONE);
  }

  /** What the answer comes down to, in lines. */
  public static List<Line> lines(OutlookView o) {
    var lines = new ArrayList<Line>();
    lines.add(
        new Line(
            "Found",
            o.finding()
                .map(f -> f.code() + ": " + f.words() + ".")
                .orElse("Nothing that anybody would have to do something about.")));
    if (o.finding().map(FindingView::severity).equals(Optional.of(Severity.FAILURE))) {
      lines.add(
          new Line(
              "When",
              "At once if its process dies; after "
                  + span(o.silence().toMillis())
                  + " if it hangs or its machine is off."));
    }
    o.successor()
        .ifPresent(
            key ->
                lines.add(
                    new Line(
                        "Successor",
                        key
                            + ", which would have "
                            + (o.drain().isZero()
                                ? "nothing left to apply."
                                : "about "
                                    + Human.span(o.drain().toSeconds())
                                    + " left to apply."))));
    lines.add(new Line("Lost", Words.sentence(o.lost())));
    return lines;
  }

  private static String span(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }
}
