package topiary.app.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where a user's files are, by the XDG base directories. */
public final class Folders {

  private Folders() {}

  /** Where this user's state is kept. */
  public static Path data() {
    return base("XDG_DATA_HOME", ".local/share").resolve("topiary");
  }

  /** Where this user's settings are. */
  public static Path config() {
    return base("XDG_CONFIG_HOME", ".config").resolve("topiary");
  }

  private static Path base(String variable, String otherwise) {
    return Optional.ofNullable(System.getenv(variable))
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home")).resolve(otherwise));
  }
}
