package topiary.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * What a server is asked only now and then, as it hardly ever changes.
 *
 * @param cloud who manages it, when it is rented as a service
 * @param credentials whether it keeps a user to replicate as, in a table; empty when that is not
 *     known, for lack of a right or of such a table
 * @param dumpers who may replicate from it, by its process list, and has not reported it: hosts of
 *     clients that read its binary log, each with the port of this server as a guess; hints only,
 *     as not everybody who reads it replicates
 * @param startup how it will be after a restart; empty for one that is no replica or not read-only,
 *     and when it does not tell
 * @param events of a server that takes writes: its scheduled events; empty when it has none, or may
 *     not be asked
 * @param detected what the operator's queries and patterns tell
 */
public record Background(
    Optional<Cloud> cloud,
    Optional<Boolean> credentials,
    List<InstanceKey> dumpers,
    Optional<Startup> startup,
    Optional<Events> events,
    Detected detected) {

  /** Of a server that was not asked. */
  public static final Background NONE =
      new Background(Optional.empty(), Optional.empty(), List.of(), Detected.NOTHING);

  public Background {
    dumpers = dumpers.stream().distinct().sorted().toList();
  }

  /** Of a server that has no events. */
  public Background(
      Optional<Cloud> cloud,
      Optional<Boolean> credentials,
      List<InstanceKey> dumpers,
      Optional<Startup> startup,
      Detected detected) {
    this(cloud, credentials, dumpers, startup, Optional.empty(), detected);
  }

  /** Of a server that does not tell how it will start. */
  public Background(
      Optional<Cloud> cloud,
      Optional<Boolean> credentials,
      List<InstanceKey> dumpers,
      Detected detected) {
    this(cloud, credentials, dumpers, Optional.empty(), detected);
  }
}
