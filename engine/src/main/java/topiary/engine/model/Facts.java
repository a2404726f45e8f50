package topiary.engine.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything one good probe saw of one server, split by how often it changes.
 *
 * @param identity who it is
 * @param settings how it is set up
 * @param channels the streams into it; first the one that decides its place in the tree
 * @param reportedReplicas who says to replicate from it; hints for discovery, not the tree
 * @param positions how far it has come
 * @param complaints what the probe could not ask and why, and what is wrong with who the server is
 *     and where it stands; a sentence each, whose subject is the server
 */
public record Facts(
    Identity identity,
    Settings settings,
    List<Channel> channels,
    List<InstanceKey> reportedReplicas,
    Positions positions,
    List<String> complaints) {

  public Facts {
    channels = List.copyOf(channels);
    reportedReplicas = List.copyOf(reportedReplicas);
    complaints = List.copyOf(complaints);
  }

  /** The same, with more to complain of. */
  public Facts complaining(List<String> more) {
    if (more.isEmpty()) {
      return this;
    }
    return new Facts(
        identity,
        settings,
        channels,
        reportedReplicas,
        positions,
        Stream.concat(complaints.stream(), more.stream()).toList());
  }

  /** The same, after another time since the server started. */
  Facts upFor(long seconds) {
    return new Facts(
        identity, settings, channels, reportedReplicas, positions.upFor(seconds), complaints);
  }

  /** The stream that decides the server's place in the tree; none for a head. */
  public Optional<Channel> primaryChannel() {
    return channels.isEmpty() ? Optional.empty() : Optional.of(channels.getFirst());
  }
}
