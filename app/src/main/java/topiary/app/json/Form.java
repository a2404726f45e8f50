package topiary.app.json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * JSON that is written already, but for what moves. Made of a tree like any other in which {@link
 * Moving} values stand; filled in, it is what {@link Json} makes of that tree with their values.
 */
public final class Form<T> {

  /** A number, and two small objects. */
  private static final int HOLE = 48;

  private final byte[] text;
  private final int[] holes;
  private final List<Moving<T>> moving;

  private Form(byte[] text, int[] holes, List<Moving<T>> moving) {
    this.text = text;
    this.holes = holes;
    this.moving = moving;
  }

  /** The form of a tree in which all that moves is of the same kind of thing. */
  public static <T> Form<T> of(Object tree) {
    var moving = new ArrayList<Moving<T>>();
    collect(tree, moving);
    byte[] marked = Json.marked(tree);
    byte[] text = new byte[marked.length - moving.size()];
    int[] holes = new int[moving.size()];
    int length = 0;
    int hole = 0;
    for (byte b : marked) {
      if (b == Json.MARK) {
        holes[hole++] = length;
      } else {
        text[length++] = b;
      }
    }
    return new Form<>(text, holes, List.copyOf(moving));
  }

  @SuppressWarnings("unchecked") // by contract of whoever has made the tree
  private static <T> void collect(Object tree, List<Moving<T>> found) {
    switch (tree) {
      case Moving<?> one -> found.add((Moving<T>) one);
      case Map<?, ?> map -> map.values().forEach(value -> collect(value, found));
      case List<?> list -> list.forEach(value -> collect(value, found));
      case null, default -> {}
    }
  }

  /** What it holds of memory, in bytes; about. */
  public int size() {
    return text.length + holes.length * HOLE;
  }

  /**
   * Writes it, filled in for one, and makes the form in which all is filled in but what may be
   * another in a moment.
   *
   * @return that form, to be filled in for the same look; null where it cannot be had
   */
  public Form<T> writeLooked(T of, JsonBytes out) throws IOException {
    out.prepare(text.length + holes.length * JsonBytes.DIGITS);
    long begun = out.written();
    var left = new ArrayList<Moving<T>>();
    int[] starts = new int[holes.length];
    int[] ends = new int[holes.length];
    int from = 0;
    for (int i = 0; i < holes.length; i++) {
      out.raw(text, from, holes[i]);
      long start = out.written();
      out.value(moving.get(i).value().apply(of));
      if (moving.get(i).momentary()) {
        starts[left.size()] = (int) (start - begun);
        ends[left.size()] = (int) (out.written() - begun);
        left.add(moving.get(i));
      }
      from = holes[i];
    }
    out.raw(text, from, text.length);
    byte[] all = out.since(begun);
    return all == null ? null : without(all, starts, ends, left);
  }

  private static <T> Form<T> without(byte[] all, int[] starts, int[] ends, List<Moving<T>> left) {
    int cut = 0;
    for (int i = 0; i < left.size(); i++) {
      cut += ends[i] - starts[i];
    }
    byte[] text = new byte[all.length - cut];
    int[] holes = new int[left.size()];
    int length = 0;
    int from = 0;
    for (int i = 0; i < holes.length; i++) {
      System.arraycopy(all, from, text, length, starts[i] - from);
      length += starts[i] - from;
      holes[i] = length;
      from = ends[i];
    }
    System.arraycopy(all, from, text, length, all.length - from);
    return new Form<>(text, holes, List.copyOf(left));
  }

  /** Writes it, filled in for one. */
  public void write(T of, JsonBytes out) throws IOException {
    int from = 0;
    for (int i = 0; i < holes.length; i++) {
      out.raw(text, from, holes[i]);
      out.value(moving.get(i).value().apply(of));
      from = holes[i];
    }
    out.raw(text, from, text.length);
  }
}
