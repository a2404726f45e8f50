package topiary.store.mysql;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import topiary.store.StoreChoice.MySql;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

/** What a server or its driver complains of, as a sentence with advice. */
final class Trouble {

  /** Access denied, access denied by a plugin, unknown plugin. */
  private static final Set<Integer> WRONG_PASSWORD = Set.of(1045, 1698, 1524);

  /** Access denied to a schema, a table, a column; a right is lacking. */
  private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143, 1227);

  /** Disk full, table full. */
  private static final Set<Integer> FULL = Set.of(1021, 1114);

  /** Errors of the operating system, which their texts name; 28 is that of a full disk. */
  private static final Set<Integer> OF_SYSTEM = Set.of(3, 1026, 1030);

  /** Lock wait time-out, deadlock, lock not taken. */
  private static final Set<Integer> BUSY = Set.of(1205, 1213, 3572);

  /** Started with --read-only, in read-only mode. */
  private static final Set<Integer> READ_ONLY = Set.of(1290, 1836);

  /** No such schema, no such table, no such column. */
  private static final Set<Integer> GONE = Set.of(1049, 1146, 1054);

  /** Broken files: key file, crashed table, index, tablespace. */
  private static final Set<Integer> CORRUPT = Set.of(1034, 1194, 1712, 1812, 1877);

  /** The server is ending, or has ended the connection or what was asked of it. */
  private static final Set<Integer> ENDED = Set.of(1053, 1077, 1317, 1927, 3169, 4031);

  private Trouble() {}

  /** Whether a connection is of no use any more, and another may be. */
  static boolean lost(Connection connection, SQLException e) {
    try {
      // A driver that has closed it says of what comes next only that it is closed.
      return lost(e) || connection.isClosed();
    } catch (SQLException closed) {
      e.addSuppressed(closed);
      return true;
    }
  }

  private static boolean lost(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || ENDED.contains(e.getErrorCode()) || timedOut(e);
  }

  static StoreException opening(MySql at, SQLException e) {
    int code = e.getErrorCode();
    String words = oneLine(e);
    if (WRONG_PASSWORD.contains(code)) {
      return new StoreException(
          Kind.UNWRITABLE,
          at.server()
              + " refuses user \""
              + at.user()
              + "\" or its password (error "
              + code
              + "): see what stands under \"store\"",
          e);
    }
    if (words.contains("uthentication plugin")) {
      return new StoreException(
          Kind.UNWRITABLE,
          at.server()
              + " asks for the password in a way that would give it away; it is given only over"
              + " encryption that was asked for: \"tls\" under \"store\" ("
              + words
              + ")",
          e);
    }
    if (untrusted(e) || words.startsWith("SSL ") || words.contains("SSL connection")) {
      return new StoreException(
          Kind.UNWRITABLE,
          "no trusted TLS with " + at.server() + " (" + root(e) + "): see \"tls\" under \"store\"",
          e);
    }
    if (DENIED.contains(code) || GONE.contains(code)) {
      return with(at, e);
    }
    return unreachable(at, reason(e), e);
  }

  static StoreException with(MySql at, Connection connection, SQLException e) {
    return lost(connection, e) ? unreachable(at, reason(e), e) : with(at, e);
  }

  private static StoreException with(MySql at, SQLException e) {
    int code = e.getErrorCode();
    String words = oneLine(e);
    if (FULL.contains(code) || OF_SYSTEM.contains(code) && words.matches(".*\\b28\\b.*")) {
      return new StoreException(
          Kind.FULL,
          "the disk of "
              + at.server()
              + " is full, and nothing was changed: make room, then try again",
          e);
    }
    if (BUSY.contains(code)) {
      return new StoreException(
          Kind.LOCKED,
          at.words()
              + " is in use by another program, and nothing was changed: end that one, then try"
              + " again",
          e);
    }
    if (READ_ONLY.contains(code)) {
      return new StoreException(
          Kind.UNWRITABLE,
          at.server() + " is read-only: let it take writes, or choose another server",
          e);
    }
    if (DENIED.contains(code)) {
      return new StoreException(
          Kind.UNWRITABLE,
          at.words()
              + " cannot be used ("
              + words
              + "): grant user \""
              + at.user()
              + "\" all of it",
          e);
    }
    if (GONE.contains(code)) {
      return new StoreException(
          Kind.BROKEN,
          at.words()
              + " is not what it was ("
              + words
              + "): see who has changed it, then restore a snapshot",
          e);
    }
    if (CORRUPT.contains(code)) {
      return new StoreException(
          Kind.CORRUPT,
          at.words()
              + " is damaged ("
              + words
              + ") and was left as it is: repair it, or restore a snapshot into another schema",
          e);
    }
    return new StoreException(
        Kind.BROKEN,
        at.words()
            + " cannot be used ("
            + words
            + ", error "
            + code
            + "): see what its server says, then start this node again",
        e);
  }

  private static StoreException unreachable(MySql at, String why, SQLException e) {
    return new StoreException(
        Kind.UNREACHABLE,
        at.words()
            + " cannot be reached ("
            + why
            + "), and nothing was changed: see that the server runs and this machine reaches it",
        e);
  }

  /**
   * The rows are not such as this program writes.
   *
   * @param cause null when there is none
   */
  static StoreException damaged(MySql at, String how, Exception cause) {
    return new StoreException(
        Kind.CORRUPT,
        at.words()
            + " is damaged ("
            + how
            + ") and was left as it is: repair it, or restore a snapshot into another schema",
        cause);
  }

  private static String reason(SQLException e) {
    if (timedOut(e)) {
      return "it does not answer in time";
    }
    if (cause(e, UnknownHostException.class).isPresent()) {
      return "no such host";
    }
    if (cause(e, ConnectException.class).isPresent()) {
      return root(e);
    }
    return oneLine(e);
  }

  /** Whether the two do not agree; a connection that ends while they try says nothing of that. */
  private static boolean untrusted(SQLException e) {
    boolean ended =
        cause(e, EOFException.class).isPresent() || cause(e, SocketException.class).isPresent();
    return cause(e, CertificateException.class).isPresent()
        || cause(e, SSLHandshakeException.class).isPresent() && !ended;
  }

  private static boolean timedOut(SQLException e) {
    return cause(e, SocketTimeoutException.class).isPresent();
  }

  private static String root(Throwable e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return oneLine(last);
  }

  private static String oneLine(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage().replaceAll("\\s+", " ").strip();
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }
}
