package topiary.app.cert;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import topiary.app.config.BadConfig;

/**
 * By what a node is reached.
 *
 * @param text a DNS name, or an address
 * @param address whether it is an address
 */
record Host(String text, boolean address) {

  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_-]{1,63})*\\.?");
  private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|.*:.*");

  /**
   * Reads one.
   *
   * @throws BadConfig when it is neither
   */
  static Host parse(String given) throws BadConfig {
    String text = given.strip().toLowerCase(Locale.ROOT);
    if (ADDRESS.matcher(text).matches()) {
      try {
        return new Host(InetAddress.ofLiteral(text).getHostAddress().replaceAll("%.*", ""), true);
      } catch (IllegalArgumentException e) {
        throw new BadConfig("\"" + given + "\" is no address", e);
      }
    }
    if (!NAME.matcher(text).matches()) {
      throw new BadConfig("\"" + given + "\" is neither the name of a host nor an address");
    }
    return new Host(text, false);
  }
}
