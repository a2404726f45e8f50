package topiary.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A way into a lab's own network: a port here that leads to one of the loopback there. Networks are
 * apart and the file system is not, so it goes through a Unix socket.
 */
final class Tunnel implements AutoCloseable {

  private final Process inner;
  private final Relay outer;

  /**
   * Digs it.
   *
   * @param rig whose lab has a network of its own
   * @param port of the loopback of {@code others}
   * @param folder for the socket, with a short path: a socket's has 107 bytes at most
   */
  Tunnel(Rig rig, int port, Path folder) throws IOException {
    Path socket = folder.resolve("tunnel");
    ProcessBuilder builder = Rig.java(Relay.class, socket.toString(), Integer.toString(port));
    builder.command(rig.lab.within(builder.command()));
    inner = builder.redirectErrorStream(true).start();
    try {
      Rig.await(
          new BufferedReader(new InputStreamReader(inner.getInputStream(), StandardCharsets.UTF_8)),
          "ready");
      outer = new Relay(Relay.loopback(0), UnixDomainSocketAddress.of(socket));
    } catch (IOException | AssertionError e) {
      inner.destroyForcibly();
      throw e;
    }
  }

  /** The port here. */
  int port() throws IOException {
    return ((InetSocketAddress) outer.address()).getPort();
  }

  @Override
  public void close() throws IOException {
    outer.close();
    inner.destroyForcibly().onExit().join();
  }
}
