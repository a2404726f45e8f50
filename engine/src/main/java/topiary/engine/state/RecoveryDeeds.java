package topiary.engine.state;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.state.ManagerState.Applied;

/** What comes of commands about recoveries, and what they say. Pure. */
final class RecoveryDeeds {

  private RecoveryDeeds() {}

  static Applied apply(ManagerState state, Header header, Command.Recovering command) {
    Recoveries now = state.recoveries();
    return switch (command) {
      case Command.SwitchRecovery c -> {
        if (c.cluster().filter(id -> !state.instances().containsValue(id)).isPresent()) {
          yield rejected(state, c.cluster().get() + " is no cluster");
        }
        yield accepted(state, now.switched(c.cluster(), c.kind(), c.on()));
      }
      case Command.HaltRecoveries c -> accepted(state, now.halted(c.halted()));
      case Command.OpenRecovery c -> open(state, header, c);
      case Command.ChooseSuccessor c -> choose(state, c);
      case Command.CloseRecovery c -> close(state, header, c);
      case Command.AcknowledgeRecoveries c -> {
        var left = new TreeMap<>(now.ended());
        left.values().removeIf(one -> c.ids().contains(one.id()));
        yield accepted(state, now.ended(left));
      }
      case Command.Hooking c -> HookDeeds.apply(state, c);
      case Command.TellPrimary c -> tell(state, c);
    };
  }

  /** Two clusters of one alias would take the applications from one another. */
  private static Applied tell(ManagerState state, Command.TellPrimary c) {
    if (!state.instances().containsValue(c.cluster())) {
      return rejected(state, c.cluster() + " is no cluster");
    }
    var told = new TreeMap<>(state.recoveries().told());
    for (var other : state.recoveries().told().entrySet()) {
      if (!other.getKey().equals(c.cluster())
          && other.getValue().alias().equals(c.told().alias())) {
        if (state.instances().containsValue(other.getKey())) {
          return rejected(
              state,
              "applications know cluster "
                  + other.getKey()
                  + " as "
                  + c.told().alias()
                  + " already; call one of the two otherwise");
        }
        told.remove(other.getKey());
      }
    }
    told.put(c.cluster(), c.told());
    return accepted(state, state.recoveries().telling(told));
  }

  private static Applied open(ManagerState state, Header header, Command.OpenRecovery c) {
    Recoveries now = state.recoveries();
    if (now.open().containsKey(c.id())) {
      return rejected(state, "recovery " + c.id() + " is under way already");
    }
    Optional<RecoveryId> other = now.in(c.cluster());
    if (other.isPresent()) {
      return rejected(
          state,
          "recovery "
              + other.get()
              + " is under way in this cluster; there is never more than one");
    }
    Optional<RecoveryId> same = now.of(c.failed());
    if (same.isPresent()) {
      // Its cluster may be another meanwhile, as who stands above it is.
      return rejected(state, "recovery " + same.get() + " of " + c.failed() + " is under way");
    }
    var open = new TreeMap<>(now.open());
    open.put(
        c.id(),
        new OpenRecovery(
            c.cluster(),
            c.failed(),
            c.kind(),
            c.code(),
            c.forced(),
            c.wanted(),
            Optional.empty(),
            header.at()));
    return accepted(state, now.opened(open));
  }

  private static Applied choose(ManagerState state, Command.ChooseSuccessor c) {
    OpenRecovery open = state.recoveries().open().get(c.id());
    if (open == null) {
      return rejected(state, "recovery " + c.id() + " is not under way");
    }
    var all = new TreeMap<>(state.recoveries().open());
    all.put(c.id(), open.by(c.successor()));
    Recoveries now = state.recoveries().opened(all);
    if (open.kind() == RecoveryKind.INTERMEDIATE) {
      return accepted(state, now);
    }
    // Nobody is to see the one without the other.
    var told = new TreeMap<>(now.told());
    told.computeIfPresent(open.cluster(), (id, primary) -> primary.by(c.successor()));
    return new Applied(
        state.withRecoveries(now.telling(told)).headed(open.cluster(), c.successor()),
        Verdict.ACCEPTED);
  }

  private static Applied close(ManagerState state, Header header, Command.CloseRecovery c) {
    Recoveries now = state.recoveries();
    OpenRecovery open = now.open().get(c.id());
    if (open == null) {
      return rejected(state, "recovery " + c.id() + " is not under way");
    }
    var left = new TreeMap<>(now.open());
    left.remove(c.id());
    var ended = new TreeMap<>(now.ended());
    if (open.kind() == RecoveryKind.TAKEOVER) {
      // Somebody who sees to the cluster has had it so: it keeps nothing from beginning, and what
      // was before it is over.
      if (c.end().successful()) {
        ended.remove(open.cluster());
      }
    } else if (open.kind() == RecoveryKind.INTERMEDIATE && c.end() != RecoveryEnd.NOT_NEEDED) {
      // Nobody has its place, and whoever has a primary's place until somebody sees to it keeps it.
      ended.merge(
          open.cluster(),
          new EndedRecovery(c.id(), open.failed(), Optional.empty(), header.at()),
          (was, is) -> was.successor().isPresent() ? was.until(is.at()) : is);
    } else if (c.end() != RecoveryEnd.NOT_NEEDED) {
      ended.put(
          open.cluster(), new EndedRecovery(c.id(), open.failed(), open.successor(), header.at()));
    }
    return accepted(
        state, now.opened(left).ended(ended).owing(HookDeeds.left(now.hooks(), c.id())));
  }

  private static Applied accepted(ManagerState state, Recoveries recoveries) {
    return new Applied(state.withRecoveries(recoveries), Verdict.ACCEPTED);
  }

  private static Applied rejected(ManagerState state, String reason) {
    return new Applied(state, new Verdict.Rejected(reason));
  }

  static String words(Command.Recovering command) {
    return switch (command) {
      case Command.SwitchRecovery c ->
          (c.on() ? "recover " : "do not recover ")
              + c.kind().map(k -> "a dead " + k.words()).orElse("dead servers")
              + " of "
              + c.cluster().map(id -> "cluster " + id).orElse("any cluster")
              + (c.on() ? " by itself" : " by itself any more");
      case Command.HaltRecoveries c ->
          c.halted()
              ? "let no recovery begin by itself, anywhere"
              : "let recoveries begin by themselves where they are switched on";
      case Command.OpenRecovery c ->
          "begin recovery "
              + c.id()
              + " of "
              + c.failed()
              + ", "
              + c.code()
              + (c.forced() ? ", as it was asked for" : "");
      case Command.ChooseSuccessor c ->
          "recovery " + c.id() + ": " + c.successor() + " takes its place. " + c.why();
      case Command.CloseRecovery c ->
          "end recovery " + c.id() + ", " + c.end().words() + ": " + c.report();
      case Command.AcknowledgeRecoveries c ->
          "acknowledge recover"
              + (c.ids().size() == 1 ? "y " : "ies ")
              + String.join(", ", c.ids().stream().map(RecoveryId::text).toList())
              + (c.comment().isEmpty() ? "" : ": " + c.comment());
      case Command.Hooking c -> HookDeeds.words(c);
      case Command.TellPrimary c ->
          "tell applications that "
              + c.told().primary()
              + " takes the writes of "
              + c.told().alias();
    };
  }

  /** Whom a command is about. */
  static SortedSet<String> about(Command.Recovering command) {
    List<String> all =
        switch (command) {
          case Command.SwitchRecovery c -> c.cluster().stream().map(id -> id.text()).toList();
          case Command.HaltRecoveries c -> List.of();
          case Command.OpenRecovery c ->
              List.of(c.id().text(), c.failed().toString(), c.cluster().text());
          case Command.ChooseSuccessor c -> List.of(c.id().text(), c.successor().toString());
          case Command.CloseRecovery c -> List.of(c.id().text());
          case Command.AcknowledgeRecoveries c -> c.ids().stream().map(RecoveryId::text).toList();
          case Command.Hooking c -> HookDeeds.about(c);
          case Command.TellPrimary c -> List.of(c.cluster().text(), c.told().primary().toString());
        };
    var about = new TreeSet<>(all);
    about.add(Deeds.RECOVERIES);
    return about;
  }
}
