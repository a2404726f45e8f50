package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import topiary.engine.model.InstanceKey;

/**
 * Servers that are looked for, by address, state, role, version, tags or pools, one after the
 * other.
 */
public final class SearchModel {

  /** So many are suggested; going on to the next one goes through all. */
  static final int SHOWN = 10;

  /**
   * A server that fits.
   *
   * @param key its address
   * @param mood how it is
   * @param detail what is said of it
   */
  public record Suggestion(InstanceKey key, Mood mood, String detail) {}

  /**
   * All there is to show.
   *
   * @param shown the first of those that fit
   * @param total how many fit
   * @param chosen which of those shown is chosen, -1 for none
   * @param message why there are none, or that there are more; empty otherwise
   */
  public record Found(List<Suggestion> shown, int total, int chosen, String message) {
    static final Found NOTHING = new Found(List.of(), 0, -1, "");

    public Found {
      shown = List.copyOf(shown);
    }
  }

  private final WindowModel model;
  private final StringProperty text = new SimpleStringProperty("");
  private final ReadOnlyObjectWrapper<Found> found = new ReadOnlyObjectWrapper<>(Found.NOTHING);
  private Servers servers = Servers.NONE;
  private List<Servers.Server> matches = List.of();
  private int at = -1;

  /** Whether the chosen one has been gone to. */
  private boolean visited;

  SearchModel(WindowModel model) {
    this.model = model;
    text.subscribe((before, now) -> typed());
  }

  /** What is typed. */
  public StringProperty text() {
    return text;
  }

  /** What fits. */
  public ReadOnlyObjectProperty<Found> found() {
    return found.getReadOnlyProperty();
  }

  private void typed() {
    look();
    at = -1;
    visited = false;
    show();
  }

  private void look() {
    servers = model.index();
    Servers.Typed typed = Servers.Typed.of(text.get());
    if (typed.words().isEmpty()) {
      matches = List.of();
      return;
    }
    record Ranked(int rank, Servers.Server server) {}
    var ranked = new ArrayList<Ranked>();
    for (Servers.Server server : servers.all()) {
      int rank = typed.rank(server);
      if (rank >= 0) {
        ranked.add(new Ranked(rank, server));
      }
    }
    ranked.sort(
        Comparator.comparingInt(Ranked::rank).thenComparing(ranking -> ranking.server().key()));
    matches = ranked.stream().map(Ranked::server).toList();
  }

  private void show() {
    if (text.get().isBlank()) {
      found.set(Found.NOTHING);
      return;
    }
    int more = matches.size() - SHOWN;
    String message =
        matches.isEmpty()
            ? "No server has “"
                + text.get().strip()
                + "” in its address, state, role, version, tags or pools."
            : more > 0 ? "and " + more + " more; F3 goes through all of them" : "";
    found.set(
        new Found(
            matches.stream()
                .limit(SHOWN)
                .map(s -> new Suggestion(s.key(), s.card().mood(), s.detail()))
                .toList(),
            matches.size(),
            at < SHOWN ? at : -1,
            message));
  }

  /** The arrow keys: another one is chosen. */
  public void step(int by) {
    int shown = Math.min(SHOWN, matches.size());
    if (shown > 0) {
      at = at < 0 ? by > 0 ? 0 : shown - 1 : Math.floorMod(at + by, shown);
      visited = false;
      show();
    }
  }

  /** Goes to the chosen one, or, when that was done, to the next. */
  public Optional<InstanceKey> next() {
    Optional<InstanceKey> here = at < 0 ? Optional.empty() : Optional.of(matches.get(at).key());
    if (servers != model.index()) {
      // Others may fit by now; the one gone to last keeps its place if it still does.
      look();
      at =
          here.map(key -> matches.stream().map(Servers.Server::key).toList().indexOf(key))
              .orElse(-1);
    }
    if (matches.isEmpty()) {
      at = -1;
      show();
      return Optional.empty();
    }
    at = at < 0 ? 0 : visited ? (at + 1) % matches.size() : at;
    visited = true;
    show();
    InstanceKey key = matches.get(at).key();
    model.go(key);
    return Optional.of(key);
  }

  /** Chooses one of those shown. */
  public void choose(int index) {
    at = index;
    visited = false;
    show();
  }
}
