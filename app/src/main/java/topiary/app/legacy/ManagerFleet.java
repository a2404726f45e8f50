package topiary.app.legacy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.execute.Outcome;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.Reshaping;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.Registry;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Topology;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.probe.ErrantLogs;
import topiary.engine.recovery.Automatic;
import topiary.engine.state.Command;
import topiary.engine.state.Recoveries;

/** The fleet of a manager in this process. */
final class ManagerFleet implements Fleetview {

  /** How often it is looked whether a recovery has ended. */
  private static final long GLANCE_MILLIS = 20;

  private final Manager manager;

  ManagerFleet(Manager manager) {
    this.manager = manager;
  }

  @Override
  public Topology topology() {
    return manager.topology();
  }

  @Override
  public InstanceKey real(InstanceKey name) {
    return manager.real(name);
  }

  @Override
  public Registry registry() {
    return manager.registry();
  }

  @Override
  public Duration pollInterval() {
    return manager.policies().probe().interval();
  }

  @Override
  public Instance discover(InstanceKey key, By by) throws RequestRefused {
    return manager.discover(key, by);
  }

  @Override
  public void refresh(InstanceKey key) throws RequestRefused {
    manager.refresh(key);
  }

  @Override
  public void forget(InstanceKey key, By by) throws RequestRefused {
    manager.forget(key, by);
  }

  @Override
  public ErrantLogs errantLogs(InstanceKey key) throws RequestRefused {
    return manager.errantLogs(key);
  }

  @Override
  public List<LongQuery> longQueries(InstanceKey key, int seconds) throws RequestRefused {
    return manager.longQueries(key, seconds);
  }

  @Override
  public PlanResult plan(Intent intent) throws RequestRefused {
    return manager.plan(intent);
  }

  @Override
  public Outcome carryOut(Intent intent, By by) throws RequestRefused, InterruptedException {
    return manager.applyNow(intent, by).await();
  }

  @Override
  public SortedMap<InstanceKey, Judgement> findings() {
    return manager.findings();
  }

  @Override
  public World world() {
    return manager.world();
  }

  @Override
  public Recoveries recoveries() {
    return Automatic.all(manager.world(), manager.state(), recoveryPolicy());
  }

  @Override
  public RecoveryPolicy recoveryPolicy() {
    return manager.policies().recovery();
  }

  @Override
  public RecoveryBook recoveryBook() {
    return manager.recoveries();
  }

  @Override
  public void request(Command.Recovering command, By by) throws RequestRefused {
    manager.request(command, by);
  }

  @Override
  public Optional<RecoveryBook.Entry> recover(
      InstanceKey failed, Optional<InstanceKey> wanted, boolean skipHooks, By by)
      throws RequestRefused, InterruptedException {
    return ended(manager.recover(failed, wanted, skipHooks, by));
  }

  @Override
  public Optional<RecoveryBook.Entry> failOver(
      InstanceKey primary, Optional<InstanceKey> wanted, By by)
      throws RequestRefused, InterruptedException {
    return ended(manager.failOver(primary, wanted, by));
  }

  @Override
  public Optional<RecoveryBook.Entry> takeOver(InstanceKey successor, InstanceKey primary, By by)
      throws RequestRefused, InterruptedException {
    var how = new Reshaping.TakeOver(Optional.of(primary), List.of(), false);
    return ended(manager.takeOver(successor, how, by));
  }

  private Optional<RecoveryBook.Entry> ended(RecoveryId id) throws InterruptedException {
    // It may go on at another node, which writes its end into the log that this one follows.
    while (manager.state().recoveries().open().containsKey(id)) {
      Thread.sleep(GLANCE_MILLIS);
    }
    return recoveryBook().latest(Optional.of(id.text()), 1).stream().findFirst();
  }

  @Override
  public SortedMap<String, String> submitPrimaries(Optional<ClusterId> only, By by)
      throws RequestRefused {
    var told = new TreeMap<String, String>();
    manager
        .primaries()
        .submit(only, by)
        .forEach(cluster -> told.putAll(manager.primaries().keyValues(cluster)));
    return told;
  }

  /** A node by itself always is; who leads among several is raft's to say. */
  @Override
  public boolean active() {
    return true;
  }

  @Override
  public void checkStore() {
    manager.journal().latest(1);
  }
}
