package topiary.engine.model;

import java.util.regex.Pattern;

/**
 * The name of a node of the cluster for good, unlike its address and what people call it.
 *
 * @param text 1 to 64 of a-z, 0-9, {@code .}, {@code _} and {@code -}, the first a letter or digit
 */
public record NodeId(String text) implements Comparable<NodeId> {

  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  public NodeId {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("not a node id: " + text);
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
