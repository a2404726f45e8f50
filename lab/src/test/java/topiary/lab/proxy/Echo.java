package topiary.lab.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A server that says back what it hears, and at times something of its own. */
final class Echo implements AutoCloseable {
  static final String HOST = "127.0.0.1";

  private static final int REMEMBERED = 4096;

  private final ServerSocket listener = new ServerSocket();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final StringBuffer heard = new StringBuffer();
  private volatile boolean reset;

  Echo() throws IOException {
    this(0);
  }

  Echo(int port) throws IOException {
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(HOST, port), 256);
    Thread.ofVirtual().start(this::listen);
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return open.size();
  }

  long bytes() {
    return bytes.get();
  }

  boolean heard(String text) {
    return heard.toString().contains(text);
  }

  boolean wasReset() {
    return reset;
  }

  void sayToAll(String text) throws IOException {
    for (Socket socket : open) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void listen() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> echo(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void echo(Socket socket) {
    byte[] buffer = new byte[16 * 1024];
    try (socket) {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        bytes.addAndGet(n);
        if (heard.length() < REMEMBERED) {
          heard.append(new String(buffer, 0, Math.min(n, 100), StandardCharsets.UTF_8));
        }
        socket.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      reset = reset || e.getMessage().contains("reset");
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
