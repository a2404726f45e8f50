package topiary.app.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;

/** Where the log goes. */
public final class Logging {

  private Logging() {}

  /** Warnings and worse to the standard error, a line each, unless the JVM was told otherwise. */
  public static void toConsole() {
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    try (InputStream in = Logging.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the log cannot be set up", e);
    }
  }
}
