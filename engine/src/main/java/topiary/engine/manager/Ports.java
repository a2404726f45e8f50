package topiary.engine.manager;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import topiary.engine.model.NodeId;
import topiary.engine.port.Audit;
import topiary.engine.port.Clock;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Fleet;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.Publisher;
import topiary.engine.port.Scheduler;

/**
 * The world, as a manager is given it.
 *
 * @param fleet the servers
 * @param log the way to durable state
 * @param journal what was planned and done
 * @param clock time
 * @param scheduler threads and timers
 * @param publisher hears of every new topology
 * @param ids fresh ids; seeded in a simulation
 * @param members the nodes that decide together, as the log has them now; empty for a node that is
 *     alone
 * @param audit what was written down; empty where nothing is kept
 */
public record Ports(
    Fleet fleet,
    CommandLog log,
    PlanJournal journal,
    Clock clock,
    Scheduler scheduler,
    Publisher publisher,
    Supplier<UUID> ids,
    Supplier<Set<NodeId>> members,
    Optional<Audit> audit) {

  /** Of a node that keeps no audit. */
  public Ports(
      Fleet fleet,
      CommandLog log,
      PlanJournal journal,
      Clock clock,
      Scheduler scheduler,
      Publisher publisher,
      Supplier<UUID> ids,
      Supplier<Set<NodeId>> members) {
    this(fleet, log, journal, clock, scheduler, publisher, ids, members, Optional.empty());
  }

  /** Of a node that is alone. */
  public Ports(
      Fleet fleet,
      CommandLog log,
      PlanJournal journal,
      Clock clock,
      Scheduler scheduler,
      Publisher publisher,
      Supplier<UUID> ids) {
    this(fleet, log, journal, clock, scheduler, publisher, ids, Set::of);
  }
}
