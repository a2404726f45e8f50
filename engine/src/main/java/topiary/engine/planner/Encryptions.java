package topiary.engine.planner;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import topiary.engine.model.Channel;
import topiary.engine.model.InstanceKey;

/** How a channel encrypts, said to another server. */
final class Encryptions {

  /** What holds on the channel's own server, or for its own source, alone. */
  private static final Set<String> ITS_OWN = Set.of("BIND", "PUBLIC_KEY_PATH");

  /** What names a file. */
  private static final Set<String> FILES =
      Set.of("SSL_CA", "SSL_CAPATH", "SSL_CERT", "SSL_KEY", "SSL_CRL", "SSL_CRLPATH");

  private Encryptions() {}

  /**
   * The same on another server.
   *
   * @param c a channel
   * @param server who is to encrypt as it does
   * @param model whose channel that is
   * @param warnings gets what has to be so for it
   */
  static Channel.Encryption elsewhere(
      Channel c, InstanceKey server, InstanceKey model, List<String> warnings) {
    var options = new TreeMap<String, String>();
    Channel.Encryption its = c.setup().encryption();
    if (c.tls()) {
      options.putAll(its.options());
      options.keySet().removeAll(ITS_OWN);
    }
    List<String> files = options.keySet().stream().filter(FILES::contains).toList();
    if (!files.isEmpty()) {
      warnings.add(
          server
              + " must have in the same places the files that "
              + model
              + " connects with: "
              + String.join(", ", files.stream().map(options::get).toList()));
    }
    return new Channel.Encryption(options, its.verify(), its.getPublicKey());
  }
}
