package topiary.lab;

import java.util.List;
import java.util.Optional;

/**
 * One server of a lab, at the moment of asking.
 *
 * @param pid its process; 0 when {@code STOPPED}
 * @param sources whom it replicated from when the lab was started; none for a head. {@link
 *     Lab#status} tells whom it follows now
 */
public record Member(
    String name, String host, int port, long pid, State state, List<String> sources) {
  /** The state of the process. */
  public enum State {
    /** It runs. */
    RUNNING,
    /** There is no process. */
    STOPPED,
    /** Frozen by a signal: it accepts connections and answers nothing. */
    HUNG
  }

  /** Copies the list. */
  public Member {
    sources = List.copyOf(sources);
  }

  /** The first of its sources; empty for a head. */
  public Optional<String> source() {
    return sources.stream().findFirst();
  }

  /** {@code host:port}. */
  public String address() {
    return host + ":" + port;
  }
}
