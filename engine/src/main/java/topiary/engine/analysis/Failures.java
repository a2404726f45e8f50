package topiary.engine.analysis;

import static topiary.engine.finding.Code.*;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import topiary.engine.finding.Code;

/**
 * When a server's place in its tree fails: of all that is so, that which no other takes the place
 * of. Conditions and codes are orchestrator's but for how a server is known to be dead ({@link
 * Doubt}): silence counts after a while only, and only if a replica confirms it, where there is one
 * that could.
 */
final class Failures {

  private static final List<Sign> SIGNS =
      List.of(
          // The primary is gone.
          Sign.of(DEAD_MASTER_WITHOUT_REPLICAS, s -> s.primary() && s.dead() && s.all() == 0)
              .over(
                  LOCKED_SEMI_SYNC_MASTER,
                  LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS,
                  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS),
          Sign.of(DEAD_MASTER, s -> s.primary() && deadAndLeft(s) && s.valid() == s.all())
              .over(
                  LOCKED_SEMI_SYNC_MASTER,
                  LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS,
                  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS),
          Sign.of(DEAD_MASTER_AND_REPLICAS, s -> s.primary() && s.dead() && allSilent(s))
              .over(
                  LOCKED_SEMI_SYNC_MASTER,
                  LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS,
                  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS),
          Sign.of(
                  DEAD_MASTER_AND_SOME_REPLICAS,
                  s -> s.primary() && deadAndLeft(s) && s.valid() < s.all())
              .over(
                  LOCKED_SEMI_SYNC_MASTER,
                  LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS,
                  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS),
          Sign.of(UNREACHABLE_MASTER_WITH_LAGGING_REPLICAS, s -> s.primary() && hidden(s))
              .over(
                  UNREACHABLE_MASTER,
                  LOCKED_SEMI_SYNC_MASTER,
                  LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS,
                  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS),
          Sign.of(
                  UNREACHABLE_MASTER,
                  s ->
                      s.primary()
                          && (stillFollowed(s) && (!s.partial() || s.failing() > 0)
                              || unsure(s) && !stillFollowed(s)))
              .over(
                  LOCKED_SEMI_SYNC_MASTER,
                  LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS,
                  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS),
          // The primary is there.
          Sign.of(LOCKED_SEMI_SYNC_MASTER, s -> locked(s) && s.writesNothing())
              .over(
                  NO_WRITEABLE_MASTER,
                  MASTER_SINGLE_REPLICA_NOT_REPLICATING,
                  MASTER_SINGLE_REPLICA_DEAD,
                  ALL_MASTER_REPLICAS_NOT_REPLICATING,
                  ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD),
          Sign.of(LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS, s -> locked(s) && !s.writesNothing())
              .over(
                  NO_WRITEABLE_MASTER,
                  MASTER_SINGLE_REPLICA_NOT_REPLICATING,
                  MASTER_SINGLE_REPLICA_DEAD,
                  ALL_MASTER_REPLICAS_NOT_REPLICATING,
                  ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD),
          Sign.of(
                  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS,
                  s ->
                      s.policy().exactSemiSync()
                          && s.primary()
                          && s.waits()
                          && s.waiting().clients() > s.waiting().waitFor())
              .over(
                  NO_WRITEABLE_MASTER,
                  MASTER_SINGLE_REPLICA_NOT_REPLICATING,
                  MASTER_SINGLE_REPLICA_DEAD,
                  ALL_MASTER_REPLICAS_NOT_REPLICATING,
                  ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD),
          Sign.of(
              NO_WRITEABLE_MASTER,
              s ->
                  s.policy().recoverReadOnly()
                      && s.primary()
                      && s.ok()
                      && s.readOnly()
                      && s.replicating() > 0),
          Sign.of(
              MASTER_SINGLE_REPLICA_NOT_REPLICATING,
              s -> s.primary() && s.ok() && s.all() == 1 && s.valid() == 1 && nobodyFollows(s)),
          Sign.of(
              MASTER_SINGLE_REPLICA_DEAD,
              s -> s.primary() && s.ok() && s.all() == 1 && s.valid() == 0),
          Sign.of(
              ALL_MASTER_REPLICAS_NOT_REPLICATING,
              s ->
                  s.primary() && s.ok() && s.all() > 1 && s.valid() == s.all() && nobodyFollows(s)),
          Sign.of(
              ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD,
              s ->
                  s.primary()
                      && s.ok()
                      && s.all() > 1
                      && s.valid() < s.all()
                      && s.valid() > 0
                      && nobodyFollows(s)),
          // One of two primaries.
          Sign.of(DEAD_CO_MASTER, s -> co(s) && deadAndLeft(s) && s.valid() == s.all())
              .over(
                  DEAD_INTERMEDIATE_MASTER,
                  DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA,
                  DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT,
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(DEAD_CO_MASTER_AND_SOME_REPLICAS, s -> co(s) && deadAndLeft(s) && someSilent(s))
              .over(
                  DEAD_INTERMEDIATE_MASTER_AND_SOME_REPLICAS,
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
                  UNREACHABLE_CO_MASTER,
                  s ->
                      co(s) && (stillFollowed(s) && !s.partial() || unsure(s) && !stillFollowed(s)))
              .over(
                  UNREACHABLE_INTERMEDIATE_MASTER_WITH_LAGGING_REPLICAS,
                  UNREACHABLE_INTERMEDIATE_MASTER,
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
                  ALL_CO_MASTER_REPLICAS_NOT_REPLICATING,
                  s -> co(s) && s.ok() && s.all() > 0 && nobodyFollows(s))
              .over(
                  ALL_INTERMEDIATE_MASTER_REPLICAS_FAILING_TO_CONNECT_OR_DEAD,
                  ALL_INTERMEDIATE_MASTER_REPLICAS_NOT_REPLICATING,
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          // A source below the primary.
          Sign.of(
                  DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT,
                  s -> below(s) && singleLeft(s) && s.failing() == 1)
              .over(
                  DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA,
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA, s -> below(s) && singleLeft(s))
              .over(
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
                  DEAD_INTERMEDIATE_MASTER,
                  s -> below(s) && deadAndLeft(s) && s.all() > 1 && s.valid() == s.all())
              .over(
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
                  DEAD_INTERMEDIATE_MASTER_AND_SOME_REPLICAS,
                  s -> below(s) && deadAndLeft(s) && someSilent(s))
              .over(
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(DEAD_INTERMEDIATE_MASTER_AND_REPLICAS, s -> below(s) && s.dead() && allSilent(s))
              .over(
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(UNREACHABLE_INTERMEDIATE_MASTER_WITH_LAGGING_REPLICAS, s -> below(s) && hidden(s))
              .over(
                  UNREACHABLE_INTERMEDIATE_MASTER,
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
                  UNREACHABLE_INTERMEDIATE_MASTER,
                  s ->
                      below(s)
                          && (stillFollowed(s) && !s.partial() || unsure(s) && !stillFollowed(s)))
              .over(
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
                  ALL_INTERMEDIATE_MASTER_REPLICAS_FAILING_TO_CONNECT_OR_DEAD,
                  s ->
                      below(s)
                          && s.ok()
                          && s.all() > 1
                          && nobodyFollows(s)
                          && s.failing() > 0
                          && s.failing() == s.valid())
              .over(
                  ALL_INTERMEDIATE_MASTER_REPLICAS_NOT_REPLICATING,
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
                  ALL_INTERMEDIATE_MASTER_REPLICAS_NOT_REPLICATING,
                  s -> below(s) && s.ok() && s.valid() > 0 && nobodyFollows(s))
              .over(
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          // The server itself does not get on.
          Sign.of(
                  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER,
                  s -> s.failingToConnect() && s.binlogServer())
              .over(FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER),
          Sign.of(
              FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER,
              s -> s.failingToConnect() && s.depth() == 1));

  /** A group elects a new primary by itself. */
  private static final List<Sign> OF_GROUP_MEMBERS =
      List.of(
          Sign.of(
              DEAD_REPLICATION_GROUP_MEMBER_WITH_REPLICAS,
              s -> s.dead() && s.all() > 0 && nobodyFollows(s)));

  private Failures() {}

  /** What fails; empty when nothing does. */
  static Optional<Code> of(Situation s) {
    if (s.doubt() == Doubt.UNSEEN) {
      return Optional.empty();
    }
    Set<Code> so = null;
    Set<Code> taken = null;
    for (Sign sign : signs(s.groupMember())) {
      if (sign.when().test(s)) {
        if (so == null) {
          so = EnumSet.noneOf(Code.class);
          taken = EnumSet.noneOf(Code.class);
        }
        so.add(sign.code());
        taken.addAll(sign.over());
      }
    }
    if (so == null) {
      return Optional.empty();
    }
    so.removeAll(taken);
    // One is left: of any two that can be so at once, one takes the place of the other.
    return so.stream().findFirst();
  }

  /** What there is to find of a server, in no order. */
  static List<Sign> signs(boolean groupMember) {
    return groupMember ? OF_GROUP_MEMBERS : SIGNS;
  }

  private static boolean nobodyFollows(Situation s) {
    return s.replicating() == 0;
  }

  private static boolean allSilent(Situation s) {
    return s.all() > 0 && s.valid() == 0;
  }

  private static boolean someSilent(Situation s) {
    return s.valid() < s.all();
  }

  /** It is dead, and those of its replicas that answer, some at least, get nothing from it. */
  private static boolean deadAndLeft(Situation s) {
    return s.dead() && s.valid() > 0 && nobodyFollows(s);
  }

  private static boolean singleLeft(Situation s) {
    return s.dead() && s.all() == 1 && s.valid() == 1 && nobodyFollows(s);
  }

  /** It does not answer as it should, and somebody still gets something from it. */
  private static boolean stillFollowed(Situation s) {
    return !s.ok() && s.replicating() > 0;
  }

  /** It does not answer, it has replicas, and it is not certain to be dead. */
  private static boolean unsure(Situation s) {
    return s.doubtful() && s.all() > 0;
  }

  private static boolean hidden(Situation s) {
    return stillFollowed(s) && s.lagging() == s.all() && s.delayed() < s.all();
  }

  private static boolean locked(Situation s) {
    return s.primary() && s.waits() && s.waiting().clients() < s.waiting().waitFor();
  }

  private static boolean co(Situation s) {
    return !s.primary() && s.coPrimary();
  }

  private static boolean below(Situation s) {
    return !s.primary();
  }
}
