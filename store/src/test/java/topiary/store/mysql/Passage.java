package topiary.store.mysql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import topiary.engine.model.InstanceKey;

/**
 * A way to a server that can be lost at the worst of moments: when a commit is on its way there, or
 * when the answer to it is on its way back. It reads what passes, so nothing may be encrypted.
 */
final class Passage implements AutoCloseable {

  enum Loss {
    /** Everything passes. */
    NONE,
    /** The next commit never gets there. */
    COMMIT,
    /** The next commit gets there, and its answer never comes back. */
    ANSWER,
    /** As above, and nobody is let through afterwards. */
    EVERYTHING
  }

  private final ServerSocket door;
  private final InstanceKey server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile Loss loss = Loss.NONE;
  private volatile boolean shut;

  Passage(InstanceKey server) throws IOException {
    this.server = server;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(this::serve);
  }

  InstanceKey address() {
    return new InstanceKey("127.0.0.1", door.getLocalPort());
  }

  /** What is to be lost, once. */
  void lose(Loss what) {
    loss = what;
  }

  /** Lets everybody through again. */
  void open() {
    shut = false;
  }

  /** How often something was lost. */
  int lost() {
    return lost.get();
  }

  private Void serve() throws IOException {
    while (true) {
      Socket client = door.accept();
      if (shut) {
        client.close();
        continue;
      }
      var beyond = new Socket(server.host(), server.port());
      open.add(client);
      open.add(beyond);
      threads.submit(() -> there(client, beyond));
      threads.submit(() -> pass(beyond, client));
    }
  }

  private Void there(Socket client, Socket beyond) throws IOException {
    try (client;
        beyond) {
      InputStream in = client.getInputStream();
      OutputStream out = beyond.getOutputStream();
      byte[] some = new byte[1 << 16];
      for (int n = in.read(some); n > 0; n = in.read(some)) {
        // A packet of its own: four bytes of header, the word for a query, the query.
        boolean commit =
            n == 11 && new String(some, 5, 6, StandardCharsets.US_ASCII).equals("COMMIT");
        Loss now = commit ? loss : Loss.NONE;
        if (now == Loss.NONE) {
          out.write(some, 0, n);
          continue;
        }
        loss = Loss.NONE;
        lost.incrementAndGet();
        if (now != Loss.COMMIT) {
          shut = now == Loss.EVERYTHING;
          // Nobody reads the answer: the client's end is closed first.
          client.close();
          out.write(some, 0, n);
          beyond.shutdownOutput();
          beyond.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        return null;
      }
      return null;
    }
  }

  private static Void pass(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
