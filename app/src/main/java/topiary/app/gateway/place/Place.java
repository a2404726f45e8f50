package topiary.app.gateway.place;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
   * Elsewhere, or in a process of its own: a node, or several of one cluster.
   *
   * @param addresses as they were given, each without {@code /api}; at least one
   * @param members where the nodes of that cluster said they serve; may be empty
   * @param user whom the nodes know by a password; empty when it is not asked for, or the
   *     environment says it
   * @param authority the file of the authority of the nodes' certificates; empty for those Java
   *     knows, or the environment names
   */
  record There(List<URI> addresses, List<URI> members, String user, String authority)
      implements Place {

    public There {
      addresses = List.copyOf(addresses);
      members = List.copyOf(members);
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("enter the address of a node");
      }
    }

    /** Nodes whose fellows are not known, and not told who asks, except by the environment. */
    public There(List<URI> addresses) {
      this(addresses, List.of(), "", "");
    }

    /** One node. */
    public There(URI address) {
      this(List.of(address));
    }

    /** The same, told who asks. */
    public There as(String name, String file) {
      return new There(addresses, members, name.strip(), file.strip());
    }

    /** The same, where it is known where the members serve. */
    public There knowing(List<URI> serve) {
      return new There(addresses, serve, user, authority);
    }

    /**
     * Reads addresses with spaces or commas between them; {@code http://} may be left out.
     *
     * @throws IllegalArgumentException when one of them is none; the message is a sentence
     */
    public static There parse(String text) {
      return new There(
          Stream.of(text.split("[\\s,;]+"))
              .filter(given -> !given.isEmpty())
              .map(given -> given.contains("://") ? given : "http://" + given)
              .map(given -> NodeAddress.given(Optional.of(given), Map.of()))
              .distinct()
              .toList());
    }

    /** The addresses as they are entered. */
    public String words() {
      return addresses.stream().map(URI::toString).collect(Collectors.joining(", "));
    }
  }
}
