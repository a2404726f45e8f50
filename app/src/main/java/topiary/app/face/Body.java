package topiary.app.face;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * What an answer says. A large one is written each time it is asked for, so that nobody has to hold
 * it: it says the same each time.
 */
public final class Body {

  private final byte[] known;
  private final Reply.Writer writer;

  private Body(byte[] known, Reply.Writer writer) {
    this.known = known;
    this.writer = writer;
  }

  /** One that is there already. */
  public static Body of(byte[] bytes) {
    return new Body(bytes, out -> out.write(bytes));
  }

  /** One that is written when it is sent. */
  public static Body written(Reply.Writer writer) {
    return new Body(null, writer);
  }

  /** Whether it is there already, so that its length is known. */
  public boolean ready() {
    return known != null;
  }

  /** All of it. */
  public byte[] bytes() {
    if (known != null) {
      return known;
    }
    var out = new ByteArrayOutputStream();
    try {
      writer.write(out);
    } catch (IOException e) {
      // Memory does not fail so.
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes it out. */
  public void writeTo(OutputStream out) throws IOException {
    writer.write(out);
  }
}
