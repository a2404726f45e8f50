package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.ReadinessView;

/** How ready each cluster is for the death of its head; asked of the node again and again. */
public final class ReadinessModel {

  /** How old what is shown may become. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Gateway gateway;
  private final Tasks tasks;
  private final ReadOnlyObjectWrapper<Map<String, ReadinessView>> all =
      new ReadOnlyObjectWrapper<>(Map.of());
  private Optional<Instant> asked = Optional.empty();
  private boolean waiting;

  ReadinessModel(Gateway gateway, Tasks tasks) {
    this.gateway = gateway;
    this.tasks = tasks;
  }

  /** By the clusters' ids; of those of which it is not known nothing. */
  public ReadOnlyObjectProperty<Map<String, ReadinessView>> all() {
    return all.getReadOnlyProperty();
  }

  /** Of one cluster; empty while it is not known. */
  public Optional<ReadinessView> of(ClusterRow row) {
    return Optional.ofNullable(all.get().get(row.id()));
  }

  /** Asks again when what is known is old. */
  public void tick(Instant now, boolean live) {
    boolean old = asked.filter(at -> Duration.between(at, now).compareTo(FRESH) < 0).isEmpty();
    if (!live || waiting || !old) {
      return;
    }
    asked = Optional.of(now);
    waiting = true;
    tasks.run(
        gateway::readiness,
        views -> {
          waiting = false;
          take(views);
        },
        // An older node, or one that does not answer, which is told elsewhere.
        no -> waiting = false);
  }

  private void take(List<ReadinessView> views) {
    var next = new HashMap<String, ReadinessView>();
    views.forEach(v -> next.put(v.cluster(), v));
    if (!next.equals(all.get())) {
      all.set(Map.copyOf(next));
    }
  }

  /** A score and what it comes of, in lines. */
  public static String explained(ReadinessView r) {
    String title = "Ready for the death of " + r.head() + ": " + r.score() + " of 100";
    return r.reasons().isEmpty()
        ? title + ". Nothing and nobody would be lost."
        : r.reasons().stream()
            .map(reason -> "\n−" + reason.cost() + "  " + Words.capital(reason.words()))
            .collect(Collectors.joining("", title, ""));
  }
}
