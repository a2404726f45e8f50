package topiary.engine.chaos;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import topiary.engine.fake.SharedLog;
import topiary.engine.manager.Manager;
import topiary.engine.model.InstanceKey;

/**
 * A tree of seven servers, {@code p(a(d(f),e),b,c)}, and two nodes that look after it over one log;
 * what operations are broken off on.
 */
interface Field {

  /** The address of a server. */
  InstanceKey key(String name);

  /** Does something where these servers are. */
  <T> T run(Callable<T> work) throws Exception;

  /**
   * Everybody stands as at first, and has been seen by both nodes, of which the first leads.
   *
   * @param what for this; what it takes to begin with is there
   */
  void begin(Cases.Case what) throws Exception;

  SharedLog log();

  /** The node that leads at first. */
  Manager a();

  /** The node that leads then. */
  Manager b();

  /** How everybody stands now. */
  Map<InstanceKey, Stand.Shape> shapes() throws Exception;

  /** What a server answers in a column of the first row; empty when there is none. */
  String ask(InstanceKey key, String sql, String column) throws Exception;

  /** What a report has to say of how a server stands now. */
  String sentence(InstanceKey key) throws Exception;

  /** Waits for a condition, and fails when it does not come true. */
  void await(BooleanSupplier condition, String otherwise);

  /** Sees that nothing is missing; an operation is over. */
  void level() throws Exception;

  /** What was wrong on the way, in sentences; once. */
  List<String> wrongs();
}
