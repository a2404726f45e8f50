package topiary.app.gateway.place;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import topiary.app.cli.NodeAddress;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;

/** Where a node is; never holds a secret, because it is remembered. */
public sealed interface Place {

  /**
   * In this program.
   *
   * @param user whom it logs in as; empty when this computer's own file says so
   * @param server looked at first
   * @param tls how the connections to the servers are encrypted
   */
  record Here(String user, Optional<InstanceKey> server, TlsMode tls) implements Place {

    /** Encrypted where a server offers it. */
    public Here(String user, Optional<InstanceKey> server) {
      this(user, server, TlsMode.PREFERRED);
    }
  }

  /**
   * Elsewhere, or in a process of its own.
   *
   * @param address without {@code /api}
   */
  record There(URI address) implements Place {

    /**
     * Reads an address; {@code http://} may be left out.
     *
     * @throws IllegalArgumentException when it is none; the message is a sentence
     */
    public static There parse(String text) {
      String given = text.strip();
      if (given.isEmpty()) {
        throw new IllegalArgumentException("enter the address of a node");
      }
      return new There(
          NodeAddress.given(
              Optional.of(given.contains("://") ? given : "http://" + given), Map.of()));
    }
  }
}
