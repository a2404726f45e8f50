package topiary.engine.finding;

import static topiary.engine.finding.Severity.FAILURE;
import static topiary.engine.finding.Severity.SUSPICION;
import static topiary.engine.finding.Severity.TROUBLE;
import static topiary.engine.finding.Severity.WARNING;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What there is to find. The words are orchestrator's where it knows the like of it, so that hooks,
 * scripts and alerts that go by them stay as they are.
 */
public enum Code {
  DEAD_MASTER(
      "DeadMaster", FAILURE, "the primary is dead, and none of its replicas is connected to it"),
  DEAD_MASTER_AND_SOME_REPLICAS(
      "DeadMasterAndSomeReplicas",
      FAILURE,
      "the primary is dead and some of its replicas do not answer; none of the others is connected"
          + " to it"),
  DEAD_MASTER_AND_REPLICAS(
      "DeadMasterAndReplicas",
      TROUBLE,
      "neither the primary nor any of its replicas answers: all of them are dead, or this node is"
          + " cut off from them"),
  DEAD_MASTER_WITHOUT_REPLICAS(
      "DeadMasterWithoutReplicas", TROUBLE, "the server is dead, and nobody replicates from it"),
  UNREACHABLE_MASTER_WITH_LAGGING_REPLICAS(
      "UnreachableMasterWithLaggingReplicas",
      SUSPICION,
      "the primary does not answer and all of its replicas are late: what they still apply hides"
          + " that they get nothing new"),
  UNREACHABLE_MASTER(
      "UnreachableMaster",
      SUSPICION,
      "the primary does not answer, and it is not certain that it is dead"),
  LOCKED_SEMI_SYNC_MASTER(
      "LockedSemiSyncMaster",
      FAILURE,
      "the primary's commits wait for more semi-synchronous replicas than are connected, and"
          + " nothing has been written for too long"),
  LOCKED_SEMI_SYNC_MASTER_HYPOTHESIS(
      "LockedSemiSyncMasterHypothesis",
      SUSPICION,
      "the primary's commits wait for more semi-synchronous replicas than are connected"),
  MASTER_WITH_TOO_MANY_SEMI_SYNC_REPLICAS(
      "MasterWithTooManySemiSyncReplicas",
      FAILURE,
      "more semi-synchronous replicas are connected to the primary than it waits for, and exactly"
          + " as many are wanted"),
  NO_WRITEABLE_MASTER(
      "NoWriteableMasterStructureWarning",
      FAILURE,
      "the primary is read-only, and it is to be made writeable when that is found"),
  MASTER_SINGLE_REPLICA_NOT_REPLICATING(
      "MasterSingleReplicaNotReplicating",
      TROUBLE,
      "the only replica of the primary does not replicate"),
  MASTER_SINGLE_REPLICA_DEAD(
      "MasterSingleReplicaDead", TROUBLE, "the only replica of the primary does not answer"),
  ALL_MASTER_REPLICAS_NOT_REPLICATING(
      "AllMasterReplicasNotReplicating", TROUBLE, "no replica of the primary replicates"),
  ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD(
      "AllMasterReplicasNotReplicatingOrDead",
      TROUBLE,
      "no replica of the primary replicates, and some do not answer"),
  DEAD_CO_MASTER(
      "DeadCoMaster",
      FAILURE,
      "one of two primaries that replicate from each other is dead, and none of its replicas is"
          + " connected to it"),
  DEAD_CO_MASTER_AND_SOME_REPLICAS(
      "DeadCoMasterAndSomeReplicas",
      FAILURE,
      "one of two primaries that replicate from each other is dead and some of its replicas do not"
          + " answer; none of the others is connected to it"),
  UNREACHABLE_CO_MASTER(
      "UnreachableCoMaster",
      SUSPICION,
      "one of two primaries that replicate from each other does not answer, and it is not certain"
          + " that it is dead"),
  ALL_CO_MASTER_REPLICAS_NOT_REPLICATING(
      "AllCoMasterReplicasNotReplicating",
      TROUBLE,
      "no replica of one of two primaries that replicate from each other replicates"),
  DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT(
      "DeadIntermediateMasterWithSingleReplicaFailingToConnect",
      FAILURE,
      "a source below the primary is dead, and its only replica cannot connect to it"),
  DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA(
      "DeadIntermediateMasterWithSingleReplica",
      TROUBLE,
      "a source below the primary is dead, and its only replica does not replicate"),
  DEAD_INTERMEDIATE_MASTER(
      "DeadIntermediateMaster",
      FAILURE,
      "a source below the primary is dead, and none of its replicas is connected to it"),
  DEAD_INTERMEDIATE_MASTER_AND_SOME_REPLICAS(
      "DeadIntermediateMasterAndSomeReplicas",
      FAILURE,
      "a source below the primary is dead and some of its replicas do not answer; none of the"
          + " others is connected to it"),
  DEAD_INTERMEDIATE_MASTER_AND_REPLICAS(
      "DeadIntermediateMasterAndReplicas",
      TROUBLE,
      "neither a source below the primary nor any of its replicas answers"),
  UNREACHABLE_INTERMEDIATE_MASTER_WITH_LAGGING_REPLICAS(
      "UnreachableIntermediateMasterWithLaggingReplicas",
      SUSPICION,
      "a source below the primary does not answer, and all of its replicas are late"),
  UNREACHABLE_INTERMEDIATE_MASTER(
      "UnreachableIntermediateMaster",
      SUSPICION,
      "a source below the primary does not answer, and it is not certain that it is dead"),
  ALL_INTERMEDIATE_MASTER_REPLICAS_FAILING_TO_CONNECT_OR_DEAD(
      "AllIntermediateMasterReplicasFailingToConnectOrDead",
      FAILURE,
      "a source below the primary answers here, and none of its replicas can connect to it"),
  ALL_INTERMEDIATE_MASTER_REPLICAS_NOT_REPLICATING(
      "AllIntermediateMasterReplicasNotReplicating",
      TROUBLE,
      "no replica of a source below the primary replicates"),
  BINLOG_SERVER_FAILING_TO_CONNECT_TO_MASTER(
      "BinlogServerFailingToConnectToMaster",
      TROUBLE,
      "a binlog server cannot connect to its source"),
  FIRST_TIER_REPLICA_FAILING_TO_CONNECT_TO_MASTER(
      "FirstTierReplicaFailingToConnectToMaster",
      TROUBLE,
      "a replica cannot connect to the primary"),
  DEAD_REPLICATION_GROUP_MEMBER_WITH_REPLICAS(
      "DeadReplicationGroupMemberWithReplicas",
      FAILURE,
      "a member of a replication group is dead, and none of its replicas is connected to it"),

  NO_LOGGING_REPLICAS(
      "NoLoggingReplicasStructureWarning",
      WARNING,
      "no replica of the primary logs what it replicates, so that none could take its place"),
  NO_FAILOVER_SUPPORT(
      "NoFailoverSupportStructureWarning",
      WARNING,
      "not all replicas of the primary find their place by GTID"),
  STATEMENT_AND_MIXED_LOGGING_REPLICAS(
      "StatementAndMixedLoggingReplicasStructureWarning",
      WARNING,
      "some replicas of the primary log statements, others in mixed format"),
  STATEMENT_AND_ROW_LOGGING_REPLICAS(
      "StatementAndRowLoggingReplicasStructureWarning",
      WARNING,
      "some replicas of the primary log statements, others rows"),
  MIXED_AND_ROW_LOGGING_REPLICAS(
      "MixedAndRowLoggingReplicasStructureWarning",
      WARNING,
      "some replicas of the primary log in mixed format, others rows"),
  MULTIPLE_MAJOR_VERSIONS_LOGGING_REPLICAS(
      "MultipleMajorVersionsLoggingReplicasStructureWarning",
      WARNING,
      "the replicas of the primary that could take its place run different versions"),
  DIFFERENT_GTID_MODES(
      "DifferentGTIDModesStructureWarning",
      WARNING,
      "the server and its replicas are in different GTID modes"),
  ERRANT_GTID(
      "ErrantGTIDStructureWarning",
      WARNING,
      "a replica has transactions that its source does not have, or a former primary some that the"
          + " one in its place does not have"),
  NO_WRITEABLE_MASTER_WARNING(
      "NoWriteableMasterStructureWarning", WARNING, "the primary is read-only"),
  NOT_ENOUGH_VALID_SEMI_SYNC_REPLICAS(
      "NotEnoughValidSemiSyncReplicasStructureWarning",
      WARNING,
      "the primary is to wait for more semi-synchronous replicas than are connected, and has gone"
          + " on without"),

  REPLICATION_PARTITION(
      "ReplicationPartition",
      TROUBLE,
      "the server answers here, and its replicas cannot reach it: the network between them is cut"),
  SOLE_SEMI_SYNC_REPLICA_LOST(
      "SoleSemiSyncReplicaLost",
      TROUBLE,
      "so many semi-synchronous replicas do not replicate that the primary's commits are"
          + " acknowledged by fewer than it is to wait for"),
  NO_CANDIDATE(
      "NoCandidate", WARNING, "no replica of the primary could take its place if it died now"),
  DIVERGED_GTID(
      "DivergedGTID", TROUBLE, "a replica has transactions of its source that its source has lost"),
  TWO_WRITABLE_PRIMARIES(
      "TwoWritablePrimaries",
      TROUBLE,
      "both of two primaries that replicate from each other take writes"),
  DUPLICATE_SERVER_UUID("DuplicateServerUuid", TROUBLE, "two servers have the same server_uuid"),
  DUPLICATE_SERVER_ID(
      "DuplicateServerId",
      TROUBLE,
      "two servers of a tree have the same server_id, so that replication between them leaves out"
          + " what the other has written"),
  DRIFTED_SETTINGS(
      "DriftedSettings",
      WARNING,
      "a replica that could take the primary's place is set otherwise than the primary"),
  HALF_ANSWERING(
      "HalfAnswering",
      TROUBLE,
      "the server answers some questions and leaves another unanswered: a full disk holds it up, or"
          + " a lock"),
  DISK_FULL(
      "DiskFull",
      TROUBLE,
      "a replica receives nothing more of what is written: it waits for space on its disk"),
  BOOTS_WRITABLE(
      "BootsWritable",
      WARNING,
      "a replica is read-only now, and would take writes after a restart as far as it tells");

  private static final Map<String, Code> BY_WORD =
      Arrays.stream(values())
          .filter(code -> code != NO_WRITEABLE_MASTER_WARNING)
          .collect(Collectors.toMap(Code::word, Function.identity()));

  private final String word;
  private final Severity severity;
  private final String words;

  Code(String word, Severity severity, String words) {
    this.word = word;
    this.severity = severity;
    this.words = words;
  }

  /** As hooks, scripts and APIs know it, for example {@code DeadMaster}. */
  public String word() {
    return word;
  }

  public Severity severity() {
    return severity;
  }

  /** What it means, in a sentence without a full stop. */
  public String words() {
    return words;
  }

  /** Whether a recovery would be due. */
  public boolean actionable() {
    return severity == Severity.FAILURE;
  }

  /** The code that is known by a word. */
  public static Optional<Code> of(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }
}
