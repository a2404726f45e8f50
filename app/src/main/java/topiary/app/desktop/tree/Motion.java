package topiary.app.desktop.tree;

import java.util.Optional;
import javafx.animation.AnimationTimer;

/** What moves: cards on their way, the sight on its flight. Ticks only while something does. */
final class Motion extends AnimationTimer {

  private static final double CARDS_NANOS = 280e6;
  private static final double FLIGHT_NANOS = 340e6;
  private static final double STEP_NANOS = 130e6;
  private static final long AT_NEXT_TICK = -1;

  private final Runnable frame;
  private boolean running;
  private long now;
  private Optional<Way> cards = Optional.empty();
  private Optional<Way> flight = Optional.empty();
  private Sight from = Sight.START;
  private Sight to = Sight.START;

  /** A way through time; begins with the first picture of it. */
  private static final class Way {
    private final double nanos;
    private long began = AT_NEXT_TICK;

    Way(double nanos) {
      this.nanos = nanos;
    }

    /** How much of it is behind at a moment, 0 to 1; quick first, then slower. */
    double part(long at) {
      if (began == AT_NEXT_TICK) {
        return 0;
      }
      double left = 1 - Math.min(1, (at - began) / nanos);
      return 1 - left * left * left;
    }
  }

  /**
   * Motion.
   *
   * @param frame has the next picture painted
   */
  Motion(Runnable frame) {
    this.frame = frame;
  }

  @Override
  public void handle(long time) {
    now = time;
    cards.ifPresent(this::begin);
    flight.ifPresent(this::begin);
    cards = cards.filter(way -> way.part(now) < 1);
    flight = flight.filter(way -> way.part(now) < 1);
    if (cards.isEmpty() && flight.isEmpty()) {
      stop();
      running = false;
    }
    frame.run();
  }

  private void begin(Way way) {
    if (way.began == AT_NEXT_TICK) {
      way.began = now;
    }
  }

  private void tick() {
    if (!running) {
      running = true;
      start();
    }
  }

  /** Cards begin to move. */
  void cards() {
    cards = Optional.of(new Way(CARDS_NANOS));
    tick();
  }

  /** How much of the cards' way is behind, 0 to 1. */
  double cardsPart() {
    return cards.map(way -> way.part(now)).orElse(1.0);
  }

  /** The sight begins to move, far or by one step. */
  void fly(Sight here, Sight there, boolean step) {
    from = here;
    to = there;
    flight = Optional.of(new Way(step ? STEP_NANOS : FLIGHT_NANOS));
    tick();
  }

  /** The sight stays where it is. */
  void land() {
    flight = Optional.empty();
  }

  /** Where the sight is on its flight; empty when it is on none. */
  Optional<Sight> sight() {
    return flight.map(way -> from.towards(to, way.part(now)));
  }

  /** Whether every picture is of another size. */
  boolean zooming() {
    return flight.isPresent() && from.scale() != to.scale();
  }

  boolean moving() {
    return cards.isPresent() || flight.isPresent();
  }
}
