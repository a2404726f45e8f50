package topiary.app.desktop.trial;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import topiary.app.gateway.Changed;
import topiary.app.gateway.Counted;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.NodesSeen;
import topiary.app.gateway.OutlookView;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.ReadinessView;
import topiary.app.gateway.RecoveryView;
import topiary.app.gateway.RunView;
import topiary.app.gateway.Seen;
import topiary.app.gateway.Then;
import topiary.app.gateway.Undoable;
import topiary.app.gateway.WhyNotView;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.said.Attribute;

/** Tells of one topology, or what it is told to tell, and can do nothing. */
final class StillGateway implements Gateway {

  private final Seen first;
  private volatile Consumer<Seen> listener = seen -> {};

  StillGateway(Topology topology) {
    this(new Seen(topology, Map.of(), Seen.Link.LIVE, Optional.of(Instant.now()), ""));
  }

  StillGateway(Seen first) {
    this.first = first;
  }

  /** Tells something else. */
  void tell(Seen next) {
    listener.accept(next);
  }

  @Override
  public String address() {
    return first.topology().instances().size() + " servers that are not there";
  }

  @Override
  public boolean here() {
    return false;
  }

  @Override
  public void listen(Consumer<Seen> listener) {
    this.listener = listener;
    listener.accept(first);
  }

  private static GatewayException no() {
    return new GatewayException("these servers are not there", GatewayException.Kind.REFUSED, null);
  }

  @Override
  public PlanView plan(Intent intent) throws GatewayException {
    throw no();
  }

  @Override
  public RunView apply(String fingerprint) throws GatewayException {
    throw no();
  }

  @Override
  public Optional<Undoable> undoable() {
    return Optional.empty();
  }

  @Override
  public RunView follow(PlanId run, int after) throws GatewayException {
    throw no();
  }

  @Override
  public OutlookView whatIfDead(InstanceKey server) throws GatewayException {
    throw no();
  }

  @Override
  public List<ReadinessView> readiness() {
    return List.of();
  }

  @Override
  public WhyNotView whyNot(String cluster) throws GatewayException {
    throw no();
  }

  @Override
  public List<RecoveryView> recoveries(int limit) {
    return List.of();
  }

  @Override
  public RecoveryView recovery(String id) throws GatewayException {
    throw no();
  }

  @Override
  public RunView cancel(PlanId run) throws GatewayException {
    throw no();
  }

  @Override
  public InstanceKey discover(InstanceKey server) throws GatewayException {
    throw no();
  }

  @Override
  public void forget(InstanceKey server) throws GatewayException {
    throw no();
  }

  @Override
  public void say(Operation operation, Map<String, String> arguments) throws GatewayException {
    throw no();
  }

  @Override
  public List<Attribute> attributes(String host) {
    return List.of();
  }

  @Override
  public void removeAttribute(String host, String name) throws GatewayException {
    throw no();
  }

  @Override
  public Then at(Instant moment) throws GatewayException {
    throw no();
  }

  @Override
  public List<Changed> changes(String cluster, Instant from, Instant to, int skip, int limit)
      throws GatewayException {
    throw no();
  }

  @Override
  public Counted counted(String cluster, Optional<Instant> from, Instant to, int parts)
      throws GatewayException {
    throw no();
  }

  @Override
  public Optional<NodesSeen> nodes() {
    return Optional.empty();
  }

  @Override
  public void lead(String node) throws GatewayException {
    throw no();
  }

  @Override
  public void stepDown() throws GatewayException {
    throw no();
  }

  @Override
  public void remove(String node) throws GatewayException {
    throw no();
  }

  @Override
  public void close() {}
}
