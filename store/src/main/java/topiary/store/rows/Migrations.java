package topiary.store.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
import java.util.Map;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.json.JsonCodec;

/**
 * How the tables came to be: numbered SQL texts, each run once. A text that was ever released is
 * never changed; a change is a new text, of the same name for every kind of database.
 */
public final class Migrations {

  /** All there are, in order. */
  public static final List<String> NAMES =
      List.of(
          "0001-first.sql",
          "0002-alias.sql",
          "0003-node.sql",
          "0004-said.sql",
          "0005-audit.sql",
          "0006-held.sql",
          "0007-judgement.sql",
          "0008-recovery.sql",
          "0009-hooks.sql");

  /** What SQL cannot do: done behind a text, in the same way. */
  private static final Map<String, After> AFTER = Map.of("0005-audit.sql", AuditChain::make);

  private interface After {
    void run(Connection connection) throws SQLException;
  }

  private final Kit kit;
  private final List<Migration> known = new ArrayList<>();

  /** What is different from one kind of database to the next. */
  public interface Kit {

    /** The class whose package has the texts. */
    Class<?> beside();

    /** A query that gives 1 when there is a table {@code migration}, else 0. */
    String isThere();

    /** The statement that makes that table, and does no harm when it is there. */
    String create();

    /** What words of a text stand for here; its checksum is that of the text as it is written. */
    String filled(String statement);

    /** Does work in one transaction, as far as the database can. */
    <T> T writing(Connection connection, Jdbc.Work<T> work) throws SQLException;
  }

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

  public Migrations(Kit kit) {
    this.kit = kit;
    for (String name : NAMES) {
      known.add(new Migration(known.size() + 1, name, text(kit.beside(), name)));
    }
  }

  /**
   * Says whether this program can work with a database, and changes nothing.
   *
   * @param where the database, in words
   * @param other what to choose instead, in words
   * @throws StoreException of kind NEWER or BROKEN when it cannot
   */
  public void check(String where, String other, Connection connection) throws SQLException {
    List<Done> done = done(connection);
    if (done.isEmpty()) {
      throw new StoreException(
          Kind.BROKEN, where + " is no database of Topiary: move it aside, or choose " + other);
    }
    for (Done each : done) {
      if (each.number() > known.size()) {
        throw newer(where, "schema " + each.name(), other);
      }
      Migration same = known.get(each.number() - 1);
      if (!same.checksum().equals(each.checksum())) {
        throw new StoreException(
            Kind.BROKEN,
            where
                + " was made with another text of "
                + each.name()
                + " than this Topiary has: use the release that made it");
      }
    }
    int format = MetaRow.format(connection);
    if (format > JsonCodec.FORMAT) {
      throw newer(where, "format " + format, other);
    }
  }

  private static StoreException newer(String where, String what, String other) {
    return new StoreException(
        Kind.NEWER,
        where
            + " was written by a newer Topiary ("
            + what
            + "): update this one, or choose "
            + other);
  }

  /** Whether none was run to its end yet. */
  public boolean none(Connection connection) throws SQLException {
    return done(connection).isEmpty();
  }

  /** Runs what has not been run yet. */
  public void run(Connection connection) throws SQLException {
    int done = done(connection).size();
    for (Migration migration : known) {
      if (migration.number() > done) {
        kit.writing(connection, () -> runOne(connection, migration));
      }
    }
  }

  private Migration runOne(Connection connection, Migration migration) throws SQLException {
    if (migration.number() == 1) {
      Jdbc.execute(connection, kit.create());
    }
    for (String statement : migration.statements()) {
      Jdbc.execute(connection, kit.filled(statement));
    }
    After after = AFTER.get(migration.name());
    if (after != null) {
      after.run(connection);
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

  private List<Done> done(Connection connection) throws SQLException {
    var done = new ArrayList<Done>();
    if (Jdbc.one(connection, kit.isThere()).equals("0")) {
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

  private static String text(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
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
