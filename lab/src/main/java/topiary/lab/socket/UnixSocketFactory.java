package topiary.lab.socket;

import com.mysql.cj.Session;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ExportControlled;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.SocketFactory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * For Connector/J's property {@code socketFactory}; the socket's path is the property {@code path}.
 * TLS goes over it too, and to MySQL from 8 on it must: such a server takes the socket for safe and
 * waits for the password itself, where Connector/J, which sees no TLS, asks for a key to hide it.
 */
public final class UnixSocketFactory implements SocketFactory {
  private UnixSocket socket;

  /** Called by Connector/J. */
  public UnixSocketFactory() {}

  @Override
  @SuppressWarnings("unchecked")
  public <T extends Closeable> T connect(
      String host, int port, PropertySet properties, int loginTimeout) throws IOException {
    String path = properties.getStringProperty(PropertyKey.PATH).getValue();
    int answer = properties.getIntegerProperty(PropertyKey.socketTimeout).getValue();
    socket = UnixSocket.connect(Path.of(path));
    // Before the greeting too, which a server that hangs never says.
    socket.setSoTimeout(answer);
    return (T) socket;
  }

  @Override
  public <T extends Closeable> T performTlsHandshake(
      SocketConnection connection, ServerSession session) throws IOException {
    return performTlsHandshake(connection, session, null);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends Closeable> T performTlsHandshake(
      SocketConnection connection, ServerSession session, Log log) throws IOException {
    return (T)
        ExportControlled.performTlsHandshake(
            socket, connection, session == null ? null : session.getServerVersion(), log);
  }

  @Override
  public boolean isLocallyConnected(Session session) {
    return true;
  }
}
