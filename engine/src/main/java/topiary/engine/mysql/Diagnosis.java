package topiary.engine.mysql;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.ServerTrouble;

/** What a driver's exception says of a server, in a sentence. */
final class Diagnosis {

  /** Access denied, access denied by a plugin, unknown plugin. */
  private static final Set<Integer> WRONG_PASSWORD = Set.of(1045, 1698, 1524);

  /** Too many connections, host blocked, host not allowed, user has too many connections. */
  private static final Set<Integer> CLOSED_DOOR = Set.of(1040, 1129, 1130, 1203, 1226);

  private static final int GREETING_MILLIS = 500;

  private static final int SHOWN_SQL = 60;

  private Diagnosis() {}

  /** Whether an error is about who logs in, and another password may help. */
  static boolean wrongPassword(int code) {
    return WRONG_PASSWORD.contains(code);
  }

  /**
   * Whether the driver itself had given up waiting, however long it took to let go of the
   * connection afterwards: over TLS it would say goodbye to a server that does not hear.
   */
  static boolean gaveUp(SQLException e) {
    return cause(e, SocketTimeoutException.class).isPresent();
  }

  /** A server that sent something now and then, and never enough. */
  static ServerTrouble ofDripping(InstanceKey key, SQLException e) {
    return new ServerTrouble(
        Condition.HUNG,
        0,
        key + " answers in drips, or far too slowly, and did not come to an end in time",
        e);
  }

  static ServerTrouble ofOpening(InstanceKey key, String user, SQLException e, Deadline deadline) {
    if (WRONG_PASSWORD.contains(e.getErrorCode())) {
      return new ServerTrouble(
          Condition.DENIED,
          e.getErrorCode(),
          key + " refuses user \"" + user + "\" or its password (error " + e.getErrorCode() + ")",
          e);
    }
    if (CLOSED_DOOR.contains(e.getErrorCode())) {
      return new ServerTrouble(
          Condition.DENIED,
          e.getErrorCode(),
          key + " takes no connection: " + oneLine(e.getMessage()),
          e);
    }
    String words = e.getMessage() == null ? "" : oneLine(e.getMessage());
    if (words.contains("uthentication plugin")) {
      return new ServerTrouble(
          Condition.DENIED,
          0,
          key
              + " asks for the password in a way that would give it away; it is given only over"
              + " encryption that was asked for: \"tls\" in its credentials, Encryption in the"
              + " window ("
              + words
              + ")",
          e);
    }
    Optional<Exception> tls =
        cause(e, SSLException.class)
            .<Exception>map(s -> s)
            .or(() -> cause(e, CertificateException.class));
    if (tls.isPresent() || words.startsWith("SSL ") || words.contains("SSL connection")) {
      return new ServerTrouble(
          Condition.DENIED,
          0,
          "no trusted TLS with " + key + ": " + tls.map(Diagnosis::innermost).orElse(words),
          e);
    }
    return ofNetwork(key, e).orElseGet(() -> ofGreeting(key, e, deadline));
  }

  static ServerTrouble ofAsking(InstanceKey key, String sql, SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    // 70100 and 1317, 1927: the statement or its connection was killed.
    boolean killed = e.getErrorCode() == 1317 || e.getErrorCode() == 1927;
    if (!state.startsWith("08") && !killed && e.getErrorCode() != 0) {
      return new ServerTrouble(
          Condition.SEEN,
          e.getErrorCode(),
          key
              + " refused \""
              + brief(sql)
              + "\": "
              + oneLine(e.getMessage())
              + " (error "
              + e.getErrorCode()
              + ")",
          e);
    }
    if (cause(e, SocketTimeoutException.class).isPresent()) {
      return new ServerTrouble(
          Condition.HUNG, 0, key + " did not answer in time: " + brief(sql), e);
    }
    return new ServerTrouble(
        Condition.UNREACHABLE, e.getErrorCode(), "the connection to " + key + " was lost", e);
  }

  private static Optional<ServerTrouble> ofNetwork(InstanceKey key, SQLException e) {
    if (cause(e, UnknownHostException.class).isPresent()) {
      return unreachable("no host is called " + key.host(), e);
    }
    if (cause(e, NoRouteToHostException.class).isPresent()) {
      return unreachable("no route to " + key.host(), e);
    }
    if (cause(e, SocketTimeoutException.class).filter(Diagnosis::whileConnecting).isPresent()) {
      return unreachable(
          key
              + " does not answer at all: its machine is off, or what is sent to it gets lost on"
              + " the way",
          e);
    }
    Optional<ConnectException> refused = cause(e, ConnectException.class);
    if (refused.isPresent()) {
      String words = refused.get().getMessage();
      boolean plain = words == null || words.contains("refused");
      return plain
          ? Optional.of(
              new ServerTrouble(
                  Condition.ABSENT, 0, key + " refuses connections: nothing listens there", e))
          : unreachable(key + " cannot be reached: " + words, e);
    }
    return Optional.empty();
  }

  /** Nobody took the connection; a time-out while reading has other words. */
  private static boolean whileConnecting(SocketTimeoutException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("connect timed out");
  }

  private static Optional<ServerTrouble> unreachable(String words, SQLException e) {
    return Optional.of(new ServerTrouble(Condition.UNREACHABLE, 0, words, e));
  }

  private static ServerTrouble ofGreeting(InstanceKey key, SQLException e, Deadline deadline) {
    if (deadline.over() || cause(e, SocketTimeoutException.class).isPresent()) {
      // It had all the time there is; listening once more would only make the look late.
      return new ServerTrouble(
          Condition.HUNG,
          0,
          key
              + " takes the connection and says nothing in time: it hangs, or is no database"
              + " server",
          e);
    }
    return alien(key, deadline)
        .map(words -> new ServerTrouble(Condition.ALIEN, 0, words, e))
        .orElseGet(
            () ->
                new ServerTrouble(
                    Condition.UNREACHABLE, 0, key + " ends the connection while greeting", e));
  }

  /**
   * Listens once more to what the server says first: the driver's errors do not tell a foreign
   * protocol from a broken server.
   */
  private static Optional<String> alien(InstanceKey key, Deadline deadline) {
    int millis = Math.clamp(deadline.left().toMillis(), 1, GREETING_MILLIS);
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(key.host(), key.port()), millis);
      socket.setSoTimeout(millis);
      InputStream in = socket.getInputStream();
      byte[] first = in.readNBytes(5);
      if (first.length == 0) {
        return Optional.empty();
      }
      // A greeting: three bytes of length, a sequence number of 0, then version 10 or an error.
      boolean ours =
          first.length == 5
              && first[2] == 0
              && first[3] == 0
              && (first[4] == 10 || first[4] == (byte) 0xff);
      return ours
          ? Optional.empty()
          : Optional.of(
              key
                  + " is no database server: it greets with \""
                  + new String(first, StandardCharsets.US_ASCII).replaceAll("[^ -~]", "?")
                  + "…\"");
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      // It may have gone since; the driver's own error stands.
      return Optional.empty();
    }
  }

  private static String innermost(Throwable e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return oneLine(last.getMessage());
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }

  private static String brief(String sql) {
    return sql.length() > SHOWN_SQL ? sql.substring(0, SHOWN_SQL) + "…" : sql;
  }

  private static String oneLine(String text) {
    return text == null ? "" : text.replaceAll("\\s+", " ");
  }
}
