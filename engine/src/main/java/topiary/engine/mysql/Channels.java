package topiary.engine.mysql;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * Makes the driver's sockets, of channels, so that one thread can watch all that are at rest; and
 * has the system itself ask whether the other end is there when nothing was said for a while.
 */
final class Channels extends StandardSocketFactory {

  private final IdleConnections all;

  /** So long nothing is said before the system asks, in seconds. */
  private static final int QUIET = 5;

  /** From one such question to the next, in seconds. */
  private static final int AGAIN = 1;

  /** So many go unanswered before the connection has ended. */
  private static final int UNANSWERED = 3;

  /**
   * Makes them.
   *
   * @param all those they are among when they are at rest
   */
  Channels(IdleConnections all) {
    this.all = all;
  }

  @Override
  protected Socket createSocket(PropertySet settings) {
    try {
      SocketChannel channel = SocketChannel.open();
      return new IdleSocket(channel, new IdleConnection(all, channel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void configureSocket(Socket socket, PropertySet settings) throws IOException {
    super.configureSocket(socket, settings);
    socket.setKeepAlive(true);
    option(socket, ExtendedSocketOptions.TCP_KEEPIDLE, QUIET);
    option(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, AGAIN);
    option(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, UNANSWERED);
  }

  /** Not every system lets one say that; it has hours for it then. */
  private static void option(Socket socket, SocketOption<Integer> name, int value)
      throws IOException {
    if (socket.supportedOptions().contains(name)) {
      socket.setOption(name, value);
    }
  }
}
