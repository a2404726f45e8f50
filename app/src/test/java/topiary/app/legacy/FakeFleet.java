package topiary.app.legacy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.execute.Outcome;
import topiary.engine.intent.Intent;
import topiary.engine.manager.By;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Undoing;
import topiary.engine.state.PlanEnd;

/** A fleet that stands still, notes what is asked of it, and refuses on request. */
final class FakeFleet implements Fleetview {

  Topology topology;
  Map<InstanceKey, InstanceKey> names = Map.of();
  boolean active = true;
  Optional<RuntimeException> storeTrouble = Optional.empty();
  Optional<RequestRefused> refusal = Optional.empty();
  Outcome outcome = new Outcome(PlanEnd.DONE, "Done.");
  final List<String> asked = new ArrayList<>();

  FakeFleet(Topology topology) {
    this.topology = topology;
  }

  @Override
  public Topology topology() {
    return topology;
  }

  @Override
  public InstanceKey real(InstanceKey name) {
    return names.getOrDefault(name, name);
  }

  @Override
  public Duration pollInterval() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Instance discover(InstanceKey key, By by) throws RequestRefused {
    asked.add("discover " + key + " for " + by.actor());
    refuse();
    return topology.instance(key).orElseThrow();
  }

  @Override
  public void refresh(InstanceKey key) {
    asked.add("refresh " + key);
  }

  @Override
  public void forget(InstanceKey key, By by) throws RequestRefused {
    asked.add("forget " + key + " for " + by.actor());
    refuse();
  }

  @Override
  public PlanResult plan(Intent intent) {
    asked.add("plan " + intent.words());
    return refusal
        .map(r -> (PlanResult) new PlanResult.Refused(r.getMessage()))
        .orElseGet(
            () ->
                new PlanResult.Planned(
                    new Plan(
                        intent,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new Undoing(intent, List.of()))));
  }

  @Override
  public Outcome carryOut(Intent intent, By by) throws RequestRefused {
    asked.add(intent.words() + " for " + by.actor());
    refuse();
    return outcome;
  }

  @Override
  public boolean active() {
    return active;
  }

  @Override
  public void checkStore() {
    if (storeTrouble.isPresent()) {
      throw storeTrouble.get();
    }
  }

  private void refuse() throws RequestRefused {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }
}
