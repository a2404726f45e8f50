package topiary.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which version this is. */
public final class Version {

  /** As the build named it. */
  public static final String TEXT = read();

  /**
   * Which state of the sources it was built from, as the launcher knows; empty when it does not.
   */
  public static final String BUILD = System.getProperty("topiary.build", "");

  private Version() {}

  /** Both, for people. */
  public static String words() {
    return BUILD.isEmpty() ? TEXT : TEXT + " (build " + BUILD + ")";
  }

  private static String read() {
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own version cannot be read", e);
    }
  }
}
