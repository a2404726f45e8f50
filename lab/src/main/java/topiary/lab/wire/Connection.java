package topiary.lab.wire;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import topiary.lab.sim.Answer;
import topiary.lab.sim.Session;

/** A client of a simulated server. Everything happens on the loop's thread. */
final class Connection {

  /** With more answers than this the client gets those there are, in bytes. */
  private static final int TOGETHER = 64 * 1024;

  /** What a client may say at once, in bytes. */
  static final int LONGEST = 60_000;

  private static final int LONG_PASSWORD = 0x1;
  private static final int FOUND_ROWS = 0x2;
  private static final int LONG_FLAG = 0x4;
  private static final int CONNECT_WITH_DB = 0x8;
  private static final int PROTOCOL_41 = 0x200;
  private static final int TRANSACTIONS = 0x2000;
  private static final int SECURE_CONNECTION = 0x8000;
  private static final int PLUGIN_AUTH = 0x80000;
  private static final int CONNECT_ATTRS = 0x100000;
  private static final int LENENC = 0x200000;
  private static final int OFFERED =
      LONG_PASSWORD
          | FOUND_ROWS
          | LONG_FLAG
          | CONNECT_WITH_DB
          | PROTOCOL_41
          | TRANSACTIONS
          | SECURE_CONNECTION
          | PLUGIN_AUTH
          | CONNECT_ATTRS
          | LENENC;

  private enum Phase {
    GREETED,
    SWITCHED,
    READY
  }

  private final Loop loop;
  private final Port port;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final byte[] salt;
  private final String client;
  private Phase phase = Phase.GREETED;
  private Login.Greeting greeting;
  private Session session;

  /** What has come of a packet whose rest has not. */
  private byte[] begun;

  /** What the client has not taken yet. */
  private ByteBuffer unsent;

  private String waiting;
  private long since;

  Connection(Loop loop, Port port, SocketChannel channel, byte[] salt) throws IOException {
    this.loop = loop;
    this.port = port;
    this.channel = channel;
    this.salt = salt;
    client = channel.getRemoteAddress().toString().replaceFirst("^/", "");
    key = loop.register(channel, this);
    session = port.server().login("unauthenticated user", client, loop.now());
    greet();
  }

  private void greet() throws IOException {
    Out out = loop.out();
    out.clear();
    out.next(0);
    out.begin();
    out.number(10, 1);
    out.ended(port.server().kind().version());
    out.number(session.id(), 4);
    for (int i = 0; i < 8; i++) {
      out.number(salt[i], 1);
    }
    out.number(0, 1);
    out.number(OFFERED, 2);
    out.number(45, 1);
    out.number(2, 2);
    out.number(OFFERED >> 16, 2);
    out.number(salt.length + 1, 1);
    out.number(0, 10);
    for (int i = 8; i < salt.length; i++) {
      out.number(salt[i], 1);
    }
    out.number(0, 1);
    out.ended(Login.NATIVE);
    out.end();
    sendAll();
  }

  // ---- what comes

  /** There is something to read. */
  void read(ByteBuffer in) throws IOException {
    loop.out().clear();
    in.clear();
    if (begun != null) {
      in.put(begun);
      begun = null;
    }
    if (channel.read(in) < 0) {
      close();
      return;
    }
    in.flip();
    while (in.remaining() >= 4 && waiting == null && unsent == null && channel.isOpen()) {
      int at = in.position();
      int length =
          (in.get(at) & 0xff) | (in.get(at + 1) & 0xff) << 8 | (in.get(at + 2) & 0xff) << 16;
      int sequence = in.get(at + 3) & 0xff;
      if (length > LONGEST) {
        loop.out().next(sequence + 1);
        loop.out().error(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes");
        sendAll();
        close();
        return;
      }
      if (in.remaining() < 4 + length) {
        break;
      }
      in.position(at + 4);
      ByteBuffer packet = in.slice(in.position(), length);
      in.position(at + 4 + length);
      take(packet, sequence);
      if (loop.out().size() > TOGETHER) {
        sendAll();
      }
    }
    sendAll();
    if (in.hasRemaining() && channel.isOpen()) {
      begun = new byte[in.remaining()];
      in.get(begun);
    }
  }

  private void take(ByteBuffer packet, int sequence) throws IOException {
    Out out = loop.out();
    out.next(sequence + 1);
    try {
      switch (phase) {
        case GREETED -> {
          greeting = Login.read(packet);
          boolean known = greeting.plugin().equals(Login.NATIVE) || greeting.plugin().isEmpty();
          if (known && (greeting.proof().length > 0 || port.account().password().isEmpty())) {
            decide(Login.NATIVE, greeting.proof());
          } else {
            askAgain(greeting.plugin().equals(Login.CACHING) ? Login.CACHING : Login.NATIVE);
          }
        }
        case SWITCHED -> {
          var proof = new byte[packet.remaining()];
          packet.get(proof);
          decide(greeting.plugin().equals(Login.CACHING) ? Login.CACHING : Login.NATIVE, proof);
        }
        case READY -> command(packet);
        default -> throw new IllegalStateException("a connection in no phase");
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      out.again(sequence + 1);
      out.error(1043, "08S01", "Bad handshake");
      sendAll();
      close();
    }
  }

  private void askAgain(String plugin) throws IOException {
    Out out = loop.out();
    out.begin();
    out.number(0xfe, 1);
    out.ended(plugin);
    out.raw(salt);
    out.number(0, 1);
    out.end();
    phase = Phase.SWITCHED;
  }

  private void decide(String plugin, byte[] proof) throws IOException {
    Out out = loop.out();
    Account account = port.account();
    if (!greeting.user().equals(account.user())
        || !Login.proves(plugin, proof, account.password(), salt)) {
      out.error(
          1045,
          "28000",
          "Access denied for user '"
              + greeting.user()
              + "'@'"
              + client.replaceFirst(":.*", "")
              + "' (using password: "
              + (proof.length > 0 ? "YES" : "NO")
              + ")");
      sendAll();
      close();
      return;
    }
    session.close();
    session = port.server().login(greeting.user(), client, loop.now());
    session.onEnd(this::close);
    phase = Phase.READY;
    if (plugin.equals(Login.CACHING)) {
      // The password was known already, so that no other exchange is needed.
      out.begin();
      out.number(1, 1);
      out.number(3, 1);
      out.end();
    }
    if (greeting.schema().isEmpty()) {
      out.ok(0);
    } else {
      write(session.use(greeting.schema()));
    }
    greeting = null;
  }

  private void command(ByteBuffer packet) throws IOException {
    Out out = loop.out();
    int what = packet.hasRemaining() ? packet.get() : -1;
    switch (what) {
      case 0x01 -> {
        sendAll();
        close();
      }
      case 0x02 -> write(session.use(StandardCharsets.UTF_8.decode(packet).toString()));
      case 0x03 -> {
        String sql = StandardCharsets.UTF_8.decode(packet).toString();
        since = loop.now();
        loop.counted();
        Answer answer = session.execute(sql, since, since);
        if (answer instanceof Answer.Wait) {
          waiting = sql;
          loop.waits(this);
        } else {
          write(answer);
        }
      }
      case 0x0e -> out.ok(0);
      case 0x1b -> out.eof();
      case 0x1f -> {
        session.close();
        session = port.server().login(port.account().user(), client, loop.now());
        session.onEnd(this::close);
        out.ok(0);
      }
      default -> out.error(1047, "08S01", "Unknown command");
    }
  }

  /** Tries a statement again that had to wait; whether it has to go on waiting. */
  boolean waitsStill() throws IOException {
    if (!channel.isOpen()) {
      return false;
    }
    if (port.hung()) {
      return true;
    }
    Answer answer = session.execute(waiting, loop.now(), since);
    if (answer instanceof Answer.Wait) {
      return true;
    }
    waiting = null;
    loop.out().clear();
    loop.out().next(1);
    write(answer);
    sendAll();
    return false;
  }

  private void write(Answer answer) {
    Out out = loop.out();
    switch (answer) {
      case Answer.Rows rows -> out.rows(rows);
      case Answer.Done done -> out.ok(done.warnings());
      case Answer.No no -> out.error(no.code(), no.state(), no.message());
      case Answer.Wait w -> throw new IllegalStateException("nothing to write yet");
    }
  }

  // ---- what goes

  /** Sends what there is, if anybody is there to take it. */
  private void sendAll() throws IOException {
    if (loop.out().size() > 0 && channel.isOpen()) {
      send();
    }
    loop.out().clear();
  }

  private void send() throws IOException {
    ByteBuffer content = loop.out().content();
    channel.write(content);
    if (content.hasRemaining()) {
      unsent = ByteBuffer.allocate(content.remaining()).put(content).flip();
      key.interestOps(SelectionKey.OP_WRITE);
    }
  }

  /** The client takes more. */
  void write() throws IOException {
    channel.write(unsent);
    if (!unsent.hasRemaining()) {
      unsent = null;
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /** Says nothing any more, or goes on. */
  void hang(boolean hung) {
    if (key.isValid()) {
      key.interestOps(hung ? 0 : unsent != null ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
  }

  void close() {
    session.close();
    port.forget(this);
    loop.close(channel);
  }
}
