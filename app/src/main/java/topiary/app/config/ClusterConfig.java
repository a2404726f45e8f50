package topiary.app.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Header;

/**
 * A node's part in a cluster.
 *
 * @param listen where it takes part in the log
 * @param address where others reach that; looked up whenever they connect
 * @param name what people call it
 * @param http where others reach its API; empty when that is where it listens
 * @param start how it begins when its data folder belongs to no cluster yet
 * @param join nodes to ask, one after the other, when it begins by joining
 * @param level the highest feature level it uses, 1 to {@link Header#LEVEL}
 */
public record ClusterConfig(
    InstanceKey listen,
    InstanceKey address,
    String name,
    Optional<URI> http,
    Start start,
    List<URI> join,
    int level) {

  /** orchestrator's port for the same. */
  public static final int DEFAULT_PORT = 10008;

  public ClusterConfig {
    join = List.copyOf(join);
  }

  /** How a node begins that is no member yet, or none any more. */
  public enum Start {
    /** It only goes on with what its data folder says. */
    GO_ON,
    /** It makes a cluster, as its first member, of what it knows. */
    BOOTSTRAP,
    /** It asks to be taken in. */
    JOIN,
    /** It goes on without the others, who are gone for good. */
    ALONE
  }

  /** On this machine only. */
  public static ClusterConfig local(int port, String name, Start start, List<URI> join) {
    var here = new InstanceKey("127.0.0.1", port);
    return new ClusterConfig(here, here, name, Optional.empty(), start, join, Header.LEVEL);
  }

  /** The same, beginning otherwise. */
  public ClusterConfig starting(Start how, List<URI> asking) {
    return new ClusterConfig(listen, address, name, http, how, asking, level);
  }
}
