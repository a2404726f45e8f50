package topiary.app.json;

import java.util.function.Function;

/**
 * A value in a {@link Form} that is another for each look, or each moment: a text, number, boolean,
 * null, a tree of these, or an {@code Optional} of one.
 *
 * @param value it, of what the form is filled in for
 * @param momentary whether it may be another without a look, as time passes
 */
public record Moving<T>(Function<T, ?> value, boolean momentary) {

  /** What may be another at each moment. */
  public Moving(Function<T, ?> value) {
    this(value, true);
  }

  /** What is the same until the next look at the server. */
  public static <T> Moving<T> ofLook(Function<T, ?> value) {
    return new Moving<>(value, false);
  }
}
