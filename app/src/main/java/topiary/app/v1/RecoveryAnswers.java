package topiary.app.v1;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import topiary.app.json.RecoveryJson;
import topiary.app.text.RecoveryText;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Operation;
import topiary.engine.catalogue.Recovering;
import topiary.engine.intent.RecoveryId;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.recovery.FormerPrimary;
import topiary.engine.said.RuleKey;
import topiary.engine.state.Command;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.Recoveries;

/** Recoveries: what begins one, what stops it, what came of it. */
final class RecoveryAnswers {

  private final Manager manager;

  RecoveryAnswers(Manager manager) {
    this.manager = manager;
  }

  /** What answers each of its operations. */
  Map<Operation, Operations.Bound> bound() {
    var bound = new LinkedHashMap<Operation, Operations.Bound>();
    bound.put(
        Recovering.RECOVER,
        (with, by) -> {
          boolean skip = with.on("skip-hooks");
          return begun(
              with, by, (failed, wanted, who) -> manager.recover(failed, wanted, skip, who));
        });
    bound.put(Recovering.FORCE_FAILOVER, (with, by) -> begun(with, by, manager::failOver));
    bound.put(Recovering.RECOVERIES, this::recoveries);
    bound.put(Recovering.RECOVERY_REPORT, this::recovery);
    bound.put(Recovering.ENABLE, (with, by) -> turn(with, by, true));
    bound.put(Recovering.DISABLE, (with, by) -> turn(with, by, false));
    bound.put(Recovering.HALT, (with, by) -> halt(by, true));
    bound.put(Recovering.GO_ON, (with, by) -> halt(by, false));
    bound.put(Recovering.SWITCHES, (with, by) -> switches());
    bound.put(
        Recovering.ACKNOWLEDGE,
        (with, by) -> acknowledge(List.of(known(with.recovery("recovery"))), with, by));
    bound.put(Recovering.ACKNOWLEDGE_CLUSTER, this::acknowledgeCluster);
    bound.put(
        Recovering.ACKNOWLEDGE_ALL,
        (with, by) ->
            acknowledge(
                manager.state().recoveries().ended().values().stream()
                    .map(EndedRecovery::id)
                    .toList(),
                with,
                by));
    bound.put(Recovering.RULES, (with, by) -> rules(with));
    bound.put(Recovering.SET_RULE, this::setRule);
    bound.put(Recovering.KEY_VALUES, (with, by) -> keyValues(with));
    bound.put(Recovering.SUBMIT_PRIMARIES, this::submit);
    return bound;
  }

  private Optional<ClusterId> cluster(Arguments with) throws RequestRefused {
    Optional<String> hint = with.text("cluster");
    return hint.isPresent()
        ? Optional.of(manager.registry().cluster(hint.get()))
        : Optional.empty();
  }

  private RecoveryPolicy policy(Optional<ClusterId> cluster) {
    return RecoveryRule.of(manager.policies().recovery(), manager.state().said().rules(), cluster);
  }

  private Answer rules(Arguments with) throws RequestRefused {
    Optional<ClusterId> cluster = cluster(with);
    SortedMap<RuleKey, String> set = manager.state().said().rules();
    RecoveryPolicy policy = policy(cluster);
    var rules = new ArrayList<Map<String, Object>>();
    for (RecoveryRule rule : RecoveryRule.values()) {
      boolean own = cluster.isPresent() && set.containsKey(new RuleKey(cluster, rule.word()));
      boolean all = set.containsKey(new RuleKey(Optional.empty(), rule.word()));
      var json = new LinkedHashMap<String, Object>();
      json.put("rule", rule.word());
      json.put("value", rule.in(policy));
      json.put("setFor", own ? "cluster" : all ? "all" : null);
      json.put("help", rule.help());
      rules.add(json);
    }
    return Answer.ok(rules, ink -> rules.stream().map(Rules::line).collect(Collectors.joining()));
  }

  private Answer setRule(Arguments with, By by) throws RequestRefused {
    Optional<ClusterId> cluster = cluster(with);
    RecoveryRule rule =
        manager
            .registry()
            .recoveryRule(cluster, with.text("rule").orElseThrow(), with.text("value"), by);
    return Rules.set(rule.word(), rule.in(policy(cluster)), cluster);
  }

  private Answer keyValues(Arguments with) throws RequestRefused {
    Optional<ClusterId> cluster = cluster(with);
    return keyValues(
        cluster.isPresent()
            ? manager.primaries().keyValues(cluster.get())
            : manager.primaries().keyValues(),
        "Of no cluster anything is told; one needs an alias, and a head that takes writes.");
  }

  private Answer submit(Arguments with, By by) throws RequestRefused {
    var told = new TreeMap<String, String>();
    manager
        .primaries()
        .submit(cluster(with), by)
        .forEach(id -> told.putAll(manager.primaries().keyValues(id)));
    return keyValues(told, "There was nothing to write.");
  }

  private static Answer keyValues(SortedMap<String, String> pairs, String none) {
    return Answer.ok(
        pairs,
        ink ->
            pairs.isEmpty()
                ? none + "\n"
                : pairs.entrySet().stream()
                    .map(e -> e.getKey() + ":" + e.getValue() + "\n")
                    .collect(Collectors.joining()));
  }

  /** What begins a recovery. */
  private interface Beginning {
    RecoveryId begin(InstanceKey failed, Optional<InstanceKey> candidate, By by)
        throws RequestRefused;
  }

  private static Answer begun(Arguments with, By by, Beginning how)
      throws BadArgument, RequestRefused {
    InstanceKey failed = with.instance("instance");
    Optional<InstanceKey> candidate =
        with.text("candidate").isPresent()
            ? Optional.of(with.instance("candidate"))
            : Optional.empty();
    RecoveryId id = how.begin(failed, candidate, by);
    return Answer.ok(
        Map.of("recovery", id.text(), "failed", failed.toString()),
        ink ->
            "Recovery " + id + " of " + failed + " has begun. Its course: recovery " + id + "\n");
  }

  private Answer recoveries(Arguments with, By by) throws BadArgument, RequestRefused {
    Optional<String> hint = with.text("cluster");
    Optional<String> about =
        hint.isPresent()
            ? Optional.of(manager.registry().cluster(hint.get()).text())
            : Optional.empty();
    List<RecoveryBook.Entry> all =
        manager.recoveries().latest(about, with.number("limit", 20, 1000));
    return Answer.ok(
        all.stream().map(entry -> RecoveryJson.recovery(entry, former(entry))).toList(),
        ink ->
            all.isEmpty()
                ? "There was no recovery.\n"
                : all.stream()
                    .map(entry -> new RecoveryText(ink).line(entry, former(entry)))
                    .collect(Collectors.joining()));
  }

  /** How the one stands whose place was taken, as long as that is not acknowledged. */
  private Optional<FormerPrimary> former(RecoveryBook.Entry entry) {
    return manager.state().recoveries().ended().values().stream()
        .filter(r -> r.id().equals(entry.id()))
        .flatMap(r -> r.successor().stream())
        .flatMap(
            successor ->
                FormerPrimary.of(manager.topology(), entry.opened().said().failed(), successor)
                    .stream())
        .findFirst();
  }

  private Answer recovery(Arguments with, By by) throws BadArgument, RequestRefused {
    RecoveryBook.Entry entry = entry(with.recovery("recovery"));
    Optional<FormerPrimary> former = former(entry);
    return Answer.ok(
        RecoveryJson.recovery(entry, former), ink -> new RecoveryText(ink).report(entry, former));
  }

  private RecoveryBook.Entry entry(RecoveryId id) throws RequestRefused {
    return manager
        .recoveries()
        .find(id)
        .orElseThrow(
            () -> new RequestRefused(RequestRefused.Kind.UNKNOWN, "no recovery is called " + id));
  }

  private RecoveryId known(RecoveryId id) throws RequestRefused {
    if (manager.state().recoveries().open().containsKey(id)) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED,
          "recovery " + id + " is under way: it can be acknowledged when it has ended");
    }
    return entry(id).id();
  }

  private Answer turn(Arguments with, By by, boolean on) throws BadArgument, RequestRefused {
    Optional<String> hint = with.text("cluster");
    Optional<ClusterId> cluster =
        hint.isPresent() ? Optional.of(manager.registry().cluster(hint.get())) : Optional.empty();
    manager.request(new Command.SwitchRecovery(cluster, with.kind("kind"), on), by);
    return switches();
  }

  private Answer halt(By by, boolean halted) throws RequestRefused {
    manager.request(new Command.HaltRecoveries(halted), by);
    return switches();
  }

  private Answer switches() {
    Recoveries now = manager.state().recoveries();
    return Answer.ok(RecoveryJson.switches(now), ink -> new RecoveryText(ink).switches(now));
  }

  private Answer acknowledgeCluster(Arguments with, By by) throws RequestRefused {
    ClusterId cluster = manager.registry().cluster(with.text("cluster").orElseThrow());
    EndedRecovery ended = manager.state().recoveries().ended().get(cluster);
    return acknowledge(ended == null ? List.of() : List.of(ended.id()), with, by);
  }

  private Answer acknowledge(List<RecoveryId> ids, Arguments with, By by) throws RequestRefused {
    if (!ids.isEmpty()) {
      manager.request(
          new Command.AcknowledgeRecoveries(ids, with.text("comment").orElseThrow()), by);
    }
    List<String> names = ids.stream().map(RecoveryId::text).toList();
    return Answer.ok(
        Map.of("acknowledged", names),
        ink ->
            names.isEmpty()
                ? "There is nothing to acknowledge.\n"
                : "Acknowledged: " + String.join(", ", names) + "\n");
  }
}
