package topiary.engine.mysql;

import com.mysql.cj.NativeSession;
import com.mysql.cj.TransactionEventHandler;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.exceptions.CJCommunicationsException;
import com.mysql.cj.exceptions.ExceptionInterceptor;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ColumnDefinition;
import com.mysql.cj.protocol.FullReadInputStream;
import com.mysql.cj.protocol.ProtocolEntityFactory;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.a.NativeConstants.IntegerDataType;
import com.mysql.cj.protocol.a.NativeMessageBuilder;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.NativeProtocol;
import com.mysql.cj.protocol.a.NativeSocketConnection;
import com.mysql.cj.protocol.a.ResultsetFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
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

  private final DriverSettings settings;
  private NativeMessageBuilder messages;

  private Wire(HostInfo host, DriverSettings settings) {
    super(host, settings);
    this.settings = settings;
  }

  /** Connects and logs in. */
  static Wire open(InstanceKey key, Secrets.Credentials credentials, DriverSettings settings)
      throws IOException {
    var host =
        new HostInfo(null, key.host(), key.port(), credentials.user(), credentials.password());
    var wire = new Wire(host, settings);
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
    var socket = new LeanSocket();
    socket.connect(host.getHost(), host.getPort(), propertySet, null, log, limit);
    NativeProtocol begun = NativeProtocol.getInstance(this, socket, propertySet, log, transactions);
    protocol = begun;
    begun.connect(user, password, database);
    ServerSession server = begun.getServerSession();
    server.getCharsetSettings().configurePostHandshake(false);
    messages = new NativeMessageBuilder(begun.getServerSession().supportsQueryAttributes());
    settings.loggedIn();
    run(BEGIN, null);
  }

  /**
   * Sends a statement, and reads its answer whole.
   *
   * @param columns what the columns of the answer are, if that is known: the server's words on them
   *     are not read then. Taken only if there are as many.
   */
  Resultset run(String sql, ColumnDefinition columns) throws IOException {
    NativeProtocol server = getProtocol();
    NativePacketPayload first =
        server.sendCommand(messages.buildComQuery(null, this, sql), false, 0);
    ColumnDefinition known = columns;
    if (known != null) {
      first.setPosition(0);
      long count = first.readInteger(IntegerDataType.INT_LENENC);
      known = count == known.getFields().length ? known : null;
    }
    return server.readAllResults(-1, false, first, false, known, RESULTS);
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

  /** The driver's socket, with other streams. */
  private static final class LeanSocket extends NativeSocketConnection {

    @Override
    public void connect(
        String host,
        int port,
        PropertySet settings,
        ExceptionInterceptor interceptor,
        Log log,
        int limit) {
      super.connect(host, port, settings, interceptor, log, limit);
      try {
        lean();
      } catch (IOException e) {
        throw new CJCommunicationsException(e);
      }
    }

    @Override
    public void performTlsHandshake(ServerSession server, Log log) throws IOException {
      super.performTlsHandshake(server, log);
      lean();
    }

    private void lean() throws IOException {
      mysqlInput = new FullReadInputStream(new LeanInput(mysqlSocket.getInputStream()));
      mysqlOutput = new LeanOutput(mysqlSocket.getOutputStream());
    }
  }
}
