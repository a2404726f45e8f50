package topiary.app.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A member of the cluster, as one node knows it.
 *
 * @param id given once, when it joined
 * @param name what people call it; its id until it has said so
 * @param address where it takes part in the log, as host:port
 * @param http where it serves; empty until it has said so
 * @param leads whether it leads, as far as this node knows
 * @param self whether it is this node
 * @param heard how long ago the leader heard of it; empty where that is not known, which is on
 *     everybody but the leader
 * @param level the highest feature level it understands; 0 until it has said so
 * @param version of its program; empty until it has said so
 */
public record ClusterMember(
    String id,
    String name,
    String address,
    Optional<URI> http,
    boolean leads,
    boolean self,
    Optional<Duration> heard,
    int level,
    String version) {}
