package topiary.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.ProbePolicy;

/**
 * What a node is told when it starts.
 *
 * @param host the loopback address it listens on
 * @param port where it listens; 0 takes a free one
 * @param dataFolder where its state is kept
 * @param servers looked at and taken in when it starts
 * @param credentials whom to log in as, first fit first
 * @param probe how servers are looked at
 */
public record NodeConfig(
    String host,
    int port,
    Path dataFolder,
    List<InstanceKey> servers,
    List<CredentialRule> credentials,
    ProbePolicy probe) {

  /** orchestrator's port, so that its clients find a node where they look for it. */
  public static final int DEFAULT_PORT = 3000;

  public NodeConfig {
    servers = List.copyOf(servers);
    credentials = List.copyOf(credentials);
  }

  /** A probe policy that polls so often. */
  public static ProbePolicy polling(Duration interval) {
    Duration deadline = ProbePolicy.DEFAULT.deadline();
    return new ProbePolicy(
        interval,
        deadline.compareTo(interval) > 0 ? interval : deadline,
        ProbePolicy.DEFAULT.opening());
  }
}
