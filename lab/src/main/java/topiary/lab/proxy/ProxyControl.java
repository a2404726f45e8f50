package topiary.lab.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import topiary.lab.base.LabException;

/** Gives orders to the proxy of a lab, from any process. Each is in force when the call returns. */
public final class ProxyControl {
  /** Taking all connections of a server is the longest deed. */
  private static final int LIMIT_MILLIS = 30_000;

  private final String host;
  private final ControlAddress address;

  /** For a proxy at this address. */
  public ProxyControl(String host, ControlAddress address) {
    this.host = host;
    this.address = address;
  }

  /**
   * Puts a public port before a server.
   *
   * @throws LabException when the port is taken
   */
  public void serve(String server, int port, int target) {
    send(order(Order.Deed.SERVE, server, port, target, List.of(), null, Set.of()));
  }

  /** Tells it that a server has been started or ended. */
  public void look(String server) {
    send(order(Order.Deed.LOOK, server, 0, 0, List.of(), null, Set.of()));
  }

  /** Adds a rule. */
  public Standing add(List<Link> links, Rule rule) {
    return send(order(Order.Deed.ADD, null, 0, 0, links, rule, Set.of())).getFirst();
  }

  /** Takes rules away; those not there are no error. */
  public void remove(Set<String> ids) {
    send(order(Order.Deed.REMOVE, null, 0, 0, List.of(), null, ids));
  }

  /** The rules that stand, the oldest first. */
  public List<Standing> standing() {
    return send(order(Order.Deed.LIST, null, 0, 0, List.of(), null, Set.of()));
  }

  private Order order(
      Order.Deed deed,
      String server,
      int port,
      int target,
      List<Link> links,
      Rule rule,
      Set<String> ids) {
    return new Order(address.token(), deed, server, port, target, links, rule, ids);
  }

  private List<Standing> send(Order order) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, address.port()), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket
          .getOutputStream()
          .write(
              (ControlPort.JSON.writeValueAsString(order) + "\n").getBytes(StandardCharsets.UTF_8));
      Order.Answer answer =
          ControlPort.JSON.readValue(ControlPort.line(socket), Order.Answer.class);
      if (answer == null) {
        throw new LabException("the proxy of this lab gave no answer");
      }
      if (answer.error() != null) {
        throw new LabException(answer.error());
      }
      return answer.standing();
    } catch (IOException e) {
      throw new LabException(
          "the proxy of this lab does not answer at its control port "
              + address.port()
              + " ("
              + LabException.reason(e)
              + "); take the lab down and start it anew",
          e);
    } catch (JacksonException e) {
      throw new LabException("the proxy of this lab gave an answer that cannot be read", e);
    }
  }
}
