package topiary.engine.said;

import java.time.Instant;

/**
 * Somebody works on a server, and plans of others leave it alone.
 *
 * @param id counts them, from 1
 * @param owner who works on it
 * @param reason on what
 * @param since when it began
 * @param until when it ends by itself
 */
public record Maintenance(long id, String owner, String reason, Instant since, Instant until)
    implements Bounded {

  /** For example {@code db1:3306 is in maintenance by ann (new disks)}. */
  public String words(Object server) {
    return server
        + " is in maintenance by "
        + owner
        + (reason.isEmpty() ? "" : " (" + reason + ")");
  }
}
