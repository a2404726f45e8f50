package topiary.engine.analysis;

import java.util.Optional;
import topiary.engine.finding.Code;

/** orchestrator's table of conditions, first match first, as the rules are to agree with it. */
final class Table {

  private Table() {}

  static Optional<Code> code(Situation s) {
    boolean m = s.primary();
    boolean c = s.coPrimary();
    boolean ok = s.ok();
    boolean ps = s.partial();
    int n = s.all();
    int v = s.valid();
    int r = s.replicating();
    int f = s.failing();
    boolean waits = s.waits();
    int clients = s.waiting().clients();
    int wait = s.waiting().waitFor();
    Code code = null;
    if (m && !ok && n == 0) {
      code = Code.DEAD_MASTER_WITHOUT_REPLICAS;
    } else if (m && !ok && v == n && r == 0) {
      code = Code.DEAD_MASTER;
    } else if (m && !ok && n > 0 && v == 0 && r == 0) {
      code = Code.DEAD_MASTER_AND_REPLICAS;
    } else if (m && !ok && v < n && v > 0 && r == 0) {
      code = Code.DEAD_MASTER_AND_SOME_REPLICAS;
    } else if (m && !ok && s.lagging() == n && s.delayed() < n && r > 0) {
      code = Code.UNREACHABLE_MASTER_WITH_LAGGING_REPLICAS;
    } else if (m && !ok && !ps && v > 0 && r > 0) {
      code = Code.UNREACHABLE_MASTER;
    } else if (m && !ok && ps && f > 0 && v > 0 && r > 0) {
      code = Code.UNREACHABLE_MASTER;
    } else if (m && waits && clients < wait) {
      code =
          s.writesNothing()
              ? Code.LOCKED_SEMI_SYNC_MASTER
              : Code.LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS;
    } else if (s.policy().exactSemiSync() && m && waits && clients > wait) {
      code = Code.MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS;
    } else if (m && ok && s.readOnly() && r > 0 && s.policy().recoverReadOnly()) {
      code = Code.NO_WRITEABLE_MASTER;
    } else if (m && ok && n == 1 && v == n && r == 0) {
      code = Code.MASTER_SINGLE_REPLICA_NOT_REPLICATING;
    } else if (m && ok && n == 1 && v == 0) {
      code = Code.MASTER_SINGLE_REPLICA_DEAD;
    } else if (m && ok && n > 1 && v == n && r == 0) {
      code = Code.ALL_MASTER_REPLICAS_NOT_REPLICATING;
    } else if (m && ok && n > 1 && v < n && v > 0 && r == 0) {
      code = Code.ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD;
    } else if (c && !ok && n > 0 && v == n && r == 0) {
      code = Code.DEAD_CO_MASTER;
    } else if (c && !ok && n > 0 && v < n && v > 0 && r == 0) {
      code = Code.DEAD_CO_MASTER_AND_SOME_REPLICAS;
    } else if (c && !ok && !ps && v > 0 && r > 0) {
      code = Code.UNREACHABLE_CO_MASTER;
    } else if (c && ok && n > 0 && r == 0) {
      code = Code.ALL_CO_MASTER_REPLICAS_NOT_REPLICATING;
    } else if (!m && !ok && n == 1 && v == n && f == n && r == 0) {
      code = Code.DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT;
    } else if (!m && !ok && n == 1 && v == n && r == 0) {
      code = Code.DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA;
    } else if (!m && !ok && n > 1 && v == n && r == 0) {
      code = Code.DEAD_INTERMEDIATE_MASTER;
    } else if (!m && !ok && v < n && v > 0 && r == 0) {
      code = Code.DEAD_INTERMEDIATE_MASTER_AND_SOME_REPLICAS;
    } else if (!m && !ok && n > 0 && v == 0) {
      code = Code.DEAD_INTERMEDIATE_MASTER_AND_REPLICAS;
    } else if (!m && !ok && s.lagging() == n && s.delayed() < n && r > 0) {
      code = Code.UNREACHABLE_INTERMEDIATE_MASTER_WITH_LAGGING_REPLICAS;
    } else if (!m && !ok && !ps && v > 0 && r > 0) {
      code = Code.UNREACHABLE_INTERMEDIATE_MASTER;
    } else if (!m && ok && n > 1 && r == 0 && f > 0 && f == v) {
      code = Code.ALL_INTERMEDIATE_MASTER_REPLICAS_FAILING_TO_CONNECT_OR_DEAD;
    } else if (!m && ok && n > 0 && v > 0 && r == 0) {
      code = Code.ALL_INTERMEDIATE_MASTER_REPLICAS_NOT_REPLICATING;
    } else if (s.binlogServer() && s.failingToConnect()) {
      code = Code.BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER;
    } else if (s.depth() == 1 && s.failingToConnect()) {
      code = Code.FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER;
    }
    return Optional.ofNullable(code);
  }
}
