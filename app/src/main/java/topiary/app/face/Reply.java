package topiary.app.face;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer. */
public sealed interface Reply {

  /**
   * An answer that is known whole.
   *
   * @param status the HTTP status
   * @param type the content type
   * @param body the body
   * @param headers further headers
   */
  record Whole(int status, String type, Body body, Map<String, String> headers) implements Reply {

    public Whole {
      headers = Map.copyOf(headers);
    }

    /** One whose body is there already. */
    public Whole(int status, String type, byte[] bytes, Map<String, String> headers) {
      this(status, type, Body.of(bytes), headers);
    }

    /** The whole body. */
    public byte[] bytes() {
      return body.bytes();
    }
  }

  /**
   * An answer that goes on for as long as somebody listens.
   *
   * @param type the content type
   * @param writer writes it; an I/O error means that nobody listens any more
   */
  record Stream(String type, Writer writer) implements Reply {}

  /** Writes a stream's body. */
  interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /** What a node calls itself in the header {@code Server} of every answer. */
  String SERVER = "Topiary";

  static Reply json(int status, byte[] body) {
    return json(status, Body.of(body));
  }

  static Reply json(int status, Body body) {
    return new Whole(status, "application/json; charset=UTF-8", body, Map.of());
  }

  static Reply text(int status, String body) {
    return new Whole(
        status, "text/plain; charset=UTF-8", body.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
