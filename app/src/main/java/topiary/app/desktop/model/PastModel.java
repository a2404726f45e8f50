package topiary.app.desktop.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.Then;

/** A moment that is past, shown in the place of now. */
public final class PastModel {

  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  /**
   * All there is to show.
   *
   * @param open whether moments are asked for
   * @param then what is shown; empty while that is now
   * @param busy whether the node is asked
   * @param sentence the node's no, or what is wrong; empty when nothing is
   */
  public record State(boolean open, Optional<Then> then, boolean busy, String sentence) {

    static final State NOW = new State(false, Optional.empty(), false, "");
  }

  private final Gateway gateway;
  private final Tasks tasks;
  private final Function<Then, Digest> thinks;
  private final Consumer<Optional<Digest>> shows;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NOW);

  /** Counts the questions, so that a late answer to an earlier one is not shown. */
  private int asked;

  /** What is to be shown when the node has answered. */
  private Optional<Instant> wanted = Optional.empty();

  /**
   * A model.
   *
   * @param thinks what was known, thought through; called in the background
   * @param shows has another moment shown; empty for now
   */
  PastModel(
      Gateway gateway,
      Tasks tasks,
      Function<Then, Digest> thinks,
      Consumer<Optional<Digest>> shows) {
    this.gateway = gateway;
    this.tasks = tasks;
    this.thinks = thinks;
    this.shows = shows;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Lets a moment be asked for. */
  public void open() {
    if (!state.get().open()) {
      state.set(new State(true, Optional.empty(), false, ""));
    }
  }

  /** Goes back to now. */
  public void close() {
    asked++;
    wanted = Optional.empty();
    boolean past = state.get().then().isPresent();
    state.set(State.NOW);
    if (past) {
      shows.accept(Optional.empty());
    }
  }

  /**
   * Shows a moment.
   *
   * @param typed a time of today ({@code 12:34}, {@code 12:34:56}), with its date before it, or
   *     with its offset as the command line has it
   * @param now when it was typed, at the place of whoever did
   */
  public void show(String typed, Instant now, ZoneId zone) {
    try {
      show(moment(typed.strip(), now, zone), now);
    } catch (DateTimeException e) {
      says("Enter a time, as 12:34, 12:34:56 or 2026-11-27 12:34.");
    }
  }

  /** Shows a moment so long before or after the one that is shown, but not what is to come. */
  public void step(Duration by, Instant now) {
    show(state.get().then().map(Then::at).orElse(now).plus(by), now);
  }

  /**
   * Shows a moment, or one asked for after it: while the node is asked, those between the one that
   * is and the last are left out. So somebody may drag through a day.
   */
  public void scrub(Instant at, Instant now) {
    if (state.get().busy()) {
      wanted = Optional.of(at);
    } else {
      show(at, now);
    }
  }

  /** Shows a moment. */
  public void show(Instant at, Instant now) {
    wanted = Optional.empty();
    if (at.isAfter(now)) {
      says("That is still to come.");
      return;
    }
    int mine = ++asked;
    State before = state.get();
    state.set(new State(true, before.then(), true, ""));
    tasks.run(
        () -> {
          Then then = gateway.at(at);
          return new Thought(then, thinks.apply(then));
        },
        thought -> {
          if (mine == asked) {
            state.set(new State(true, Optional.of(thought.then()), false, ""));
            shows.accept(Optional.of(thought.digest()));
            next(now);
          }
        },
        no -> {
          if (mine == asked) {
            says(Words.sentence(no.getMessage()));
            next(now);
          }
        });
  }

  private void next(Instant now) {
    wanted.ifPresent(at -> show(at, now));
  }

  private record Thought(Then then, Digest digest) {}

  private void says(String sentence) {
    state.set(new State(true, state.get().then(), false, sentence));
  }

  private static Instant moment(String typed, Instant now, ZoneId zone) {
    if (typed.endsWith("Z") || typed.matches(".*[+-]\\d\\d:\\d\\d")) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(typed.replace(' ', 'T'), Instant::from);
    }
    if (typed.indexOf('-') < 0) {
      return LocalDate.ofInstant(now, zone).atTime(LocalTime.parse(typed)).atZone(zone).toInstant();
    }
    return LocalDateTime.parse(typed.replace(' ', 'T')).atZone(zone).toInstant();
  }

  /** A moment as it is typed. */
  public static String text(Instant at, ZoneId zone) {
    return SHOWN.format(at.atZone(zone));
  }

  /** What is said of what is shown. */
  public static String words(State of, ZoneId zone) {
    return of.then()
        .map(
            then ->
                then.running()
                    ? "This is how it was, as the node had written it down at "
                        + text(then.recorded(), zone)
                        + ". Nothing can be changed there."
                    : "The node was not running then. This is what it knew last, at "
                        + text(then.recorded(), zone)
                        + ".")
        .orElse("");
  }
}
