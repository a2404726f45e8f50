package topiary.engine.said;

import java.util.Comparator;
import java.util.Optional;
import topiary.engine.model.ClusterId;

/**
 * A rule by which servers are judged or recovered, without its value.
 *
 * @param cluster for which cluster; empty for all that have none of their own
 * @param name what it is called
 */
public record RuleKey(Optional<ClusterId> cluster, String name) implements Comparable<RuleKey> {

  private static final Comparator<RuleKey> ORDER =
      Comparator.comparing(RuleKey::text).thenComparing(RuleKey::name);

  /** The cluster's id; empty for all. */
  public String text() {
    return cluster.map(ClusterId::text).orElse("");
  }

  @Override
  public int compareTo(RuleKey other) {
    return ORDER.compare(this, other);
  }
}
