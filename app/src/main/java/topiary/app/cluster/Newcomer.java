package topiary.app.cluster;

import java.net.URI;

/**
 * A node that wants to be a member.
 *
 * @param cluster the cluster it means, so that nobody joins another by mistake
 * @param id what it calls itself for good
 * @param name what people call it
 * @param address where it takes part in the log, as host:port
 * @param http where it serves
 * @param level the highest feature level it understands
 * @param version of its program
 */
public record Newcomer(
    String cluster, String id, String name, String address, URI http, int level, String version) {}
