package topiary.lab.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;

/** Closing, where nothing can be done about a failure and nothing is lost by it. */
final class Sockets {
  private static final System.Logger LOG = System.getLogger(Sockets.class.getName());

  private Sockets() {}

  /**
   * Closes a channel.
   *
   * @param reset whether the other end is to see a reset instead of an orderly end
   */
  static void close(NetworkChannel channel, boolean reset) {
    if (reset && channel.isOpen()) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "cannot reset a connection", e);
      }
    }
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close a socket", e);
    }
  }
}
