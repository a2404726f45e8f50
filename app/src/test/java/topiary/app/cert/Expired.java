package topiary.app.cert;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import topiary.app.config.BadConfig;
import topiary.app.face.Role;

/** Makes what the command does not: certificates of the past. */
public final class Expired {

  private Expired() {}

  /** Signed by the authority in a folder a month ago, for a day. */
  public static void make(Path folder, String name, Role role) throws BadConfig {
    Instant then = Instant.now().minus(Duration.ofDays(30));
    List<Host> hosts = role == Role.NODE ? List.of(Host.parse("127.0.0.1")) : List.of();
    Authority.in(folder, then)
        .sign(
            new Authority.Subject(name, role, hosts),
            CertificateFiles.of(folder, name),
            then,
            Duration.ofDays(1));
  }
}
