package topiary.app.v1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import topiary.app.face.Body;
import topiary.app.json.Json;

/** Bodies of JSON. */
public final class Bodies {

  private Bodies() {}

  /** A tree, as {@link Json} writes it; a large one is written while it is sent. */
  public static Body of(Object tree) {
    if (Json.large(tree)) {
      return Body.written(out -> Json.write(tree, out));
    }
    var bytes = new ByteArrayOutputStream();
    try {
      Json.write(tree, bytes);
    } catch (IOException e) {
      // Memory does not fail so.
      throw new UncheckedIOException(e);
    }
    return Body.of(bytes.toByteArray());
  }
}
