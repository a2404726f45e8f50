package topiary.app.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import topiary.app.config.Access;
import topiary.app.config.BadConfig;
import topiary.app.face.Handler;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.http.Guard;
import topiary.app.http.Hosts;
import topiary.app.security.Certificates;
import topiary.app.security.ReloadingKeys;
import topiary.app.security.Users;

/** What a node needs to know who comes in, and what is worth telling of it. */
final class Door {

  private static final System.Logger LOG = System.getLogger(Door.class.getName());

  private final Access access;
  private final InetAddress listen;
  private final Optional<ReloadingKeys> keys;
  private final Users users;

  /**
   * Reads keys and passwords.
   *
   * @param host where the node listens
   * @throws BadConfig when one of them cannot be used
   */
  Door(Access access, String host) throws BadConfig {
    this.access = access;
    try {
      this.listen = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new BadConfig("there is no address for " + host, e);
    }
    this.keys =
        access.tls().isPresent()
            ? Optional.of(new ReloadingKeys(access.tls().get(), InstantSource.system()))
            : Optional.empty();
    this.users = new Users(access.users());
    warnings().forEach(words -> LOG.log(System.Logger.Level.WARNING, words));
  }

  /** Reads again what has changed. */
  void refresh() {
    keys.ifPresent(ReloadingKeys::refresh);
    users.refresh();
  }

  /** By which this node and others know each other; empty when it has none. */
  Optional<ReloadingKeys> keys() {
    return keys;
  }

  /** What somebody should look at, in sentences. */
  List<String> warnings() {
    var warnings = new ArrayList<String>();
    if (!listen.isLoopbackAddress() && !access.guarded()) {
      warnings.add(
          "this node is open: anybody who reaches it over the network can reshape its clusters");
    }
    keys.ifPresent(k -> warnings.addAll(k.warnings()));
    warnings.addAll(users.warnings());
    return warnings;
  }

  /** Asks who comes in, where that is wanted. */
  Handler guarding(Handler inside, Function<Request, Role> needed) {
    return access.guarded()
        ? new Guard(inside, keys, users, needed, InstantSource.system())
        : inside;
  }

  /** The names this node answers to. */
  Predicate<String> hosts() {
    return new Hosts(
        listen,
        () -> keys.map(k -> Certificates.hosts(k.certificate())).orElse(List.of()),
        access.hosts());
  }
}
