package topiary.engine.planner;

import java.util.List;
import java.util.Optional;
import topiary.engine.analysis.Ring;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Settings;
import topiary.engine.model.Topology;

/** Whether one server can replicate from another; the first rule that says no gives the reason. */
final class Eligibility {

  private Eligibility() {}

  static Optional<String> refusal(Topology topology, Sight replica, Sight source) {
    return rules(topology, replica, source).or(() -> gtid(replica, source));
  }

  /** The rules that hold however the replica finds its place. */
  static Optional<String> rules(Topology topology, Sight replica, Sight source) {
    return ring(topology, replica, source).or(() -> inRing(replica, source));
  }

  /** The same where a ring of the two is what is wanted. */
  static Optional<String> inRing(Sight replica, Sight source) {
    return identity(replica, source)
        .or(() -> logs(replica, source))
        .or(() -> versions(replica, source));
  }

  private static Optional<String> ring(Topology topology, Sight replica, Sight source) {
    if (replica.key().equals(source.key())) {
      return Optional.of(replica.key() + " cannot replicate from itself");
    }
    List<InstanceKey> ring = Ring.of(topology, replica.key());
    if (ring.contains(source.key())) {
      return Optional.of(
          source.key()
              + " is below "
              + replica.key()
              + ", as both stand in a ring ("
              + Ring.words(ring)
              + "): a move among them leaves a ring; move one of them below a server outside of"
              + " it");
    }
    if (topology.isBelow(source.key(), replica.key())) {
      return Optional.of(
          source.key()
              + " is below "
              + replica.key()
              + ": the move would cut the tree into a ring");
    }
    return Optional.empty();
  }

  private static Optional<String> identity(Sight replica, Sight source) {
    long id = replica.facts().identity().serverId();
    if (id == source.facts().identity().serverId()) {
      return Optional.of(
          replica.key() + " and " + source.key() + " have the same server_id, " + id);
    }
    Optional<String> uuid = replica.facts().identity().uuid();
    return uuid.isPresent() && uuid.equals(source.facts().identity().uuid())
        ? Optional.of(replica.key() + " and " + source.key() + " are the same server by its uuid")
        : Optional.empty();
  }

  private static Optional<String> logs(Sight replica, Sight source) {
    Settings its = source.facts().settings();
    Settings mine = replica.facts().settings();
    if (!its.logBin()) {
      return Optional.of(source.key() + " writes no binary log, so nothing can replicate from it");
    }
    if (source.facts().primaryChannel().isPresent() && !its.logReplicaUpdates()) {
      return Optional.of(
          source.key() + " does not log replica updates, so a replica below it would get nothing");
    }
    if (mine.logBin()
        && mine.logReplicaUpdates()
        && mine.binlogFormat().compareTo(its.binlogFormat()) < 0) {
      return Optional.of(
          replica.key()
              + " logs in format "
              + mine.binlogFormat()
              + " and cannot log the "
              + its.binlogFormat()
              + " events of "
              + source.key());
    }
    boolean itsFilters = source.facts().primaryChannel().map(Channel::filtered).orElse(false);
    boolean myFilters = replica.facts().primaryChannel().map(Channel::filtered).orElse(false);
    return itsFilters && !myFilters
        ? Optional.of(
            source.key() + " replicates through filters, so " + replica.key() + " would lose rows")
        : Optional.empty();
  }

  private static Optional<String> versions(Sight replica, Sight source) {
    var mine = replica.facts().identity();
    var its = source.facts().identity();
    if ((mine.flavor() == Flavor.MARIADB) != (its.flavor() == Flavor.MARIADB)) {
      return Optional.of(
          replica.key()
              + " is "
              + mine.flavor().label()
              + ", "
              + source.key()
              + " is "
              + its.flavor().label()
              + ": their GTIDs do not match");
    }
    return mine.version().compareTo(its.version()) < 0
        ? Optional.of(
            replica.key()
                + " runs "
                + mine.version().text()
                + ", older than "
                + its.version().text()
                + " of "
                + source.key()
                + "; a replica must not be older than its source")
        : Optional.empty();
  }

  private static Optional<String> gtid(Sight replica, Sight source) {
    GtidUse use = replica.facts().primaryChannel().map(Channel::gtid).orElse(GtidUse.NONE);
    return switch (use) {
      // Its place there is worked out on the way.
      case NONE -> Optional.empty();
      case AUTO_POSITION -> autoPosition(replica, source);
      case SLAVE_POS, CURRENT_POS -> Optional.empty();
    };
  }

  /** Why a replica cannot find its place at a source by GTID; empty when it can. */
  static Optional<String> byGtid(Sight replica, Sight source) {
    return replica.facts().identity().flavor() == Flavor.MARIADB
        ? Optional.empty()
        : autoPosition(replica, source);
  }

  /** A source sends what a replica lacks; so it must number what it writes, and still have it. */
  private static Optional<String> autoPosition(Sight replica, Sight source) {
    String mode = source.facts().settings().gtidMode();
    if (!mode.startsWith("ON")) {
      return Optional.of(
          source.key()
              + " has gtid_mode "
              + mode
              + ", so "
              + replica.key()
              + " could not find its place there by GTID");
    }
    GtidSet purged = GtidSet.parse(source.facts().positions().purgedGtid());
    GtidSet lost = purged.minus(GtidSet.parse(replica.facts().positions().executedGtid()));
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of(
            source.key()
                + " has purged logs that "
                + replica.key()
                + " would need: it lacks "
                + lost);
  }
}
