package topiary.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Whoever connects here is connected there: bytes are handed on both ways as they come. Either
 * address may be one of TCP or a Unix socket.
 */
final class Relay implements AutoCloseable {

  private static final int PIECE = 8192;

  private final ServerSocketChannel listener;
  private final SocketAddress there;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Listens when this returns. */
  Relay(SocketAddress here, SocketAddress there) throws IOException {
    this.there = there;
    listener =
        ServerSocketChannel.open(
            here instanceof UnixDomainSocketAddress
                ? StandardProtocolFamily.UNIX
                : StandardProtocolFamily.INET);
    listener.bind(here);
    Thread.ofVirtual().name("relay").start(this::serve);
  }

  /**
   * One that is a process of its own: from a Unix socket to a port of its loopback. It says that it
   * is ready, and ends with its standard input, so that it does not outlive whoever started it.
   *
   * @param args the socket's path and the port
   */
  public static void main(String[] args) throws IOException {
    try (var _ =
        new Relay(UnixDomainSocketAddress.of(args[0]), loopback(Integer.parseInt(args[1])))) {
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // Nobody has anything to say to it.
      }
    }
  }

  /** A port of this machine, or of the network this process is on; 0 for any that is free. */
  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  /** Where it listens. */
  SocketAddress address() throws IOException {
    return listener.getLocalAddress();
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        threads.execute(() -> join(client));
      }
    } catch (AsynchronousCloseException e) {
      // It was closed.
    } catch (IOException e) {
      throw new UncheckedIOException("the relay cannot accept", e);
    }
  }

  private void join(SocketChannel client) {
    try (client;
        var server = SocketChannel.open(there)) {
      open.add(client);
      open.add(server);
      Thread back = Thread.ofVirtual().start(() -> pass(server, client));
      pass(client, server);
      back.join();
      open.remove(client);
      open.remove(server);
    } catch (IOException e) {
      throw new UncheckedIOException("the relay cannot reach " + there, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hands on until there is no more; an end that breaks takes the other with it. */
  private static void pass(SocketChannel from, SocketChannel to) {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE);
    try {
      while (from.read(bytes.clear()) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
      }
      to.shutdownOutput();
    } catch (IOException e) {
      end(from);
      end(to);
    }
  }

  private static void end(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the relay cannot close a connection", e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(Relay::end);
    threads.close();
  }
}
