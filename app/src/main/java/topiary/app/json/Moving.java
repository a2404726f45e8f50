package topiary.app.json;

import java.util.function.Function;

/**
 * A value in a {@link Form} that is another for each look, or each moment: a text, number, boolean,
 * null, a tree of these, or an {@code Optional} of one.
 *
 * @param value it, of what the form is filled in for
 */
public record Moving<T>(Function<T, ?> value) {}
