package topiary.app.desktop.model;

import java.util.Optional;

/**
 * What the window remembers from one time to the next.
 *
 * @param appearance how it is to look
 * @param outside whether it tells outside of it what breaks while nobody looks
 * @param place where it was, if anybody ever closed it
 */
public record WindowSettings(Appearance appearance, boolean outside, Optional<Place> place) {

  public static final WindowSettings DEFAULT =
      new WindowSettings(Appearance.SYSTEM, true, Optional.empty());

  /**
   * A place on the screen, in its pixels.
   *
   * @param x left
   * @param y top
   * @param width of the window
   * @param height of the window
   * @param maximised whether it filled the screen
   */
  public record Place(double x, double y, double width, double height, boolean maximised) {}

  /**
   * What was remembered.
   *
   * @param settings those, or the defaults
   * @param trouble why they are the defaults although something was remembered, a sentence; empty
   *     when all is well
   */
  public record Loaded(WindowSettings settings, String trouble) {}

  /** Where settings are kept. */
  public interface Store {

    /** The store that remembers nothing. */
    Store NONE =
        new Store() {
          @Override
          public Loaded load() {
            return new Loaded(DEFAULT, "");
          }

          @Override
          public String save(WindowSettings settings) {
            return "";
          }
        };

    /** What was kept last; the defaults when that is nothing, or damaged. */
    Loaded load();

    /** Keeps settings; tells why it could not, a sentence, or nothing. */
    String save(WindowSettings settings);
  }
}
