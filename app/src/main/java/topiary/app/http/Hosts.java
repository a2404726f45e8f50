package topiary.app.http;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names a node answers to. A page of another site can have a name of its own point here; it
 * cannot have one of these.
 */
public final class Hosts implements Predicate<String> {

  private static final Pattern HOST =
      Pattern.compile("(?<host>\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:\\d{1,5})?");
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
  private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[.*]");

  private final InetAddress listen;
  private final Supplier<? extends Collection<String>> certified;
  private final Set<String> given = new HashSet<>();

  /**
   * The names of a node.
   *
   * @param listen where it listens; when that is every address, each of this machine's is a name
   * @param certified the names and addresses in its certificate of now
   * @param given further names
   */
  public Hosts(
      InetAddress listen, Supplier<? extends Collection<String>> certified, List<String> given) {
    this.listen = listen;
    this.certified = certified;
    given.forEach(name -> this.given.add(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether the header {@code Host} names this node. */
  @Override
  public boolean test(String header) {
    Matcher matcher = HOST.matcher(header.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return false;
    }
    String host = matcher.group("host");
    if (LOOPBACK.matcher(host).matches() || given.contains(host)) {
      return true;
    }
    Collection<String> names = certified.get();
    if (!LITERAL.matcher(host).matches()) {
      return names.contains(host) || wild(names, host);
    }
    try {
      InetAddress address = InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
      return address.equals(listen)
          || names.contains(address.getHostAddress())
          || listen.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) != null;
    } catch (IllegalArgumentException | SocketException e) {
      // No address, or this machine does not tell its own: not known to be this node.
      return false;
    }
  }

  private static boolean wild(Collection<String> names, String host) {
    int dot = host.indexOf('.');
    return dot > 0 && names.contains("*" + host.substring(dot));
  }
}
