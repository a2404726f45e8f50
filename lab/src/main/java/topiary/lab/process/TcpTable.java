package topiary.lab.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.lab.base.LabException;

/**
 * The system's tables of TCP sockets, {@code /proc/net/tcp} and {@code tcp6}. A socket of a program
 * that knows both kinds, as a JVM does, stands in the second though its address is 127.0.0.1.
 */
public final class TcpTable {
  private static final Path TABLE = Path.of("/proc/net/tcp");
  private static final Path TABLE_6 = Path.of("/proc/net/tcp6");
  private static final String LISTEN = "0A";

  private TcpTable() {}

  private record Row(String local, String remote, String state, long inode) {
    int localPort() {
      return Integer.parseInt(local.substring(local.indexOf(':') + 1), 16);
    }
  }

  /** Whether somebody listens on this port. */
  public static boolean listens(int port) {
    try (Stream<Row> rows = Stream.concat(rows(TABLE), rows(TABLE_6))) {
      return listens(port, rows);
    }
  }

  /** The same, of the table of another network. */
  public static boolean listens(int port, String table) {
    return listens(port, rows(table));
  }

  private static boolean listens(int port, Stream<Row> rows) {
    return rows.anyMatch(r -> r.state.equals(LISTEN) && r.localPort() == port);
  }

  /**
   * The number of the socket with this IPv4 address that is connected to this local port. Database
   * servers connect by IPv4 to 127.0.0.1; a JVM does so with a socket of IPv6, whose address ends
   * in the other one.
   */
  public static Optional<Long> inode(InetSocketAddress socket, int remotePort) {
    String local = hex(socket);
    String remote = ":%04X".formatted(remotePort);
    try (Stream<Row> rows = Stream.concat(rows(TABLE), rows(TABLE_6))) {
      return rows.filter(r -> r.local.endsWith(local) && r.remote.endsWith(remote) && r.inode != 0)
          .map(Row::inode)
          .findFirst();
    }
  }

  /** As the kernel of a little-endian machine writes it. */
  private static String hex(InetSocketAddress socket) {
    byte[] a = socket.getAddress().getAddress();
    return "%02X%02X%02X%02X:%04X".formatted(a[3], a[2], a[1], a[0], socket.getPort());
  }

  private static Stream<Row> rows(Path table) {
    try {
      // Read whole and at once: the kernel makes the rows while they are read.
      return rows(Files.readString(table, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      // A kernel without IPv6.
      return Stream.empty();
    } catch (IOException e) {
      throw LabException.of("cannot read the table of sockets", e);
    }
  }

  private static Stream<Row> rows(String table) {
    return table
        .lines()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(f -> f.length > 9)
        .map(f -> new Row(f[1], f[2], f[3], Long.parseLong(f[9])));
  }
}
