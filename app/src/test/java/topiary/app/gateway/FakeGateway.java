package topiary.app.gateway;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import topiary.app.json.BadField;
import topiary.app.json.Json;
import topiary.app.json.PlanJson;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.PlanResult;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.said.Attribute;
import topiary.engine.said.OfServer;

/** A node that is not there: it plans as a real one does, and runs as the test says. */
public final class FakeGateway implements Gateway {

  /** What it warns of. */
  public String warnings = "";

  public static final PlanId RUN = new PlanId("p0123456789ab");

  /** What was asked of it, in order. */
  public final List<String> asked = new ArrayList<>();

  /** What following the run answers, one by one; the last for ever. */
  public final Deque<RunView> runs = new ArrayDeque<>();

  /** What the next deed fails with, once. */
  public Optional<GatewayException> refusal = Optional.empty();

  /** What is found of servers, told with whatever is told next. */
  public Map<InstanceKey, List<FindingView>> found = Map.of();

  /** What would come of a server's death. */
  public Optional<OutlookView> outlook = Optional.empty();

  /** How ready its clusters are. */
  public List<ReadinessView> readiness = List.of();

  /** What would stop a recovery, in whatever cluster. */
  public Optional<WhyNotView> whyNot = Optional.empty();

  /** What was recovered, newest first. */
  public List<RecoveryView> recoveries = List.of();

  /** What can be undone. */
  public Optional<Undoable> undoable = Optional.empty();

  /** What it knew at any time. */
  public Optional<Topology> past = Optional.empty();

  /** What is said of hosts. */
  public final List<Attribute> attributes = new ArrayList<>();

  /** What it saw change, newest first. */
  public List<Changed> changed = List.of();

  /** Since when it has a history; empty when it keeps none. */
  public Optional<Instant> since = Optional.empty();

  /** The cluster it is a node of. */
  public Optional<NodesSeen> nodes = Optional.empty();

  private Optional<Undoable> leaves = Optional.empty();

  /** Whether it is in this program. */
  public boolean here;

  private Consumer<Seen> listener = seen -> {};
  private Seen seen = Seen.NOTHING;

  /** Tells a topology. */
  public void tell(Topology topology, Instant at) {
    tell(topology, Map.of(), at);
  }

  /** Tells what is seen, and what people say of some of the servers. */
  public void tell(Topology topology, Map<InstanceKey, OfServer> said, Instant at) {
    Map<InstanceKey, ClusterId> names = new HashMap<>();
    topology.trees().stream()
        .flatMap(t -> t.members().stream().map(k -> Map.entry(k, t.head())))
        .forEach(
            e ->
                names.put(
                    e.getKey(),
                    new ClusterId(String.format("c%012x", e.getValue().hashCode() & 0xffffffL))));
    tell(topology, names, said, at);
  }

  /** Tells what is seen, of which cluster each server is, and what people say of some of them. */
  public void tell(
      Topology topology,
      Map<InstanceKey, ClusterId> names,
      Map<InstanceKey, OfServer> said,
      Instant at) {
    seen = new Seen(topology, names, said, found, Seen.Link.LIVE, Optional.of(at), "");
    listener.accept(seen);
  }

  /** Is gone. */
  public void lose(String why) {
    seen = seen.lost(why);
    listener.accept(seen);
  }

  public static RunView run(int version, int total, List<RunView.Step> steps, RunView.End end) {
    return new RunView(
        RUN, version, total, steps, Optional.ofNullable(end), end == null ? "" : "report " + end);
  }

  @Override
  public OutlookView whatIfDead(InstanceKey server) throws GatewayException {
    refuse();
    return outlook.orElseThrow();
  }

  @Override
  public List<ReadinessView> readiness() {
    return readiness;
  }

  @Override
  public WhyNotView whyNot(String cluster) throws GatewayException {
    refuse();
    return whyNot.orElseThrow();
  }

  @Override
  public List<RecoveryView> recoveries(int limit) throws GatewayException {
    refuse();
    return recoveries.stream().limit(limit).toList();
  }

  @Override
  public RecoveryView recovery(String id) throws GatewayException {
    refuse();
    return recoveries.stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
  }

  @Override
  public String warnings() {
    return warnings;
  }

  @Override
  public String address() {
    return "http://127.0.0.1:3000";
  }

  @Override
  public boolean here() {
    return here;
  }

  @Override
  public void listen(Consumer<Seen> to) {
    listener = to;
    to.accept(seen);
  }

  @Override
  public PlanView plan(Intent intent) throws GatewayException {
    asked.add("plan " + intent.words());
    leaves = Optional.empty();
    return switch (planned(intent)) {
      case PlanResult.Refused(String reason) ->
          throw new GatewayException(reason, GatewayException.Kind.REFUSED, null);
      case PlanResult.Planned(var plan) -> {
        if (!(intent instanceof Intent.Undo)) {
          leaves = Optional.of(new Undoable(RUN, plan.undoing().inverse()));
        }
        try {
          yield Decoder.plan(Decoder.object(Json.text(PlanJson.plan(plan, seen.topology()))));
        } catch (BadField | Json.BadJson e) {
          throw new AssertionError("a plan that cannot be read back", e);
        }
      }
    };
  }

  private PlanResult planned(Intent intent) {
    if (!(intent instanceof Intent.Undo)) {
      return result(intent);
    }
    Optional<PlanResult> back =
        undoable.map(Undoable::back).map(this::result).filter(PlanResult.Planned.class::isInstance);
    // A test that moves no server has nothing to lead back; any plan will do.
    return back.orElseGet(
        () -> result(new Intent.SetReadOnly(seen.topology().instances().firstKey(), true)));
  }

  private PlanResult result(Intent intent) {
    return new Planner(PlanPolicy.DEFAULT).plan(new World(seen.topology(), Map.of()), intent);
  }

  @Override
  public RunView apply(String fingerprint) throws GatewayException {
    asked.add("apply");
    refuse();
    return run(0, 9, List.of(), null);
  }

  @Override
  public RunView follow(PlanId run, int after) {
    RunView next = runs.size() > 1 ? runs.pop() : runs.getFirst();
    if (next.end().equals(Optional.of(RunView.End.DONE))) {
      undoable = leaves;
    }
    return next;
  }

  @Override
  public RunView cancel(PlanId run) {
    asked.add("cancel");
    return run(0, 9, List.of(), null);
  }

  @Override
  public Optional<Undoable> undoable() {
    return undoable;
  }

  @Override
  public InstanceKey discover(InstanceKey server) throws GatewayException {
    asked.add("discover " + server);
    refuse();
    return server;
  }

  @Override
  public void forget(InstanceKey server) throws GatewayException {
    asked.add("forget " + server);
    refuse();
  }

  @Override
  public void say(Operation operation, Map<String, String> arguments) throws GatewayException {
    asked.add(operation.name() + " " + new TreeMap<>(arguments));
    refuse();
  }

  private void refuse() throws GatewayException {
    if (refusal.isPresent()) {
      GatewayException no = refusal.get();
      refusal = Optional.empty();
      throw no;
    }
  }

  @Override
  public List<Attribute> attributes(String host) {
    return attributes.stream().filter(a -> a.host().equals(host)).toList();
  }

  @Override
  public void removeAttribute(String host, String name) throws GatewayException {
    asked.add("remove attribute " + name + " of " + host);
    refuse();
    attributes.removeIf(a -> a.host().equals(host) && a.name().equals(name));
  }

  @Override
  public Then at(Instant moment) throws GatewayException {
    asked.add("at " + moment);
    refuse();
    return past.map(topology -> new Then(moment, moment.minusSeconds(3), true, topology, Map.of()))
        .orElseThrow(
            () ->
                new GatewayException(
                    "this node keeps no history", GatewayException.Kind.REFUSED, null));
  }

  private List<Changed> changed(Instant from, Instant to) throws GatewayException {
    if (since.isEmpty()) {
      throw new GatewayException("this node keeps no history", GatewayException.Kind.REFUSED, null);
    }
    return changed.stream().filter(e -> !e.at().isBefore(from) && !e.at().isAfter(to)).toList();
  }

  @Override
  public List<Changed> changes(String cluster, Instant from, Instant to, int skip, int limit)
      throws GatewayException {
    asked.add("changes " + cluster + " to " + to + " skip " + skip);
    refuse();
    return changed(from, to).stream().skip(skip).limit(limit).toList();
  }

  @Override
  public Counted counted(String cluster, Optional<Instant> from, Instant to, int parts)
      throws GatewayException {
    Instant begin = from.or(() -> since).orElse(to);
    long part = Math.max(1, (to.toEpochMilli() - begin.toEpochMilli() + parts) / parts);
    var counts = new TreeMap<Instant, Integer>();
    changed(begin, to)
        .forEach(
            e ->
                counts.merge(
                    begin.plusMillis((e.at().toEpochMilli() - begin.toEpochMilli()) / part * part),
                    1,
                    Integer::sum));
    return new Counted(
        begin,
        to,
        since,
        counts.entrySet().stream().map(c -> new Counted.Count(c.getKey(), c.getValue())).toList());
  }

  @Override
  public Optional<NodesSeen> nodes() {
    return nodes;
  }

  @Override
  public void lead(String node) throws GatewayException {
    asked.add("lead " + node);
    refuse();
  }

  @Override
  public void stepDown() throws GatewayException {
    asked.add("step down");
    refuse();
  }

  @Override
  public void remove(String node) throws GatewayException {
    asked.add("remove " + node);
    refuse();
  }

  @Override
  public void close() {
    asked.add("close");
  }
}
