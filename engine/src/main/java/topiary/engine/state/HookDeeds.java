package topiary.engine.state;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.intent.RecoveryId;
import topiary.engine.policy.HookList;
import topiary.engine.state.ManagerState.Applied;

/** What comes of commands about hooks, and what they say. Pure. */
final class HookDeeds {

  private HookDeeds() {}

  static Applied apply(ManagerState state, Command.Hooking command) {
    return switch (command) {
      case Command.OweHooks c -> owe(state, c);
      case Command.SkipHooks c -> skip(state, c);
      case Command.BeginHook c -> begin(state, c);
      case Command.EndHook c -> end(state, c);
    };
  }

  private static Applied owe(ManagerState state, Command.OweHooks c) {
    Recoveries now = state.recoveries();
    if (c.list().ofRecovery() && !now.open().containsKey(c.id())) {
      return rejected(state, "recovery " + c.id() + " is not under way");
    }
    if (now.hooks(c.id(), c.list()).isPresent()) {
      return rejected(state, "hooks " + c.list().word() + " of " + c.id() + " are run already");
    }
    return with(state, new HookKey(c.id(), c.list()), HookDuty.of(c.facts()));
  }

  private static Applied skip(ManagerState state, Command.SkipHooks c) {
    if (!state.recoveries().open().containsKey(c.id())) {
      return rejected(state, "recovery " + c.id() + " is not under way");
    }
    return with(state, new HookKey(c.id(), HookList.BEFORE_RECOVERY), HookDuty.SKIPPED);
  }

  private static Applied begin(ManagerState state, Command.BeginHook c) {
    var key = new HookKey(c.id(), c.list());
    HookDuty duty = state.recoveries().hooks().get(key);
    if (duty == null
        || duty.settled()
        || c.number() != duty.ended() + 1
        || c.attempt() != duty.attempt() + 1) {
      return rejected(state, hook(c.id(), c.list(), c.number()) + " is not to be run");
    }
    return with(state, key, duty.begun(c.attempt()));
  }

  private static Applied end(ManagerState state, Command.EndHook c) {
    var key = new HookKey(c.id(), c.list());
    HookDuty duty = state.recoveries().hooks().get(key);
    if (duty == null
        || duty.settled()
        || c.number() != duty.ended() + 1
        || c.attempt() != duty.attempt()) {
      return rejected(state, hook(c.id(), c.list(), c.number()) + " is not under way");
    }
    if (c.last() && !state.recoveries().open().containsKey(c.id())) {
      var left = new TreeMap<>(state.recoveries().hooks());
      left.remove(key);
      return accepted(state, left);
    }
    return with(state, key, duty.ended(c.failure(), c.last()));
  }

  /** What is still to be run once a recovery has ended. */
  static SortedMap<HookKey, HookDuty> left(SortedMap<HookKey, HookDuty> hooks, RecoveryId ended) {
    var left = new TreeMap<>(hooks);
    left.entrySet()
        .removeIf(
            e ->
                e.getKey().of().equals(ended)
                    && (e.getValue().settled() || e.getKey().list().awaited()));
    return left;
  }

  private static Applied with(ManagerState state, HookKey key, HookDuty duty) {
    var all = new TreeMap<>(state.recoveries().hooks());
    all.put(key, duty);
    return accepted(state, all);
  }

  private static Applied accepted(ManagerState state, SortedMap<HookKey, HookDuty> hooks) {
    return new Applied(state.withRecoveries(state.recoveries().owing(hooks)), Verdict.ACCEPTED);
  }

  private static Applied rejected(ManagerState state, String reason) {
    return new Applied(state, new Verdict.Rejected(reason));
  }

  private static String hook(RecoveryId id, HookList list, int number) {
    return "hook " + number + " of " + list.word() + " for " + id;
  }

  static String words(Command.Hooking command) {
    return switch (command) {
      case Command.OweHooks c -> "run hooks " + c.list().word() + " for " + c.id();
      case Command.SkipHooks c -> "run no hooks for " + c.id();
      case Command.BeginHook c ->
          hook(c.id(), c.list(), c.number())
              + " begins"
              + (c.attempt() == 1 ? "" : ", attempt " + c.attempt());
      case Command.EndHook c ->
          hook(c.id(), c.list(), c.number())
              + c.failure().map(why -> " failed: " + why).orElse(" is done")
              + (c.output().isBlank() ? "" : ". It wrote: " + c.output().strip());
    };
  }

  /** Whom a command is about. */
  static List<String> about(Command.Hooking command) {
    return switch (command) {
      case Command.OweHooks c -> {
        var about = new ArrayList<>(List.of(c.id().text()));
        if (c.list() == HookList.DETECTION) {
          // By which it is known later that this was told already.
          about.add(Deeds.DETECTION + c.facts().getOrDefault("detection", ""));
        }
        yield about;
      }
      case Command.SkipHooks c -> List.of(c.id().text());
      case Command.BeginHook c -> List.of(c.id().text());
      case Command.EndHook c -> List.of(c.id().text());
    };
  }
}
