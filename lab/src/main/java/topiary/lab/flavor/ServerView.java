package topiary.lab.flavor;

import java.util.Optional;

/**
 * How a server stands.
 *
 * @param position what it has in its binary log, as GTIDs
 */
public record ServerView(boolean readOnly, String position, Optional<Replication> replication) {
  /**
   * The replica's side of a server.
   *
   * @param receiving whether it is connected to its source
   * @param applying whether it applies what it receives
   * @param fault the server's own words for what stopped it; empty when nothing did
   */
  public record Replication(
      String host, int port, boolean receiving, boolean applying, String fault) {}
}
