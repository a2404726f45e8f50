package topiary.lab.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import topiary.lab.base.LabException;

/**
 * Connections that do nothing but be there, as many as a server admits. They are never logged in:
 * the server counts them all the same, until its {@code connect_timeout}, which is to be raised
 * first.
 */
final class Hoard {
  private static final int MOST = 2000;
  private static final int LIMIT_MILLIS = 5000;

  /** How the protocol's error packet begins, after its header of four bytes. */
  private static final int ERROR = 0xff;

  private final InetSocketAddress server;
  private final List<Socket> held = new ArrayList<>();

  Hoard(InetSocketAddress server) {
    this.server = server;
  }

  /** Takes connections until the server refuses one. */
  synchronized void fill() {
    try {
      while (taken()) {
        if (held.size() > MOST) {
          throw new LabException(
              "the server at port " + server.getPort() + " admits more than " + MOST + " clients");
        }
      }
    } catch (IOException e) {
      release();
      throw LabException.of(
          "cannot take the connections of the server at port " + server.getPort(), e);
    } catch (LabException e) {
      release();
      throw e;
    }
  }

  private boolean taken() throws IOException {
    var socket = new Socket();
    boolean admitted = false;
    try {
      socket.connect(server, LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      byte[] greeting = socket.getInputStream().readNBytes(5);
      admitted = greeting.length == 5 && (greeting[4] & 0xff) != ERROR;
      if (admitted) {
        held.add(socket);
      }
      return admitted;
    } finally {
      if (!admitted) {
        socket.close();
      }
    }
  }

  synchronized void release() {
    for (Socket socket : held) {
      try {
        socket.close();
      } catch (IOException e) {
        System.getLogger(Hoard.class.getName())
            .log(System.Logger.Level.DEBUG, "cannot close a socket", e);
      }
    }
    held.clear();
  }
}
