package topiary.lab.proxy;

import java.net.InetSocketAddress;

/** Tells who a client is. */
@FunctionalInterface
public interface Clients {
  /**
   * The name of who connects; {@link Link#OTHERS} when it is nobody known. Called on a virtual
   * thread; may take some milliseconds.
   *
   * @param client the client's own end
   * @param port where it connected to
   */
  String of(InetSocketAddress client, int port);
}
