package topiary.app.face;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who has sent a request.
 *
 * @param address the machine it came from; empty when it did not come over a network
 * @param chain the certificate that was shown with it, and those behind it; empty when none was
 * @param name what whoever sent it is called, for the journal
 * @param role what they may do
 */
public record Sender(String address, List<X509Certificate> chain, String name, Role role) {

  /** Somebody on this machine, who is asked for nothing. */
  public static final Sender LOCAL = new Sender("", List.of(), "local user", Role.OPERATOR);

  public Sender {
    chain = List.copyOf(chain);
  }

  /** The same, once it is known who it is. */
  public Sender known(String as, Role may) {
    return new Sender(address, chain, as, may);
  }
}
