package topiary.app.legacy;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the answers say of the node that gives them.
 *
 * @param hostname what its machine is called
 * @param token tells this process from others before and after it
 * @param appVersion which Topiary it is
 * @param databaseBackend where its durable state is: {@code sqlite} or {@code mysql}
 * @param started when this process began
 * @param trouble what is wrong with it now; empty when it is well
 */
public record LegacyNode(
    String hostname,
    String token,
    String appVersion,
    String databaseBackend,
    Instant started,
    Supplier<Optional<String>> trouble) {}
