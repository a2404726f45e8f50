package topiary.lab.flavor;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import topiary.lab.base.Disk;

/** Makes the lab's accounts with random passwords, each in a file that only the owner may read. */
final class Accounts {
  /** MySQL takes 32 characters at most for a replica's password; 5.6 cuts off the rest. */
  private static final int PASSWORD_BYTES = 16;

  /** What an application may do: read and write, but not where a server is read-only. */
  static final String APPLICATION =
      "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, LOCK TABLES, EVENT";

  private final Path passwords;
  private final StringBuilder sql = new StringBuilder();

  /** For a folder of password files, which is made. */
  Accounts(Path passwords) {
    this.passwords = passwords;
    Disk.makePrivate(passwords);
  }

  /** One account; each statement ends its line. */
  Accounts add(String user, String privileges) {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Disk.writePrivate(passwords.resolve(user), password + "\n");
    sql.append("CREATE USER '%s'@'%%' IDENTIFIED BY '%s';\n".formatted(user, password));
    sql.append("GRANT %s ON *.* TO '%s'@'%%';\n".formatted(privileges, user));
    return this;
  }

  /** The statements that make them. */
  String sql() {
    return sql.toString();
  }
}
