package topiary.engine.manager;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.recovery.FormerPrimary;
import topiary.engine.state.Command;
import topiary.lab.sim.Server;

/**
 * What was written and what clients were told of it, against what recoveries say is lost: the
 * servers themselves are asked, also dead ones, which nobody else can.
 */
final class Ledger {

  /** How long after what it says was read a look at a server ends, at most. */
  private static final long LOOK_MICROS = 50_000;

  private final SimulatedServers servers;
  private final Supplier<List<Command>> log;
  private final Supplier<Manager> leader;
  private final Set<InstanceKey> away;
  private final Set<InstanceKey> errant;
  private final Map<RecoveryId, Command.OpenRecovery> opened = new HashMap<>();
  private final Map<InstanceKey, Command.ChooseSuccessor> replaced = new HashMap<>();
  private final Set<String> wrong = new LinkedHashSet<>();
  private int read;

  /**
   * An empty one.
   *
   * @param away who has not answered for a while
   * @param errant who has transactions of its own
   */
  Ledger(
      SimulatedServers servers,
      Supplier<List<Command>> log,
      Supplier<Manager> leader,
      Set<InstanceKey> away,
      Set<InstanceKey> errant) {
    this.servers = servers;
    this.log = log;
    this.leader = leader;
    this.away = away;
    this.errant = errant;
  }

  Set<String> wrong() {
    return wrong;
  }

  /** Reads what was committed since, and checks it against how the servers are now. */
  void read() {
    List<Command> all = log.get();
    for (; read < all.size(); read++) {
      switch (all.get(read)) {
        case Command.OpenRecovery c -> opened.put(c.id(), c);
        case Command.ChooseSuccessor c -> chosen(opened.get(c.id()), c);
        case Command.TellPrimary c -> told(c.told().primary());
        case Command.CloseRecovery c when !c.end().successful() ->
            // A taking over that was broken off: the primary takes the writes as before.
            replaced.values().removeIf(chosen -> chosen.id().equals(c.id()));
        default -> {}
      }
    }
  }

  private void chosen(Command.OpenRecovery of, Command.ChooseSuccessor c) {
    if (of.kind() == RecoveryKind.INTERMEDIATE) {
      return;
    }
    replaced.remove(c.successor());
    replaced.put(of.failed(), c);
    Server failed = servers.server(of.failed());
    Server next = servers.server(c.successor());
    String lost = c.lost();
    if (lost.startsWith("Nothing: ") && !next.has(failed, failed.wrote())) {
      unsaid(of, c, "all that was written", failed.wrote());
    }
    if (lost.startsWith("Nothing that was acknowledged") && !next.has(failed, failed.told())) {
      unsaid(of, c, "what clients were told", failed.told());
    }
    if (lost.startsWith("Nothing is lost that was") && !next.has(failed, failed.acknowledged())) {
      unsaid(of, c, "what others had acknowledged", failed.acknowledged());
    }
    boolean whole =
        of.replicas().stream().noneMatch(key -> away.contains(key) || errant.contains(key));
    // Where it is known that somebody has more, it was accepted that it is lost.
    boolean accepted = lost.contains(", which " + c.successor() + " has not received.");
    if (whole && !accepted && !next.has(failed, failed.acknowledged())) {
      unsaid(of, c, "what those acknowledged that all answer", failed.acknowledged());
    }
    // One that is back by now was seen once more, after it was said.
    boolean back = leader.get().topology().instance(of.failed()).filter(Instance::seen).isPresent();
    if (lost.contains("has received all that") && !back) {
      long seen = lastSeen(of.failed());
      if (!next.has(failed, failed.wroteBy(seen - LOOK_MICROS))) {
        unsaid(of, c, "what was written when it was last seen", failed.wroteBy(seen));
      }
    }
    for (InstanceKey key : of.replicas()) {
      long its = servers.server(key).received(failed);
      boolean counts = !away.contains(key) && !errant.contains(key);
      if (counts && !next.has(failed, its) && !lost.contains(key.toString())) {
        unsaid(of, c, "what " + key + " has", its);
      }
    }
  }

  private void unsaid(Command.OpenRecovery of, Command.ChooseSuccessor c, String what, long to) {
    wrong.add(
        c.successor()
            + " has got of "
            + of.failed()
            + " up to "
            + servers.server(c.successor()).received(servers.server(of.failed()))
            + ", and not "
            + what
            + ", up to "
            + to
            + ", and it is said: "
            + c.lost());
  }

  private long lastSeen(InstanceKey key) {
    return leader
        .get()
        .topology()
        .instance(key)
        .flatMap(Instance::lastSeen)
        .map(at -> at.getEpochSecond() * 1_000_000 + at.getNano() / 1000)
        .orElse(0L);
  }

  /** Nobody is sent to a primary again that another has replaced. */
  private void told(InstanceKey primary) {
    if (replaced.containsKey(primary)) {
      wrong.add(
          "applications are sent to "
              + primary
              + ", which "
              + replaced.get(primary).successor()
              + " has replaced");
    }
  }

  /**
   * What is left unsaid in the end: former primaries are back, and what they have, and nobody else,
   * is told.
   */
  List<String> settle(InstanceKey head) throws RequestRefused {
    var unsaid = new ArrayList<String>();
    Manager manager = leader.get();
    Topology seen = manager.topology();
    for (InstanceKey key : replaced.keySet()) {
      Server former = servers.server(key);
      if (former.standing() != Server.Standing.ALIVE || key.equals(head)) {
        continue;
      }
      boolean all = servers.server(head).has(former, former.wrote());
      Optional<FormerPrimary> said = FormerPrimary.of(seen, key, head);
      if (!all && said.flatMap(FormerPrimary::own).isEmpty()) {
        unsaid.add(
            head
                + " has got of "
                + key
                + " up to "
                + servers.server(head).received(former)
                + " of "
                + former.wrote()
                + ", and it is said: "
                + said.map(FormerPrimary::words).orElse("nothing"));
      }
      if (all && errant.isEmpty() && said.flatMap(FormerPrimary::own).isPresent()) {
        unsaid.add("nothing of " + key + " is missing, and it is said: " + said.get().words());
      }
    }
    return unsaid;
  }
}
