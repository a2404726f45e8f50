package topiary.engine.mysql;

import com.mysql.cj.NativeSession;
import com.mysql.cj.TransactionEventHandler;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.exceptions.CJCommunicationsException;
import com.mysql.cj.exceptions.ExceptionInterceptor;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.FullReadInputStream;
import com.mysql.cj.protocol.ProtocolEntityFactory;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketFactory;
import com.mysql.cj.protocol.a.NativeConstants.IntegerDataType;
import com.mysql.cj.protocol.a.NativeMessageBuilder;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.NativeProtocol;
import com.mysql.cj.protocol.a.NativeSocketConnection;
import com.mysql.cj.protocol.a.ResultsetFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Secrets;

/**
 * A connection as the driver makes it below JDBC: its greeting, encryption, ways to log in and to
 * read answers, but neither settings nor buffers nor statements of its own. Used by one thread at a
 * time; only closing may come from another one. What goes wrong is an {@link IOException} or a
 * {@link RuntimeException} of the driver's.
 */
// The driver's sessions are serializable; nobody does that to them, least of all here.
@SuppressWarnings("serial")
final class Wire extends NativeSession {

  private static final System.Logger LOG = System.getLogger(Wire.class.getName());

  /**
   * Not asked of the server, unlike JDBC's connections, which read two dozen variables first; in
   * one statement. A server may be set up to heed nobody's greeting, or to begin transactions with
   * the first question.
   */
  private static final String BEGIN =
      "SET character_set_client = utf8mb4, character_set_connection = utf8mb4,"
          + " character_set_results = utf8mb4, autocommit = 1";

  private static final ProtocolEntityFactory<Resultset, NativePacketPayload> RESULTS =
      new ResultsetFactory(Resultset.Type.FORWARD_ONLY, Resultset.Concurrency.READ_ONLY);

  private static final TransactionEventHandler NOBODY =
      new TransactionEventHandler() {
        @Override
        public void transactionBegun() {
          // Nobody here has transactions.
        }

        @Override
        public void transactionCompleted() {
          // As above.
        }
      };

  /** COM_PING, the first packet of a conversation. */
  private static final byte[] PING = {1, 0, 0, 0, 0x0e};

  /** Longer statements are sent by the driver, in characters. */
  private static final int SHORT = 8 * 1024;

  /** So many statements are kept as they are sent. */
  private static final int MOST = 200;

  /** No table has more columns. */
  private static final int COLUMNS = 4096;

  /** So much of what is told of columns is remembered, in bytes; usually it is some thousands. */
  private static final int TOLD = 32 * 1024;

  private static final Map<String, byte[]> WITH_ATTRIBUTES = new ConcurrentHashMap<>();
  private static final Map<String, byte[]> WITHOUT = new ConcurrentHashMap<>();

  private final DriverSettings settings;
  private final IdleConnections idle;
  private NativeMessageBuilder messages;
  private LeanSocket socket;
  private Packets packets;

  /** Whether {@link #BEGIN} is to be sent before anything else. */
  private boolean begins;

  /** Whether the answer to that is still to be read. */
  private boolean begun;

  private Wire(HostInfo host, DriverSettings settings, IdleConnections idle) {
    super(host, settings);
    this.settings = settings;
    this.idle = idle;
  }

  /**
   * Connects and logs in.
   *
   * @param idle those it is among when it is at rest
   */
  static Wire open(
      InstanceKey key,
      Secrets.Credentials credentials,
      DriverSettings settings,
      IdleConnections idle)
      throws IOException {
    var host =
        new HostInfo(null, key.host(), key.port(), credentials.user(), credentials.password());
    var wire = new Wire(host, settings, idle);
    try {
      wire.connect(host, credentials.user(), credentials.password(), "", 0, NOBODY);
      return wire;
    } catch (IOException | RuntimeException e) {
      wire.forceClose();
      throw e;
    }
  }

  @Override
  public void connect(
      HostInfo host,
      String user,
      String password,
      String database,
      int limit,
      TransactionEventHandler transactions)
      throws IOException {
    socket = new LeanSocket(idle);
    socket.connect(host.getHost(), host.getPort(), propertySet, null, log, limit);
    NativeProtocol begun = NativeProtocol.getInstance(this, socket, propertySet, log, transactions);
    protocol = begun;
    begun.connect(user, password, database);
    ServerSession server = begun.getServerSession();
    server.getCharsetSettings().configurePostHandshake(false);
    messages = new NativeMessageBuilder(begun.getServerSession().supportsQueryAttributes());
    settings.loggedIn();
    packets = new Packets(socket.input, DriverSettings.LONGEST);
    begins = true;
  }

  /** Sends a statement, and has the driver read its answer whole. */
  Resultset run(String sql) throws IOException {
    send(List.of(sql));
    return read();
  }

  /** Sends statements, all at once; the answers come one after the other. */
  void send(List<String> statements) throws IOException {
    socket.output.gather();
    if (begins) {
      // With the first question: nobody waits for its answer alone.
      begins = false;
      begun = true;
      socket.output.write(packet(BEGIN));
    }
    for (String sql : statements) {
      if (sql.length() > SHORT) {
        NativePacketPayload query = messages.buildComQuery(null, this, sql);
        getProtocol().getPacketSender().send(query.getByteBuffer(), query.getPosition(), (byte) 0);
      } else {
        socket.output.write(packet(sql));
      }
    }
    socket.output.sendGathered();
  }

  /** A statement as it is sent. Looks send the same few each time. */
  private byte[] packet(String sql) {
    Map<String, byte[]> packets =
        getServerSession().supportsQueryAttributes() ? WITH_ATTRIBUTES : WITHOUT;
    byte[] known = packets.get(sql);
    if (known == null) {
      NativePacketPayload query = messages.buildComQuery(null, this, sql);
      int length = query.getPosition();
      known = new byte[length + 4];
      known[0] = (byte) length;
      known[1] = (byte) (length >> 8);
      known[2] = (byte) (length >> 16);
      System.arraycopy(query.getByteBuffer(), 0, known, 4, length);
      if ((asks(sql) || sql.equals(BEGIN)) && packets.size() < MOST) {
        packets.put(sql, known);
      }
    }
    return known;
  }

  /** Whether it changes nothing, and so holds nobody's password. */
  private static boolean asks(String sql) {
    return sql.startsWith("SHOW ") || sql.startsWith("SELECT ");
  }

  /** Has the driver read an answer whole. */
  Resultset read() throws IOException {
    return read(next());
  }

  /** The first packet of an answer. */
  private byte[] next() throws IOException {
    if (begun) {
      begun = false;
      try {
        packets.next(this::refusal);
      } catch (RuntimeException e) {
        // The answers to the questions come after it, and nobody is to take one for another.
        forceClose();
        throw e;
      }
    }
    return packets.next(this::refusal);
  }

  /**
   * What a server answered.
   *
   * @param read by the driver; null if its columns were known
   * @param rows as they came, if its columns were known; else null
   */
  record Answer(Resultset read, List<byte[]> rows) {}

  /**
   * Reads an answer whole; the server's words on its columns are passed over if there are as many
   * as there were.
   *
   * @param columns how many there were
   */
  Answer read(int columns) throws IOException {
    byte[] first = next();
    long count = new NativePacketPayload(first).readInteger(IntegerDataType.INT_LENENC);
    if (count != columns) {
      return new Answer(read(first), null);
    }
    return new Answer(
        null, packets.rows(count, !getServerSession().isEOFDeprecated(), this::refusal));
  }

  /**
   * What a server answered to what it was not asked before.
   *
   * @param kind how its rows are read
   * @param read by the driver; null if some server told of such columns before
   * @param rows as they came, if so; else null
   */
  record First(Answers.Kind kind, Resultset read, List<byte[]> rows) {}

  /** Reads an answer whole, as cheaply as what is known of its columns allows. */
  First read(Answers answers) throws IOException {
    byte[] first = next();
    long count = new NativePacketPayload(first).readInteger(IntegerDataType.INT_LENENC);
    if (count <= 0 || count > COLUMNS) {
      return new First(null, read(first), null);
    }
    Packets.Told told = packets.columns((int) count, TOLD);
    Answers.Kind known = told.whole() ? answers.known(told.bytes()) : null;
    if (known != null) {
      return new First(
          known, null, packets.rows(0, !getServerSession().isEOFDeprecated(), this::refusal));
    }
    socket.input.unread(told.bytes());
    Resultset read = read(first);
    Answers.Kind kind =
        read.hasRows() ? answers.kind(read.getColumnDefinition(), getPropertySet()) : null;
    if (kind != null && told.whole()) {
      answers.remember(told.bytes(), kind);
    }
    return new First(kind, read, null);
  }

  /** Asks whether the server is there. */
  private void ping() throws IOException {
    socket.output.write(PING);
    socket.output.flush();
  }

  /** Reads what the server says to a ping. */
  void pong() throws IOException {
    packets.next(this::refusal);
  }

  /**
   * Asks whether the server is there, while it is at rest.
   *
   * @return false when it cannot be asked now, as before it was asked anything
   */
  boolean hail(long stamp) throws IOException {
    return !begins && socket.idle.hail(stamp, this::ping, this::pong);
  }

  /** Whether a hail is not answered. */
  boolean owes(long stamp) {
    return socket.idle.owes(stamp);
  }

  /** Nobody uses it for a while; this hears if something comes meanwhile. */
  void rest(Runnable stirred) {
    socket.idle.rest(stirred);
  }

  /**
   * It is used again.
   *
   * @return whether the answer to a hail has to be read first
   */
  boolean wake() throws IOException {
    return socket.idle.wake();
  }

  @Override
  public void forceClose() {
    try {
      if (socket != null && socket.idle != null) {
        // Encryption says goodbye, and has to be able to.
        socket.idle.wake();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closed before it was used again", e);
    } finally {
      super.forceClose();
    }
  }

  private void refusal(byte[] packet) {
    getProtocol().checkErrorMessage(new NativePacketPayload(packet));
  }

  private Resultset read(byte[] first) throws IOException {
    return getProtocol()
        .readAllResults(-1, false, new NativePacketPayload(first), false, null, RESULTS);
  }

  /** For so long each wait for the server may last. */
  void patience(int millis) throws IOException {
    Socket socket = getProtocol().getSocketConnection().getMysqlSocket();
    if (socket == null) {
      throw new SocketException("the connection was closed");
    }
    socket.setSoTimeout(millis);
  }

  /** The version the server named when greeting. */
  String version() {
    return getServerSession().getServerVersion().toString();
  }

  /** The driver's socket, with other streams, that can be at rest. */
  private static final class LeanSocket extends NativeSocketConnection {

    private final Channels channels;
    private LeanInput input;
    private LeanOutput output;
    private IdleConnection idle;

    LeanSocket(IdleConnections all) {
      channels = new Channels(all);
    }

    @Override
    protected SocketFactory createSocketFactory(String name) {
      return channels;
    }

    @Override
    public void connect(
        String host,
        int port,
        PropertySet settings,
        ExceptionInterceptor interceptor,
        Log log,
        int limit) {
      try {
        super.connect(host, port, settings, interceptor, log, limit);
        idle = ((IdleSocket) mysqlSocket).idle();
        lean();
      } catch (UncheckedIOException e) {
        throw new CJCommunicationsException(e.getCause());
      } catch (IOException e) {
        throw new CJCommunicationsException(e);
      }
    }

    @Override
    public void performTlsHandshake(ServerSession server, Log log) throws IOException {
      super.performTlsHandshake(server, log);
      idle.encrypts();
      lean();
    }

    private void lean() throws IOException {
      input = new LeanInput(mysqlSocket.getInputStream());
      mysqlInput = new FullReadInputStream(input);
      output = new LeanOutput(mysqlSocket.getOutputStream());
      mysqlOutput = output;
    }
  }
}
