package topiary.lab.proxy;

import java.util.List;
import java.util.Set;

/**
 * One line to the control port. What a deed does not need is null or 0.
 *
 * @param server of {@code SERVE} and {@code LOOK}
 * @param port the public one, of {@code SERVE}
 * @param target the private one, of {@code SERVE}
 * @param links of {@code ADD}
 * @param ids of {@code REMOVE}
 */
record Order(
    String token,
    Deed deed,
    String server,
    int port,
    int target,
    List<Link> links,
    Rule rule,
    Set<String> ids) {
  enum Deed {
    SERVE,
    LOOK,
    ADD,
    REMOVE,
    LIST
  }

  /**
   * The line that comes back.
   *
   * @param error a sentence; null when it is done
   * @param standing what was added, or all for {@code LIST}
   */
  record Answer(String error, List<Standing> standing) {}
}
