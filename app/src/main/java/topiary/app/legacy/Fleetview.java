package topiary.app.legacy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.execute.Outcome;
import topiary.engine.intent.Intent;
import topiary.engine.manager.By;
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
import topiary.engine.state.Command;
import topiary.engine.state.Recoveries;

/** All that this package needs of a manager; narrow, so that its tests need no servers. */
interface Fleetview {

  Topology topology();

  /** The name the server behind a name is known by; a stranger's is left as it is. */
  InstanceKey real(InstanceKey name);

  /** What people say of servers and clusters. */
  Registry registry();

  /** From one look at a server to the next. */
  Duration pollInterval();

  /** Looks at a server and takes it in. */
  Instance discover(InstanceKey key, By by) throws RequestRefused;

  /** Looks again at a server that is known; the topology has what was seen. */
  void refresh(InstanceKey key) throws RequestRefused;

  void forget(InstanceKey key, By by) throws RequestRefused;

  /** The statements that run for so long on a server that is known, the longest first. */
  List<LongQuery> longQueries(InstanceKey key, int seconds) throws RequestRefused;

  /** The binary logs that hold the errant transactions of a server that is known. */
  ErrantLogs errantLogs(InstanceKey key) throws RequestRefused;

  /** What would be done, on a fresh look. */
  PlanResult plan(Intent intent) throws RequestRefused;

  /** Plans, runs, and waits for the end. */
  Outcome carryOut(Intent intent, By by) throws RequestRefused, InterruptedException;

  /** What is found, by server; of those that are well nothing. */
  SortedMap<InstanceKey, Judgement> findings();

  /** All that judgement rests on, as it is now. */
  World world();

  /** Which recoveries are under way, and which may begin by themselves. */
  Recoveries recoveries();

  /** How dead servers are recovered. */
  RecoveryPolicy recoveryPolicy();

  /** The recoveries that were. */
  RecoveryBook recoveryBook();

  /** Says which recoveries begin by themselves, or that some were seen to. */
  void request(Command.Recovering command, By by) throws RequestRefused;

  /**
   * Has a server that does not answer recovered, and waits for the end.
   *
   * @param wanted who is to take its place; empty for whoever suits best
   * @param skipHooks whether no hooks are run for it
   * @return what came of it; empty where nothing is kept
   */
  Optional<RecoveryBook.Entry> recover(
      InstanceKey failed, Optional<InstanceKey> wanted, boolean skipHooks, By by)
      throws RequestRefused, InterruptedException;

  /**
   * The same of a primary that may answer, as if it were dead.
   *
   * @see #recover
   */
  Optional<RecoveryBook.Entry> failOver(InstanceKey primary, Optional<InstanceKey> wanted, By by)
      throws RequestRefused, InterruptedException;

  /**
   * Has a replica take over from its primary, which lives, and waits for the end.
   *
   * @return what came of it; empty where nothing is kept
   */
  Optional<RecoveryBook.Entry> takeOver(InstanceKey successor, InstanceKey primary, By by)
      throws RequestRefused, InterruptedException;

  /**
   * Tells applications once more where to write.
   *
   * @param only of this cluster; empty for all
   * @return all keys and values that were told
   */
  SortedMap<String, String> submitPrimaries(Optional<ClusterId> only, By by) throws RequestRefused;

  /** Whether this node is the one that acts. */
  boolean active();

  /**
   * Touches the durable side.
   *
   * @throws RuntimeException when it does not answer
   */
  void checkStore();
}
