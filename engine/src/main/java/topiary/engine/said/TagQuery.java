package topiary.engine.said;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One condition of orchestrator's on tags: {@code name}, {@code name=value}, {@code ~name} (has no
 * such tag) or {@code ~name=value} (has it, with another value); {@code !} is the same as {@code
 * ~}.
 *
 * @param name of the tag
 * @param value of it; empty when any will do
 * @param not whether it must not be so
 */
public record TagQuery(String name, Optional<String> value, boolean not) {

  private static final Pattern FORM = Pattern.compile("([~!]?)([^=~!][^=]*)(?:=(.*))?");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a sentence, when it is none
   */
  public static TagQuery parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException("Unable to parse tag: " + SaidText.shown(text));
    }
    return new TagQuery(
        SaidText.name("the name of a tag", form.group(2)),
        Optional.ofNullable(form.group(3)).map(value -> SaidText.value("the value", value)),
        !form.group(1).isEmpty());
  }

  /**
   * Reads several, between commas; all of them must be so.
   *
   * @throws IllegalArgumentException as above
   */
  public static List<TagQuery> all(String text) {
    return Arrays.stream(text.split(",", -1)).map(TagQuery::parse).toList();
  }

  /**
   * One that names a tag, for whoever sets or removes it.
   *
   * @throws IllegalArgumentException when it is a negation, too
   */
  public static TagQuery plain(String text) {
    TagQuery one = parse(text);
    if (one.not()) {
      throw new IllegalArgumentException(
          SaidText.shown(text) + " says what is not so; name a tag, as in role=backup");
    }
    return one;
  }

  /** Whether it is so of a server with these tags, of which it has at least one. */
  public boolean fits(SortedMap<String, String> tags) {
    String has = tags.get(name);
    if (value.isEmpty()) {
      return not == (has == null);
    }
    return has != null && not != has.equals(value.get());
  }

  /** As orchestrator shows it: with the equals sign, whether there is a value or not. */
  @Override
  public String toString() {
    return name + "=" + value.orElse("");
  }
}
