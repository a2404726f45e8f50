package topiary.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

/**
 * How the tables came to be: numbered SQL texts, each run once. A text that was ever released is
 * never changed; a change is a new text.
 */
final class Migrations {

  private static final List<String> NAMES = List.of("0001-first.sql", "0002-alias.sql");

  /**
   * One text.
   *
   * @param number counted from 1
   */
  private record Migration(int number, String name, String text) {

    String checksum() {
      return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    List<String> statements() {
      return List.of(text.split("(?<=;)\n"));
    }
  }

  private record Done(int number, String name, String checksum) {}

  private Migrations() {}

  /**
   * Says whether this program can work with a database, and changes nothing.
   *
   * @throws StoreException of kind NEWER or BROKEN when it cannot
   */
  static void check(Path file, Connection connection) throws SQLException {
    List<Migration> known = known();
    List<Done> done = done(connection);
    if (done.isEmpty()) {
      throw new StoreException(
          Kind.BROKEN,
          file + " is no database of Topiary: move it aside, or choose another data folder");
    }
    for (Done each : done) {
      if (each.number() > known.size()) {
        throw new StoreException(
            Kind.NEWER,
            file
                + " was written by a newer Topiary (schema "
                + each.name()
                + "): update this one, or choose another data folder");
      }
      Migration same = known.get(each.number() - 1);
      if (!same.checksum().equals(each.checksum())) {
        throw new StoreException(
            Kind.BROKEN,
            file
                + " was made with another text of "
                + each.name()
                + " than this Topiary has: use the release that made it");
      }
    }
  }

  /** Runs what has not been run yet, each text in one transaction. */
  static void run(Connection connection) throws SQLException {
    int done = done(connection).size();
    for (Migration migration : known()) {
      if (migration.number() > done) {
        Connections.writing(connection, () -> runOne(connection, migration));
      }
    }
  }

  private static Migration runOne(Connection connection, Migration migration) throws SQLException {
    if (migration.number() == 1) {
      Connections.execute(
          connection,
          "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
              + " sha256 TEXT NOT NULL) STRICT");
    }
    for (String statement : migration.statements()) {
      Connections.execute(connection, statement);
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO migration VALUES (?, ?, ?)")) {
      insert.setInt(1, migration.number());
      insert.setString(2, migration.name());
      insert.setString(3, migration.checksum());
      insert.executeUpdate();
    }
    return migration;
  }

  private static List<Done> done(Connection connection) throws SQLException {
    var done = new ArrayList<Done>();
    String tables =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'";
    if (Connections.one(connection, tables).equals("0")) {
      return done;
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT number, name, sha256 FROM migration ORDER BY number")) {
      while (rows.next()) {
        done.add(new Done(rows.getInt(1), rows.getString(2), rows.getString(3)));
      }
    }
    return done;
  }

  private static List<Migration> known() {
    var known = new ArrayList<Migration>();
    for (String name : NAMES) {
      known.add(new Migration(known.size() + 1, name, text(name)));
    }
    return known;
  }

  private static String text(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its own file " + name);
      }
      // One checksum for one text, whatever the checkout did to its line ends.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("the program cannot read its own file " + name, e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
