package topiary.engine.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.RecoveryId;
import topiary.engine.policy.HookList;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Hooks;
import topiary.engine.state.Command;
import topiary.engine.state.HookDuty;
import topiary.engine.state.HookKey;
import topiary.engine.state.ManagerState;

/**
 * Runs hooks: what an operator has a node run when something happens. That a list is to be run
 * stands in the log before its first hook begins, and so does every beginning and end; so a node
 * that takes over goes on after the last that ended, and begins the one that had not ended once
 * more. Each node runs what its own file has. Thread-safe.
 */
public final class HookRunner {

  private static final System.Logger LOG = System.getLogger(HookRunner.class.getName());

  private static final By BY = new By("topiary", "hooks");

  private final Ports ports;
  private final Scribe scribe;

  /** What somebody here is at. */
  private final Set<HookKey> underWay = ConcurrentHashMap.newKeySet();

  /** For what lists are run beside, one after the other. */
  private final Set<RecoveryId> beside = ConcurrentHashMap.newKeySet();

  HookRunner(Ports ports, Scribe scribe) {
    this.ports = ports;
    this.scribe = scribe;
  }

  /** Whether there is anything to run of a list. */
  public boolean any(HookList list) {
    return ports.hooks().count(list) > 0;
  }

  /**
   * Runs a list to its end, and waits for that; nothing when there is none.
   *
   * @param of for what; a fresh name for what is no recovery
   * @param facts what the hooks are told
   * @return why one failed; the ones behind it were not run then
   * @throws Scribe.NotCommitted when it could not be written down, and nothing was run, or was
   *     written down no more
   * @throws InterruptedException when this node is being stopped
   */
  public Optional<String> run(
      RecoveryId of, HookList list, SortedMap<String, String> facts, Mandate mandate)
      throws Scribe.NotCommitted, InterruptedException {
    var key = new HookKey(of, list);
    if (!any(list) && duty(key).isEmpty()) {
      return Optional.empty();
    }
    if (!underWay.add(key)) {
      return Optional.of("hooks " + list.word() + " of " + of + " are being run already");
    }
    try {
      if (duty(key).isEmpty()) {
        commit(new Command.OweHooks(of, list, facts));
      }
      return toTheEnd(key, mandate);
    } finally {
      underWay.remove(key);
    }
  }

  /**
   * Has a list run, and waits for nothing but that this stands in the log; nothing when there is
   * none.
   *
   * @param of for what; a fresh name for what is no recovery
   * @param facts what the hooks are told
   * @throws Scribe.NotCommitted when it does not
   */
  public void owe(RecoveryId of, HookList list, Supplier<SortedMap<String, String>> facts)
      throws Scribe.NotCommitted {
    if (any(list) && duty(new HookKey(of, list)).isEmpty()) {
      commit(new Command.OweHooks(of, list, facts.get()));
      look();
    }
  }

  private void commit(Command command) throws Scribe.NotCommitted {
    scribe.commit(command, BY.actor(), BY.cause());
  }

  private Optional<HookDuty> duty(HookKey key) {
    // The log's own, as what was just committed may not have been taken up here.
    return ports.log().state().recoveries().hooks(key.of(), key.list());
  }

  /** Takes up what is to be run and nobody runs. Returns at once. */
  void look() {
    if (ports.log().state().recoveries().hooks().isEmpty()) {
      return;
    }
    for (RecoveryId of : due().stream().map(HookKey::of).collect(Collectors.toSet())) {
      if (beside.add(of) && !ports.scheduler().start("hooks for " + of, () -> beside(of))) {
        beside.remove(of);
      }
    }
  }

  /** Those that nobody waits for, and those that nobody waits for any more. */
  private List<HookKey> due() {
    var due = new ArrayList<HookKey>();
    ManagerState now = ports.log().state();
    now.recoveries()
        .hooks()
        .forEach(
            (key, duty) -> {
              // A recovery that is open sees to those before it, on whichever node.
              boolean awaited = key.list().awaited() && key.list().ofRecovery();
              if (!duty.settled() && !awaited && !underWay.contains(key)) {
                due.add(key);
              }
            });
    return due;
  }

  private void beside(RecoveryId of) {
    boolean all = false;
    try {
      Mandate mandate = Mandate.of(ports.log());
      Optional<HookKey> next = next(of);
      while (next.isPresent() && mandate.holds()) {
        beside(next.get(), mandate);
        next = next(of);
      }
      all = true;
    } catch (CommandLog.NotLeading e) {
      LOG.log(System.Logger.Level.DEBUG, "hooks for " + of + " wait: " + e.getMessage());
    } catch (Scribe.NotCommitted e) {
      LOG.log(e.level(), "hooks for " + of + " wait: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      beside.remove(of);
    }
    if (all && next(of).isPresent()) {
      // It came after the last look and before this one was over.
      look();
    }
  }

  private Optional<HookKey> next(RecoveryId of) {
    return due().stream().filter(key -> key.of().equals(of)).findFirst();
  }

  private void beside(HookKey key, Mandate mandate)
      throws Scribe.NotCommitted, InterruptedException {
    if (key.list().awaited()) {
      // What it was for is over: who waited for it is gone with the node that began it.
      HookDuty duty = duty(key).orElseThrow();
      commit(
          new Command.EndHook(
              key.of(),
              key.list(),
              duty.ended() + 1,
              duty.attempt(),
              Optional.of("nobody waits for it any more"),
              "",
              true));
      return;
    }
    if (underWay.add(key)) {
      try {
        toTheEnd(key, mandate);
      } finally {
        underWay.remove(key);
      }
    }
  }

  /** Runs what is left of a list; why one failed. */
  private Optional<String> toTheEnd(HookKey key, Mandate mandate)
      throws Scribe.NotCommitted, InterruptedException {
    Optional<String> failed = duty(key).flatMap(HookDuty::failure);
    while (mandate.holds()) {
      Optional<HookDuty> duty = duty(key).filter(d -> !d.settled());
      if (duty.isEmpty()) {
        return failed;
      }
      Optional<String> why = one(key, duty.get());
      failed = failed.or(() -> why);
    }
    return Optional.of("this node does not lead any more");
  }

  private Optional<String> one(HookKey key, HookDuty duty)
      throws Scribe.NotCommitted, InterruptedException {
    int number = duty.ended() + 1;
    int count = ports.hooks().count(key.list());
    if (number > count) {
      // It was begun by a node whose file has more of them.
      Optional<String> why =
          Optional.of(
              "this node has "
                  + (count == 0 ? "none" : "only " + count)
                  + " of "
                  + key.list().word()
                  + " in its file");
      commit(new Command.EndHook(key.of(), key.list(), number, duty.attempt(), why, "", true));
      return why;
    }
    int attempt = duty.attempt() + 1;
    commit(new Command.BeginHook(key.of(), key.list(), number, attempt));
    Hooks.Done done =
        ports.hooks().run(new Hooks.Call(key.of(), key.list(), number, attempt, duty.facts()));
    boolean last = number == count || key.list().awaited() && done.failure().isPresent();
    done.failure()
        .ifPresent(
            why ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "hook "
                        + number
                        + " of "
                        + key.list().word()
                        + " for "
                        + key.of()
                        + ": "
                        + why));
    commit(
        new Command.EndHook(
            key.of(), key.list(), number, attempt, done.failure(), done.output(), last));
    return done.failure().map(why -> "hook " + number + " of " + key.list().word() + ": " + why);
  }
}
