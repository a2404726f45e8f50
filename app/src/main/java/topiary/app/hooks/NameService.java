package topiary.app.hooks;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import topiary.engine.port.HostNames;

/** Asks this machine for the addresses of hosts. */
public final class NameService implements HostNames {

  private static final System.Logger LOG = System.getLogger(NameService.class.getName());

  @Override
  public Addresses of(String host) {
    try {
      InetAddress[] all = InetAddress.getAllByName(host);
      return new Addresses(first(all, Inet4Address.class), first(all, Inet6Address.class));
    } catch (UnknownHostException e) {
      LOG.log(System.Logger.Level.DEBUG, "no address is known of " + host, e);
      return new Addresses("", "");
    }
  }

  private static String first(InetAddress[] all, Class<? extends InetAddress> kind) {
    return Stream.of(all)
        .filter(kind::isInstance)
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElse("");
  }
}
