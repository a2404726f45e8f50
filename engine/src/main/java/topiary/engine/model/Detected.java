package topiary.engine.model;

import java.util.Optional;

/**
 * What an operator's own queries and patterns tell of a server; empty texts where nothing tells.
 *
 * @param dataCenter where it stands
 * @param region where that is
 * @param environment what it is for, as production or staging
 * @param alias what people call it
 * @param promotionRule {@code prefer}, {@code neutral}, {@code prefer_not} or {@code must_not}
 * @param semiSyncPriority its turn to be made semi-synchronous, 1 first; 0 for never
 * @param clusterAlias what people call its cluster; told by a head only
 * @param clusterDomain the domain name of its cluster; told by a head only
 */
public record Detected(
    String dataCenter,
    String region,
    String environment,
    String alias,
    Optional<String> promotionRule,
    int semiSyncPriority,
    String clusterAlias,
    String clusterDomain) {

  public static final Detected NOTHING = new Detected("", "", "", "", Optional.empty(), 0, "", "");
}
