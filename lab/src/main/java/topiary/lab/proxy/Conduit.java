package topiary.lab.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One client's connection and its continuation to the server. Lives on the loop's thread. */
final class Conduit {
  private final Loop loop;
  private final Gate gate;
  private final String who;
  private final SocketChannel client;
  private final Flow up;
  private final Flow down;
  private SelectionKey clientKey;
  private SocketChannel server;
  private SelectionKey serverKey;
  private boolean connected;
  private Effect effect = Effect.NONE;
  private boolean upStalled;
  private boolean downStalled;
  private boolean waking;
  private long wakesAt;
  private boolean closed;

  Conduit(Loop loop, Gate gate, String who, SocketChannel client) {
    this.loop = loop;
    this.gate = gate;
    this.who = who;
    this.client = client;
    long now = System.nanoTime();
    up = new Flow(Direction.TO_SERVER, now);
    down = new Flow(Direction.TO_CLIENT, now);
  }

  void begin(Effect first) {
    try {
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      clientKey = loop.register(client, 0, this::clientReady);
    } catch (IOException e) {
      // Gone since it was accepted.
      abort();
      return;
    }
    obey(first);
  }

  String who() {
    return who;
  }

  /** Puts new rules in force. */
  void obey(Effect next) {
    if (closed) {
      return;
    }
    effect = next;
    if (effect.cut()) {
      abort();
      return;
    }
    if (server == null && !effect.blackHole()) {
      connect();
    }
    proceed();
  }

  private void connect() {
    try {
      server = SocketChannel.open();
      server.setOption(StandardSocketOptions.TCP_NODELAY, true);
      serverKey = loop.register(server, SelectionKey.OP_CONNECT, this::serverReady);
      if (server.connect(gate.target())) {
        connected = true;
      }
    } catch (IOException e) {
      // Refused: the client is to see a server that is not there.
      abort();
      gate.look();
    }
  }

  private void clientReady() {
    if (clientKey.isReadable()) {
      up.read(client, System.nanoTime());
    }
    if (clientKey.isValid() && clientKey.isWritable()) {
      downStalled = false;
    }
    proceed();
  }

  private void serverReady() {
    try {
      if (serverKey.isConnectable() && server.finishConnect()) {
        connected = true;
      }
    } catch (IOException e) {
      abort();
      gate.look();
      return;
    }
    if (serverKey.isReadable()) {
      down.read(server, System.nanoTime());
      if (down.ended()) {
        gate.look();
      }
    }
    if (serverKey.isValid() && serverKey.isWritable()) {
      upStalled = false;
    }
    proceed();
  }

  /** Passes on what may pass, and says what is to be waited for. */
  private void proceed() {
    if (closed) {
      return;
    }
    if (server == null && up.ended()) {
      // It gave up before it was let through: nobody else knows of it.
      abort();
      return;
    }
    long now = System.nanoTime();
    if (connected) {
      upStalled = upStalled || !pass(up, server, down, now);
    }
    downStalled = downStalled || !pass(down, client, up, now);
    if (up.resetArrives(effect) || down.resetArrives(effect)) {
      abort();
    } else if (up.done() && down.done()) {
      close(false);
    } else {
      await();
    }
  }

  /** False when the receiver takes no more now. */
  private boolean pass(Flow flow, SocketChannel to, Flow back, long now) {
    Direction direction = flow == up ? Direction.TO_SERVER : Direction.TO_CLIENT;
    if (!flow.hasSomething() || !effect.passes(direction)) {
      return true;
    }
    try {
      return flow.write(to, effect, now);
    } catch (IOException e) {
      flow.drop();
      back.reset();
      return true;
    }
  }

  private void await() {
    int forClient = up.wantsToRead() ? SelectionKey.OP_READ : 0;
    int forServer = !connected ? SelectionKey.OP_CONNECT : 0;
    if (connected && down.wantsToRead()) {
      forServer |= SelectionKey.OP_READ;
    }
    if (downStalled && open(Direction.TO_CLIENT)) {
      forClient |= SelectionKey.OP_WRITE;
    } else {
      wake(down, Direction.TO_CLIENT, downStalled);
    }
    if (connected && upStalled && open(Direction.TO_SERVER)) {
      forServer |= SelectionKey.OP_WRITE;
    } else if (connected) {
      wake(up, Direction.TO_SERVER, upStalled);
    }
    clientKey.interestOps(forClient);
    if (serverKey != null) {
      serverKey.interestOps(forServer);
    }
  }

  private boolean open(Direction direction) {
    return effect.passes(direction);
  }

  private void wake(Flow flow, Direction direction, boolean stalled) {
    if (stalled || !flow.hasSomething() || !open(direction)) {
      return;
    }
    long at = flow.passesFrom(effect);
    if (waking && wakesAt - at <= 0) {
      return;
    }
    waking = true;
    wakesAt = at;
    loop.at(
        at,
        () -> {
          if (wakesAt == at) {
            waking = false;
          }
          proceed();
        });
  }

  /** Ends both sides with a reset. */
  void abort() {
    close(true);
  }

  private void close(boolean reset) {
    if (closed) {
      return;
    }
    closed = true;
    // A timer may keep this object for a while.
    up.drop();
    down.drop();
    Sockets.close(client, reset);
    if (server != null) {
      Sockets.close(server, reset && connected);
    }
    gate.gone(this);
  }
}
