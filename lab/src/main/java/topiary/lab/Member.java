package topiary.lab;

import java.util.Optional;

/**
 * One server of a lab, at the moment of asking.
 *
 * @param pid its process; 0 when {@code STOPPED}
 * @param source whom it replicated from when the lab was started; empty for the head. {@link
 *     Lab#status} tells whom it follows now
 */
public record Member(
    String name, String host, int port, long pid, State state, Optional<String> source) {
  /** The state of the process. */
  public enum State {
    /** It runs. */
    RUNNING,
    /** There is no process. */
    STOPPED,
    /** Frozen by a signal: it accepts connections and answers nothing. */
    HUNG
  }

  /** {@code host:port}. */
  public String address() {
    return host + ":" + port;
  }
}
