package topiary.lab.flavor;

import java.nio.file.Path;
import topiary.lab.base.Disk;

/**
 * An account of the lab's servers.
 *
 * @param file where the password stands, readable by the owner only
 */
public record Credentials(String user, String password, Path file) {
  /** Reads the account from the folder of password files. */
  public static Credentials read(Path passwords, String user) {
    Path file = passwords.resolve(user);
    return new Credentials(user, Disk.read(file).strip(), file);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return user + " (password in " + file + ")";
  }
}
