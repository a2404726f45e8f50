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
import topiary.engine.port.Hooks;
import topiary.engine.port.HostNames;
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
 * @param hooks what an operator has it run
 * @param names looks up the addresses of hosts
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
    Optional<Audit> audit,
    Hooks hooks,
    HostNames names) {

  /** The same with hooks. */
  public Ports with(Hooks others) {
    return new Ports(
        fleet, log, journal, clock, scheduler, publisher, ids, members, audit, others, names);
  }

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
    this(
        fleet,
        log,
        journal,
        clock,
        scheduler,
        publisher,
        ids,
        members,
        Optional.empty(),
        Hooks.NONE,
        HostNames.NONE);
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
