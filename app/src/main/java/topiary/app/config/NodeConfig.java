package topiary.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.ProbePolicy;
import topiary.store.StoreChoice;

/**
 * What a node is told when it starts.
 *
 * @param host the address it listens on
 * @param port where it listens; 0 takes a free one
 * @param dataFolder where its state is kept
 * @param servers looked at and taken in when it starts
 * @param credentials whom to log in as, first fit first
 * @param probe how servers are looked at
 * @param access who may come in
 * @param cluster its part in a cluster; empty for a node that is alone
 * @param store what its state is kept in
 * @param keeping how long it keeps what was
 * @param telling who is told of what is found; empty for nobody
 * @param hooks what it has run when something happens
 * @param keyValues the file in which applications read where to write; empty for none
 */
public record NodeConfig(
    String host,
    int port,
    Path dataFolder,
    List<InstanceKey> servers,
    List<CredentialRule> credentials,
    ProbePolicy probe,
    Access access,
    Optional<ClusterConfig> cluster,
    StoreChoice store,
    Keeping keeping,
    Optional<NotifyConfig> telling,
    HookConfig hooks,
    Optional<Path> keyValues) {

  /** orchestrator's port, so that its clients find a node where they look for it. */
  public static final int DEFAULT_PORT = 3000;

  public NodeConfig {
    servers = List.copyOf(servers);
    credentials = List.copyOf(credentials);
  }

  /** A node that tells nobody. */
  public NodeConfig(
      String host,
      int port,
      Path dataFolder,
      List<InstanceKey> servers,
      List<CredentialRule> credentials,
      ProbePolicy probe,
      Access access,
      Optional<ClusterConfig> cluster,
      StoreChoice store,
      Keeping keeping) {
    this(
        host,
        port,
        dataFolder,
        servers,
        credentials,
        probe,
        access,
        cluster,
        store,
        keeping,
        Optional.empty(),
        HookConfig.NONE,
        Optional.empty());
  }

  /** A node that keeps what was for as long as most do. */
  public NodeConfig(
      String host,
      int port,
      Path dataFolder,
      List<InstanceKey> servers,
      List<CredentialRule> credentials,
      ProbePolicy probe,
      Access access,
      Optional<ClusterConfig> cluster,
      StoreChoice store) {
    this(
        host,
        port,
        dataFolder,
        servers,
        credentials,
        probe,
        access,
        cluster,
        store,
        Keeping.STANDARD);
  }

  /** A node for whoever is on this machine, alone, with its state in the data folder. */
  public NodeConfig(
      String host,
      int port,
      Path dataFolder,
      List<InstanceKey> servers,
      List<CredentialRule> credentials,
      ProbePolicy probe) {
    this(
        host,
        port,
        dataFolder,
        servers,
        credentials,
        probe,
        Access.LOCAL,
        Optional.empty(),
        StoreChoice.STANDARD);
  }

  /** The same, for others to come in. */
  public NodeConfig with(Access who) {
    return new NodeConfig(
        host,
        port,
        dataFolder,
        servers,
        credentials,
        probe,
        who,
        cluster,
        store,
        keeping,
        telling,
        hooks,
        keyValues);
  }

  /** The same, as a member of a cluster. */
  public NodeConfig with(ClusterConfig part) {
    return new NodeConfig(
        host,
        port,
        dataFolder,
        servers,
        credentials,
        probe,
        access,
        Optional.of(part),
        store,
        keeping,
        telling,
        hooks,
        keyValues);
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
