package topiary.app.json;

import java.io.IOException;
import java.util.AbstractList;

/**
 * A list of objects that can be written without making trees of them. Whoever looks into it gets
 * the trees, and what is written is the same as if they had been.
 */
public abstract class WrittenList extends AbstractList<Object> {

  /** Writes one. */
  protected abstract void write(int index, JsonBytes out) throws IOException;

  /** How many of them are to be made before they can be written. */
  protected int weight() {
    return size();
  }

  /** Writes all of them. */
  protected void write(JsonBytes out) throws IOException {
    out.raw((byte) '[');
    for (int i = 0; i < size(); i++) {
      if (i > 0) {
        out.raw((byte) ',');
      }
      write(i, out);
    }
    out.raw((byte) ']');
  }
}
