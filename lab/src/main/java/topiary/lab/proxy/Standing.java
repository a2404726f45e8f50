package topiary.lab.proxy;

import java.util.List;

/**
 * A rule in force.
 *
 * @param id by which it is taken away again
 */
public record Standing(String id, List<Link> links, Rule rule) {
  /** Copies the list. */
  public Standing {
    links = List.copyOf(links);
  }

  /** In words, for example {@code the link from r1 to p is cut}. */
  public String sentence() {
    if (rule.kind() == Rule.Kind.TOO_MANY_CONNECTIONS
        || rule.kind() == Rule.Kind.SLOW_HANDSHAKE
            && links.getFirst().from().equals(Link.ANYBODY)) {
      return links.getFirst().to() + " " + rule;
    }
    return links.stream()
            .map(l -> "the link from " + l)
            .reduce((a, b) -> a + " and " + b)
            .orElse("no link")
        + " "
        + rule;
  }
}
