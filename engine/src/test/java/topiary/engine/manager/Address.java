package topiary.engine.manager;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import topiary.engine.model.InstanceKey;

/** An address that leads to a server, and can be led to another, as one does after a failover. */
final class Address implements AutoCloseable {

  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile InstanceKey server;

  Address(InstanceKey server) throws IOException {
    this.server = server;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  InstanceKey key() {
    return new InstanceKey("127.0.0.1", socket.getLocalPort());
  }

  /** From now on it leads there; whoever is connected is cut off. */
  void move(InstanceKey other) throws IOException {
    server = other;
    cut();
  }

  private void cut() throws IOException {
    for (Socket each : open) {
      each.close();
    }
    open.clear();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket guest = socket.accept();
        var host = new Socket(server.host(), server.port());
        open.add(guest);
        open.add(host);
        Thread.ofVirtual().start(() -> pass(guest, host));
        Thread.ofVirtual().start(() -> pass(host, guest));
      } catch (IOException e) {
        // Closed, or nobody answers there: a guest finds out by itself.
        continue;
      }
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Cut off, by either side or by a move: both ends are closed.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    cut();
  }
}
