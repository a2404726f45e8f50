package topiary.lab.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import topiary.lab.base.LabException;
import topiary.lab.process.TcpTable;

/**
 * The public port of one server. It is open while the server itself listens on its private port, so
 * that a dead server refuses connections as it would without a proxy, and while not everybody is
 * cut off. Lives on the loop's thread unless said otherwise.
 */
final class Gate {
  /** More connections than any server of a lab admits. */
  private static final int MOST_CONNECTIONS = 1000;

  private static final int BACKLOG = 128;
  private static final long AGAIN_NANOS = 100_000_000;
  private static final long SURE_NANOS = 30_000_000;

  private final Loop loop;
  private final Clients clients;
  private final String name;
  private final InetSocketAddress front;
  private final InetSocketAddress target;
  private final Set<Conduit> conduits = new HashSet<>();
  private final Set<SocketChannel> arriving = new HashSet<>();
  private List<Standing> standing = List.of();
  private ServerSocketChannel listener;
  private SelectionKey key;
  private final AtomicLong looks = new AtomicLong();
  private long latest;
  private boolean up;
  private boolean looking;
  private boolean closed;

  Gate(Loop loop, Clients clients, String name, InetSocketAddress front, InetSocketAddress target) {
    this.loop = loop;
    this.clients = clients;
    this.name = name;
    this.front = front;
    this.target = target;
  }

  String name() {
    return name;
  }

  InetSocketAddress target() {
    return target;
  }

  int connections() {
    return conduits.size() + arriving.size();
  }

  /** Puts rules in force, on connections that are there too. */
  void obey(List<Standing> rules) {
    standing = rules;
    for (Conduit conduit : List.copyOf(conduits)) {
      conduit.obey(Effect.of(rules, conduit.who(), name));
    }
    settle();
  }

  /** From any thread: whether the server listens, as of now; the port follows. */
  void lookNow() {
    long look = looks.incrementAndGet();
    boolean listens = TcpTable.listens(target.getPort());
    loop.call(
        () -> {
          seen(look, listens);
          loop.flush();
          return null;
        });
  }

  /**
   * Something ended, perhaps the server: looks at once, and once more shortly, since a dying
   * process closes its sockets one after another.
   */
  void look() {
    if (looking || closed) {
      return;
    }
    looking = true;
    peek();
    loop.at(
        System.nanoTime() + SURE_NANOS,
        () -> {
          looking = false;
          peek();
        });
  }

  private void peek() {
    if (closed) {
      return;
    }
    Thread.ofVirtual()
        .start(
            () -> {
              long look = looks.incrementAndGet();
              boolean listens = TcpTable.listens(target.getPort());
              loop.post(() -> seen(look, listens));
            });
  }

  private void seen(long look, boolean listens) {
    // One that was begun earlier and comes later knows less.
    if (look > latest) {
      latest = look;
      up = listens;
      settle();
    }
  }

  /** Opens or closes the port as things are. */
  private void settle() {
    if (closed) {
      return;
    }
    boolean wanted = up && !Effect.of(standing, Link.ANYBODY, name).cut();
    if (wanted && listener == null) {
      try {
        open();
      } catch (LabException e) {
        // Somebody took the port meanwhile: tried again below.
        System.getLogger(Gate.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
      }
    } else if (!wanted && listener != null) {
      Sockets.close(listener, false);
      listener = null;
    }
    if (!looking && (!up || wanted && listener == null)) {
      looking = true;
      loop.at(
          System.nanoTime() + AGAIN_NANOS,
          () -> {
            looking = false;
            peek();
          });
    }
  }

  /**
   * Opens the port.
   *
   * @throws LabException when somebody else has it
   */
  private void open() {
    ServerSocketChannel fresh = null;
    try {
      fresh = ServerSocketChannel.open();
      fresh.bind(front, BACKLOG);
      key = loop.register(fresh, SelectionKey.OP_ACCEPT, this::accept);
      listener = fresh;
    } catch (IOException e) {
      if (fresh != null) {
        Sockets.close(fresh, false);
      }
      throw LabException.of("the proxy cannot listen on " + front.getPort() + " for " + name, e);
    }
  }

  /** Opens for the first time. */
  void begin(List<Standing> rules, boolean listens) {
    standing = rules;
    up = listens;
    open();
    settle();
  }

  private void accept() {
    try {
      for (SocketChannel it = listener.accept(); it != null; it = listener.accept()) {
        arrived(it);
      }
    } catch (IOException e) {
      // No descriptor left, for one: the port stays ready, so it is left alone for a while.
      System.getLogger(Gate.class.getName())
          .log(System.Logger.Level.WARNING, "cannot accept for " + name + ": " + e.getMessage());
      key.interestOps(0);
      SelectionKey same = key;
      loop.at(
          System.nanoTime() + AGAIN_NANOS,
          () -> {
            if (same.isValid()) {
              same.interestOps(SelectionKey.OP_ACCEPT);
            }
          });
    }
  }

  private void arrived(SocketChannel client) {
    if (connections() >= MOST_CONNECTIONS) {
      Sockets.close(client, true);
      return;
    }
    arriving.add(client);
    Thread.ofVirtual()
        .start(
            () -> {
              String who = who(client);
              loop.post(() -> known(client, who));
            });
  }

  private String who(SocketChannel client) {
    try {
      return clients.of((InetSocketAddress) client.getRemoteAddress(), front.getPort());
    } catch (IOException | LabException e) {
      // Gone already, or its lab is: nobody's rules matter to it any more.
      return Link.OTHERS;
    }
  }

  private void known(SocketChannel client, String who) {
    if (!arriving.remove(client) || closed) {
      return;
    }
    var conduit = new Conduit(loop, this, who, client);
    conduits.add(conduit);
    conduit.begin(Effect.of(standing, who, name));
  }

  void gone(Conduit conduit) {
    conduits.remove(conduit);
  }

  /** Ends it with all connections. */
  void close() {
    closed = true;
    if (listener != null) {
      Sockets.close(listener, false);
      listener = null;
    }
    arriving.forEach(c -> Sockets.close(c, true));
    arriving.clear();
    List.copyOf(conduits).forEach(Conduit::abort);
  }
}
