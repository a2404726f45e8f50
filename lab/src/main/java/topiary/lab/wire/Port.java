package topiary.lab.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import topiary.lab.base.LabException;
import topiary.lab.sim.Server;

/** Where one simulated server listens. Everything but the opening happens on the loop's thread. */
final class Port {

  private static final int BACKLOG = 64;

  private final Loop loop;
  private final Server server;
  private final Account account;
  private final Set<Connection> connections = new HashSet<>(2);
  private ServerSocketChannel listener;
  private SelectionKey key;

  Port(Loop loop, Server server, Account account) {
    this.loop = loop;
    this.server = server;
    this.account = account;
  }

  Server server() {
    return server;
  }

  Account account() {
    return account;
  }

  boolean hung() {
    return server.standing() == Server.Standing.HUNG;
  }

  /** Begins to listen. */
  void open() {
    try {
      InetAddress host = InetAddress.getByName(server.address().host());
      if (!host.isLoopbackAddress()) {
        throw new LabException(
            host + " is no loopback address; simulated servers listen on no other");
      }
      listener = ServerSocketChannel.open();
      listener.configureBlocking(false);
      listener.bind(new InetSocketAddress(host, server.address().port()), BACKLOG);
      key = loop.register(listener, this);
    } catch (IOException e) {
      close();
      throw new LabException(
          "a simulated server cannot listen on "
              + server.address()
              + ": "
              + e.getMessage()
              + "; take another --port",
          e);
    }
  }

  /** Takes whoever has come. */
  void accept() throws IOException {
    SocketChannel channel = listener.accept();
    if (channel == null) {
      return;
    }
    try {
      channel.configureBlocking(false);
      channel.socket().setTcpNoDelay(true);
      connections.add(new Connection(loop, this, channel, loop.salt()));
    } catch (IOException e) {
      // Gone before it was greeted.
      loop.close(channel);
    }
  }

  /** Does as its server stands now. */
  void follow() {
    switch (server.standing()) {
      case ALIVE -> {
        if (listener == null) {
          open();
        } else {
          hang(false);
        }
      }
      case HUNG -> hang(true);
      case DEAD -> close();
      default -> throw new IllegalStateException("a server in no state");
    }
  }

  private void hang(boolean hung) {
    key.interestOps(hung ? 0 : SelectionKey.OP_ACCEPT);
    connections.forEach(c -> c.hang(hung));
  }

  void forget(Connection connection) {
    connections.remove(connection);
  }

  void close() {
    List.copyOf(connections).forEach(Connection::close);
    if (listener != null) {
      loop.close(listener);
      listener = null;
    }
  }
}
