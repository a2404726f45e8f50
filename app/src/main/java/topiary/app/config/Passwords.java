package topiary.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Reads passwords where they stand. */
public final class Passwords {

  private Passwords() {}

  /**
   * The password of now.
   *
   * @throws BadConfig when it cannot be read, or others can read it
   */
  public static String read(CredentialRule.Source source) throws BadConfig {
    return switch (source) {
      case CredentialRule.Source.InFile(Path path) -> readFile(path);
      case CredentialRule.Source.InEnvironment(String name) -> {
        String value = System.getenv(name);
        if (value == null) {
          throw new BadConfig("the environment variable " + name + " is not set");
        }
        yield value;
      }
      case CredentialRule.Source.InMemory(String word) -> word;
    };
  }

  private static String readFile(Path path) throws BadConfig {
    try {
      if (Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)) {
        throw new BadConfig(
            "everybody on this machine can read the password in " + path + "; chmod 600 it");
      }
      return Files.readString(path).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new BadConfig("cannot read the password in " + path + ": " + e, e);
    }
  }
}
