package topiary.engine.analysis;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import topiary.engine.finding.Code;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;

/**
 * The numbers a judgement rests on, as orchestrator's analysis tells them.
 *
 * @param place where the server stands
 * @param replicas how many there are, and of which kind
 * @param logs how those of them log that log what they replicate
 * @param gtids how it and they use GTIDs
 * @param semiSync how it waits for acknowledgements
 * @param readOnly whether it refuses writes
 */
public record Figures(
    Place place,
    Replicas replicas,
    Logs logs,
    Gtids gtids,
    SemiSync.Source semiSync,
    boolean readOnly) {

  /** With all of a server's replicas in downtime, nobody is to act on these. */
  private static final Set<Code> OF_REPLICAS =
      EnumSet.of(
          Code.ALL_MASTER_REPLICAS_NOT_REPLICATING,
          Code.ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD,
          Code.MASTER_SINGLE_REPLICA_DEAD,
          Code.ALL_CO_MASTER_REPLICAS_NOT_REPLICATING,
          Code.DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA,
          Code.DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT,
          Code.DEAD_INTERMEDIATE_MASTER_AND_REPLICAS,
          Code.DEAD_INTERMEDIATE_MASTER_AND_SOME_REPLICAS,
          Code.ALL_INTERMEDIATE_MASTER_REPLICAS_FAILING_TO_CONNECT_OR_DEAD,
          Code.ALL_INTERMEDIATE_MASTER_REPLICAS_NOT_REPLICATING);

  /**
   * Where it stands.
   *
   * @param primary whether it is the head of its tree
   * @param groupMember whether a replication group has it
   * @param coPrimary whether it replicates from its own replica
   * @param binlogServer whether it is no database
   * @param valid whether its last look saw it
   * @param partial whether it answered only half
   * @param failingToConnect whether it cannot connect to its own source
   * @param depth how far it is from the head
   */
  public record Place(
      boolean primary,
      boolean groupMember,
      boolean coPrimary,
      boolean binlogServer,
      boolean valid,
      boolean partial,
      boolean failingToConnect,
      int depth) {}

  /**
   * Who replicates from it.
   *
   * @param keys all of them
   * @param valid how many were seen by their last look
   * @param replicating how many of those replicate
   * @param failing how many of those cannot connect to it
   * @param downtimed how many are in downtime
   * @param lagging how many are late
   * @param delayed how many are held back on purpose
   * @param acknowledging how many are to acknowledge
   */
  public record Replicas(
      List<InstanceKey> keys,
      int valid,
      int replicating,
      int failing,
      int downtimed,
      int lagging,
      int delayed,
      int acknowledging) {}

  /**
   * Replicas that log what they replicate.
   *
   * @param all how many
   * @param majors how many versions they run
   */
  public record Logs(int all, int statement, int mixed, int row, int majors) {}

  /**
   * GTIDs.
   *
   * @param mysql whether all valid replicas find their place by those of MySQL
   * @param maria or by those of MariaDB
   * @param mode of the server
   * @param least of its replicas' modes, as text
   * @param most the last of them
   * @param errant errant transactions of a replica
   */
  public record Gtids(
      boolean mysql, boolean maria, String mode, String least, String most, String errant) {}

  /** The numbers of a server that is known. */
  public static Figures of(World world, Instance server) {
    var s = new Situation(world, server);
    return new Figures(
        new Place(
            s.primary(),
            s.groupMember(),
            s.coPrimary(),
            s.binlogServer(),
            server.seen(),
            s.partial(),
            s.failingToConnect(),
            s.depth()),
        new Replicas(
            s.replicas().stream().map(Replica::key).toList(),
            s.valid(),
            s.replicating(),
            s.failing(),
            s.downtimed(),
            s.lagging(),
            s.delayed(),
            s.acknowledging()),
        new Logs(
            (int) s.logging().count(),
            logging(s, BinlogFormat.STATEMENT),
            logging(s, BinlogFormat.MIXED),
            logging(s, BinlogFormat.ROW),
            (int) s.majors()),
        new Gtids(
            s.immediate(false),
            s.immediate(true),
            s.gtidMode(),
            s.replicaGtidMode(false),
            s.replicaGtidMode(true),
            s.errant()),
        s.waiting(),
        s.readOnly());
  }

  private static int logging(Situation s, BinlogFormat format) {
    return (int) s.logging().filter(f -> f.settings().binlogFormat() == format).count();
  }

  /** Whether a code is about replicas all of which are in downtime. */
  public boolean replicasDowntimed(Code code) {
    return OF_REPLICAS.contains(code) && replicas.downtimed() == replicas.keys().size();
  }
}
