package topiary.engine.intent;

import java.util.regex.Pattern;

/**
 * The name of one carried-out plan.
 *
 * @param text {@code p} and twelve hexadecimal digits
 */
public record PlanId(String text) implements Comparable<PlanId> {

  private static final Pattern FORM = Pattern.compile("p[0-9a-f]{12}");

  public PlanId {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "not a plan id (p and twelve hexadecimal digits): "
              + text.substring(0, Math.min(40, text.length())));
    }
  }

  @Override
  public int compareTo(PlanId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
