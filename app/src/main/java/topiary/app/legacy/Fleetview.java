package topiary.app.legacy;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.execute.Outcome;
import topiary.engine.intent.Intent;
import topiary.engine.manager.By;
import topiary.engine.manager.Registry;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Topology;
import topiary.engine.plan.PlanResult;
import topiary.engine.probe.ErrantLogs;

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

  /** Whether this node is the one that acts. */
  boolean active();

  /**
   * Touches the durable side.
   *
   * @throws RuntimeException when it does not answer
   */
  void checkStore();
}
