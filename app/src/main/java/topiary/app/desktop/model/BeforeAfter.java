package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.app.gateway.OutlookView;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.PlanPolicy;

/**
 * What a plan makes different: the part of the tree it is about now and afterwards, or a value.
 *
 * @param now heads of the part, empty when the tree stays as it is
 * @param afterwards the same later
 * @param changes values that become others
 * @param sentence all of it in words
 */
public record BeforeAfter(
    List<Branch> now, List<Branch> afterwards, List<Change> changes, String sentence) {

  /**
   * A server and what of the part stands below it.
   *
   * @param key which
   * @param moved whether it is the one that is moved
   * @param lost whether it is dead
   * @param folded how many servers stay below it and are not shown
   * @param more how many others are moved the same way and are not shown
   * @param apart whether servers that are not shown stand between it and the one above
   * @param below those below it
   */
  public record Branch(
      InstanceKey key,
      boolean moved,
      boolean lost,
      int folded,
      int more,
      boolean apart,
      List<Branch> below) {
    public Branch {
      below = List.copyOf(below);
    }
  }

  /**
   * A value that becomes another.
   *
   * @param what of which server
   * @param from how it is
   * @param to how it will be
   */
  public record Change(String what, String from, String to) {

    String words() {
      return what + ": " + from + " → " + to;
    }
  }

  public BeforeAfter {
    now = List.copyOf(now);
    afterwards = List.copyOf(afterwards);
    changes = List.copyOf(changes);
  }

  /** What an intent makes different; empty when its servers are not known. */
  public static Optional<BeforeAfter> of(Topology in, Intent intent) {
    return switch (intent) {
      case Intent.Relocate one -> moved(in, List.of(one));
      case Intent.RelocateBy(var move, _) -> of(in, move);
      case Intent.StartReplication(var replica, var threads) ->
          in.instance(replica).flatMap(i -> threads(i, threads, "running"));
      case Intent.StopReplication(var replica, var threads) ->
          in.instance(replica).flatMap(i -> threads(i, threads, "stopped"));
      case Intent.SetReadOnly(var server, var readOnly) ->
          in.instance(server)
              .flatMap(Instance::facts)
              .map(
                  f ->
                      new Change(
                          "read-only of " + server, on(f.settings().readOnly()), on(readOnly)))
              .map(change -> of(List.of(change)));
      case Intent.OnServer(var server, var doing) ->
          in.instance(server).flatMap(Instance::facts).flatMap(f -> doing(server, f, doing));
      case Intent.InTree(var server, Reshaping.CoSource(var source)) ->
          source
              .or(() -> in.instance(server).flatMap(Instance::source))
              .map(
                  head ->
                      new Change(
                          "source of " + head,
                          in.instance(head)
                              .flatMap(Instance::source)
                              .map(InstanceKey::toString)
                              .orElse("none"),
                          server.toString()))
              .map(change -> of(List.of(change)));
      case Intent.InTree(var server, Reshaping.Rejoin(var source)) ->
          source
              .map(followed -> new Change("source of " + server, "none", followed.toString()))
              .map(change -> of(List.of(change)));
      case Intent.InTree(var server, Reshaping.TakeOver over) ->
          over.source()
              .or(() -> in.instance(server).flatMap(Instance::source))
              .map(primary -> of(takenOver(in, server, primary, over)));
      case Intent.InTree(var server, Reshaping.Equivalent(var below)) ->
          moved(in, List.of(new Intent.Relocate(server, below)));
      case Intent.InTree around -> moved(in, around);
      case Intent.Moves moves -> moved(in, moves.moves());
      case Intent.OnChannel(Intent.Relocate(var replica, var below), var channel) ->
          in.instance(replica)
              .map(i -> i.only(channel))
              .flatMap(Instance::source)
              .map(
                  now ->
                      new Change(
                          "source of " + replica + ", " + Intent.OnChannel.words(channel),
                          now.toString(),
                          below.toString()))
              .map(change -> of(List.of(change)));
      case Intent.OnChannel(var wanted, var channel) -> {
        var on = (Intent.OnChannel) intent;
        yield in.instance(on.server())
            .map(i -> in.next(in.revision(), List.of(), List.of(i.only(channel))))
            .flatMap(alone -> of(alone, wanted));
      }
      case Intent.Replace replace -> Optional.empty();
      case Intent.CannotBeUndone none -> Optional.empty();
      case Intent.Undo undo -> Optional.empty();
    };
  }

  /**
   * What the death of a server would make different; empty when nobody replicates from it, or its
   * servers are not known.
   */
  public static Optional<BeforeAfter> died(Topology in, OutlookView o) {
    List<Intent.Relocate> moves =
        o.moves().entrySet().stream()
            .filter(m -> SmallTrees.source(in, m.getKey()).isPresent())
            .map(m -> new Intent.Relocate(m.getKey(), m.getValue()))
            .toList();
    if (in.replicasOf(o.server()).isEmpty()) {
      return Optional.empty();
    }
    Topology then = in;
    for (Intent.Relocate m : moves) {
      then = then.moved(m.replica(), m.below());
    }
    Optional<Instance> successor = o.successor().flatMap(in::instance);
    if (successor.isPresent()) {
      Instance head = successor.get();
      then =
          then.next(
              then.revision(),
              List.of(),
              List.of(head.knowing(head.facts().map(Facts::unattached))));
    }
    var trees = SmallTrees.dying(in, moves, o.server(), o.successor(), o.left().keySet());
    Optional<List<Branch>> now = trees.of(in);
    Optional<List<Branch>> afterwards = trees.of(then);
    String sentence =
        "If "
            + o.server()
            + " died now, "
            + o.successor()
                .map(key -> key + " would take its place")
                .orElse("nobody would take its place")
            + ". "
            + SmallTrees.sentence(in, moves);
    return now.isEmpty() || afterwards.isEmpty()
        ? Optional.empty()
        : Optional.of(new BeforeAfter(now.get(), afterwards.get(), List.of(), sentence.strip()));
  }

  /** Where a plan would point servers, as it would be made of what is seen here. */
  private static Optional<BeforeAfter> moved(Topology in, Intent.InTree around) {
    return new Planner(PlanPolicy.DEFAULT).plan(new World(in, Map.of()), around)
            instanceof PlanResult.Planned(Plan plan)
        ? moved(
            in,
            plan.stages().stream()
                .flatMap(stage -> stage.steps().stream())
                .flatMap(step -> pointed(step).stream())
                // By file and position a replica goes from server to server; the last one counts.
                .collect(
                    Collectors.toMap(
                        Intent.Relocate::replica,
                        Function.identity(),
                        (first, last) -> last,
                        LinkedHashMap::new))
                .values()
                .stream()
                .toList())
        : Optional.empty();
  }

  private static List<Change> takenOver(
      Topology in, InstanceKey server, InstanceKey primary, Reshaping.TakeOver over) {
    var changes = new ArrayList<Change>();
    changes.add(new Change("the primary", primary.toString(), server.toString()));
    changes.add(new Change("source of " + primary, "none", server.toString()));
    in.replicasOf(primary).stream()
        .filter(key -> !key.equals(server) && !over.staying().contains(key))
        .forEach(
            key ->
                changes.add(new Change("source of " + key, primary.toString(), server.toString())));
    changes.add(new Change("read-only of " + primary, on(false), on(true)));
    changes.add(new Change("read-only of " + server, on(true), on(false)));
    return changes;
  }

  private static Optional<Intent.Relocate> pointed(Step step) {
    return switch (step) {
      case Step.PointAt s -> Optional.of(new Intent.Relocate(s.target(), s.source()));
      case Step.PointAtFile s -> Optional.of(new Intent.Relocate(s.target(), s.source()));
      default -> Optional.empty();
    };
  }

  private static Optional<BeforeAfter> moved(Topology in, List<Intent.Relocate> all) {
    List<Intent.Relocate> moves =
        all.stream()
            .filter(m -> !SmallTrees.source(in, m.replica()).equals(Optional.of(m.below())))
            .toList();
    if (moves.isEmpty()) {
      return Optional.empty();
    }
    return drawn(in, moves)
        // One that comes from or goes to who is not known says so itself.
        .or(() -> moves.size() == 1 ? Optional.empty() : Optional.of(of(changes(in, moves))));
  }

  private static Optional<BeforeAfter> drawn(Topology in, List<Intent.Relocate> moves) {
    if (!moves.stream()
        .allMatch(
            m ->
                SmallTrees.source(in, m.replica()).isPresent()
                    && in.instance(m.below()).isPresent())) {
      return Optional.empty();
    }
    Topology then = in;
    for (Intent.Relocate m : moves) {
      then = then.moved(m.replica(), m.below());
    }
    var trees = new SmallTrees(in, moves);
    Optional<List<Branch>> now = trees.of(in);
    Optional<List<Branch>> afterwards = trees.of(then);
    return now.isEmpty() || afterwards.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new BeforeAfter(
                now.get(), afterwards.get(), List.of(), SmallTrees.sentence(in, moves)));
  }

  private static List<Change> changes(Topology in, List<Intent.Relocate> moves) {
    return moves.stream()
        .map(
            m ->
                new Change(
                    "source of " + m.replica(),
                    SmallTrees.source(in, m.replica()).map(InstanceKey::toString).orElse("none"),
                    m.below().toString()))
        .toList();
  }

  /** Of what changes no value that is shown: nothing. */
  private static Optional<BeforeAfter> doing(InstanceKey server, Facts f, Doing doing) {
    Optional<Channel> c = f.primaryChannel();
    Optional<Change> change =
        switch (doing) {
          case Doing.Reset d ->
              c.map(own -> new Change("source of " + server, own.source().toString(), "none"));
          case Doing.Delay(int seconds) ->
              c.map(
                  own ->
                      new Change("delay of " + server, own.delaySeconds() + " s", seconds + " s"));
          case Doing.UseGtid(boolean by) ->
              Optional.of(
                  new Change(
                      server + " finds its place by",
                      by ? "file and position" : "GTID",
                      by ? "GTID" : "file and position"));
          case Doing.SemiSync(var side, boolean wanted) ->
              Optional.of(
                  new Change(
                      "semi-sync of " + server + " as a " + side.words(), on(!wanted), on(wanted)));
          case Doing.Restart d -> Optional.empty();
          case Doing.Reconnect d -> Optional.empty();
          case Doing.StopNicely d ->
              c.map(own -> new Change("replication of " + server, "running", "stopped"));
          case Doing.SkipTransaction d ->
              c.map(own -> new Change("applying on " + server, word(own.sql().name()), "running"));
          case Doing.InjectEmpty d -> Optional.empty();
          case Doing.ForgetErrant d -> Optional.empty();
          case Doing.FlushLogs d -> Optional.empty();
          case Doing.PurgeLogs d -> Optional.empty();
          case Doing.KillQuery d -> Optional.empty();
          case Doing.Detach d -> c.map(own -> attachment(server, own, "attached", "detached"));
          case Doing.Reattach d -> c.map(own -> attachment(server, own, "detached", "attached"));
        };
    return change.map(one -> of(List.of(one)));
  }

  private static Change attachment(InstanceKey server, Channel c, String now, String then) {
    return new Change(server + " and its source " + c.source(), now, then);
  }

  private static String on(boolean value) {
    return value ? "on" : "off";
  }

  private static BeforeAfter of(List<Change> changes) {
    return new BeforeAfter(
        List.of(),
        List.of(),
        changes,
        String.join("; ", changes.stream().map(Change::words).toList()));
  }

  private static Optional<BeforeAfter> threads(Instance i, Threads threads, String to) {
    Optional<Channel> channel = i.primaryChannel();
    if (channel.isEmpty()) {
      return Optional.empty();
    }
    Channel c = channel.get();
    var changes = new ArrayList<Change>();
    if (threads != Threads.SQL) {
      changes.add(new Change("receiving on " + i.key(), word(c.io().name()), to));
    }
    if (threads != Threads.IO) {
      changes.add(new Change("applying on " + i.key(), word(c.sql().name()), to));
    }
    return Optional.of(of(changes));
  }

  private static String word(String constant) {
    return constant.toLowerCase(Locale.ROOT);
  }
}
