package topiary.lab.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import topiary.lab.base.LabException;

/** Takes orders: a line of JSON for each connection, answered by a line when it is in force. */
final class ControlPort implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();

  private static final int LONGEST = 64 * 1024;
  private static final int LIMIT_MILLIS = 5000;

  private final LinkProxy proxy;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ControlAddress address;

  ControlPort(LinkProxy proxy, String host) {
    this.proxy = proxy;
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(host, 0));
    } catch (IOException e) {
      throw LabException.of("the proxy cannot take orders", e);
    }
    address = new ControlAddress(listener.getLocalPort(), HexFormat.of().formatHex(random));
    Thread.ofVirtual().name("lab-proxy-control").start(this::listen);
  }

  ControlAddress address() {
    return address;
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          System.getLogger(ControlPort.class.getName())
              .log(System.Logger.Level.WARNING, "cannot take an order: " + e.getMessage());
          pause();
        }
      }
    }
  }

  /** No descriptor is left, for one; trying again at once would only burn. */
  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      socket.setSoTimeout(LIMIT_MILLIS);
      String line = line(socket);
      socket
          .getOutputStream()
          .write((JSON.writeValueAsString(obey(line)) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Whoever asked has gone.
      System.getLogger(ControlPort.class.getName())
          .log(System.Logger.Level.DEBUG, "an order was not answered", e);
    } finally {
      open.remove(socket);
    }
  }

  static String line(Socket socket) throws IOException {
    var in = new BufferedInputStream(socket.getInputStream());
    var line = new java.io.ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (line.size() == LONGEST) {
        throw new IOException("a line of more than " + LONGEST + " bytes");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private Order.Answer obey(String line) {
    try {
      Order order = JSON.readValue(line, Order.class);
      if (order == null || !isToken(order.token())) {
        return new Order.Answer("the token is wrong", List.of());
      }
      return new Order.Answer(null, obey(order));
    } catch (JacksonException e) {
      return new Order.Answer("this is no order", List.of());
    } catch (LabException e) {
      return new Order.Answer(e.getMessage(), List.of());
    }
  }

  /** In a time that does not tell how much of it is right. */
  private boolean isToken(String token) {
    return token != null
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8),
            address.token().getBytes(StandardCharsets.UTF_8));
  }

  private List<Standing> obey(Order order) {
    switch (order.deed()) {
      case SERVE -> proxy.serve(order.server(), order.port(), order.target());
      case LOOK -> proxy.look(order.server());
      case ADD -> {
        return List.of(proxy.add(order.links(), order.rule()));
      }
      case REMOVE -> proxy.remove(order.ids());
      case LIST -> {
        return proxy.standing();
      }
    }
    return List.of();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw LabException.of("cannot close the control port of the proxy", e);
    }
  }
}
