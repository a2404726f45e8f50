package topiary.lab.flavor;

import java.util.List;
import java.util.Optional;

/**
 * How a server stands.
 *
 * @param readOnly whether it refuses the writes of ordinary accounts
 * @param position what it has in its binary log: as GTIDs, or as the end of its logs ({@link
 *     FilePosition}) in a lab without
 * @param channels whom it replicates from, the unnamed channel first
 */
public record ServerView(boolean readOnly, String position, List<Replication> channels) {
  /**
   * The replica's side of a server, for one source.
   *
   * @param channel its name; empty for the unnamed one
   * @param receiving whether it is connected to its source
   * @param applying whether it applies what it receives
   * @param fault the server's own words for what stopped it; empty when nothing did
   * @param applied how far in the source's logs it has applied them, e.g. {@code bin.000001:1234}
   */
  public record Replication(
      String channel,
      String host,
      int port,
      boolean receiving,
      boolean applying,
      String fault,
      String applied) {}

  /** Copies the list. */
  public ServerView {
    channels = List.copyOf(channels);
  }

  /** Its first channel, if it replicates at all. */
  public Optional<Replication> replication() {
    return channels.stream().findFirst();
  }
}
