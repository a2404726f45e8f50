package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import topiary.engine.analysis.Figures;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Detected;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.port.Audit;
import topiary.engine.said.Downtime;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.store.StoreException;

/** What is wrong now, and what was found before, in orchestrator's form. */
final class AnalysisAnswers {

  private static final int PAGE = 20;

  /** As many changes as the changelog tells of. */
  private static final int CHANGES = 1_000;

  private static final String NO_PROBLEM = "NoProblem";

  /** What orchestrator looks at closer, beside what it recovers from; the rest it only warns of. */
  private static final Set<Code> LOOKED_AT =
      EnumSet.of(
          Code.DEAD_MASTER_AND_REPLICAS,
          Code.UNREACHABLE_MASTER,
          Code.UNREACHABLE_MASTER_WITH_LAGGING_REPLICAS,
          Code.ALL_MASTER_REPLICAS_NOT_REPLICATING,
          Code.ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD,
          Code.DEAD_INTERMEDIATE_MASTER_AND_REPLICAS,
          Code.UNREACHABLE_INTERMEDIATE_MASTER_WITH_LAGGING_REPLICAS);

  private final Fleetview fleet;
  private final Supplier<Picture> now;
  private final LegacyNode node;
  private final Optional<Audit> audit;

  AnalysisAnswers(Fleetview fleet, Supplier<Picture> now, LegacyNode node, Optional<Audit> audit) {
    this.fleet = fleet;
    this.now = now;
    this.node = node;
    this.audit = audit;
  }

  Answer all(Call call) {
    return analysis(fleet.findings().values());
  }

  Answer ofCluster(Call call) throws Trouble {
    Picture picture = now.get();
    String hint = call.path("clusterName");
    String cluster = picture.named(hint).orElse(hint);
    return analysis(
        fleet.findings().values().stream()
            .filter(
                j -> picture.instance(j.subject()).map(LegacyInstance::cluster).equals(of(cluster)))
            .toList());
  }

  private static Optional<String> of(String cluster) {
    return Optional.of(cluster);
  }

  Answer ofInstance(Call call) throws Trouble {
    InstanceKey key = InstanceAnswers.known(now.get(), call).key();
    return analysis(Optional.ofNullable(fleet.findings().get(key)).stream().toList());
  }

  private Answer analysis(Collection<Judgement> judgements) {
    Picture picture = now.get();
    World world = fleet.world();
    var entries = new ArrayList<Entry>();
    for (Judgement judgement : judgements) {
      Optional<Instance> server = world.topology().instance(judgement.subject());
      if (server.isPresent()
          && !(judgement.failure().isEmpty() && structure(judgement).isEmpty())) {
        entries.add(new Entry(judgement, server.get(), Figures.of(world, server.get())));
      }
    }
    entries.sort(
        Comparator.comparing((Entry e) -> !e.figures().place().primary())
            .thenComparing(e -> -e.figures().replicas().keys().size())
            .thenComparing(e -> e.judgement().subject()));
    return Answer.ok("Analysis", entries.stream().map(e -> json(e, picture, world.now())).toList());
  }

  private record Entry(Judgement judgement, Instance server, Figures figures) {}

  private static List<String> structure(Judgement judgement) {
    return judgement.warnings().stream()
        .map(Finding::code)
        .filter(Judgement::structure)
        .map(Code::word)
        .toList();
  }

  private Object json(Entry entry, Picture picture, Instant at) {
    InstanceKey key = entry.judgement().subject();
    Figures f = entry.figures();
    Optional<Code> code = entry.judgement().failure().map(Finding::code);
    Optional<LegacyInstance> server = picture.instance(key);
    String cluster = server.map(LegacyInstance::cluster).orElse("");
    Optional<Downtime> downtime = server.flatMap(LegacyInstance::downtime);
    Detected detected =
        entry.server().facts().map(x -> x.background().detected()).orElse(Detected.NOTHING);
    List<String> structure = structure(entry.judgement());
    boolean replicasDown = code.filter(f::replicasDowntimed).isPresent();
    SemiSync.Source semiSync = f.semiSync();
    return new Json()
        .with("AnalyzedInstanceKey", Json.key(key))
        .with(
            "AnalyzedInstanceMasterKey", entry.server().source().map(Json::key).orElse(Json.NO_KEY))
        .with(
            "ClusterDetails",
            picture.clusters().containsKey(cluster)
                ? ClusterAnswers.info(picture, cluster)
                : Map.of())
        .with("AnalyzedInstanceDataCenter", detected.dataCenter())
        .with("AnalyzedInstanceRegion", detected.region())
        .with("AnalyzedInstancePhysicalEnvironment", detected.environment())
        .with(
            "AnalyzedInstanceBinlogCoordinates",
            Json.position(
                entry.server().facts().map(x -> x.positions().logEnd()).orElse(BinlogPosition.NONE),
                Json.BINARY_LOG))
        .with("IsMaster", f.place().primary())
        .with("IsReplicationGroupMember", f.place().groupMember())
        .with("IsCoMaster", f.place().coPrimary())
        .with("LastCheckValid", f.place().valid())
        .with("LastCheckPartialSuccess", f.place().valid() || f.place().partial())
        .with("CountReplicas", f.replicas().keys().size())
        .with("CountValidReplicas", f.replicas().valid())
        .with("CountValidReplicatingReplicas", f.replicas().replicating())
        .with("CountReplicasFailingToConnectToMaster", f.replicas().failing())
        .with("CountDowntimedReplicas", f.replicas().downtimed())
        .with("ReplicationDepth", f.place().depth())
        .with("Replicas", Json.keys(f.replicas().keys()))
        .with("SlaveHosts", Json.keys(f.replicas().keys()))
        .with("IsFailingToConnectToMaster", f.place().failingToConnect())
        .with("Analysis", code.map(Code::word).orElse(NO_PROBLEM))
        .with("Description", code.map(Code::words).orElse(""))
        .with("StructureAnalysis", structure.isEmpty() ? null : structure)
        .with("IsDowntimed", downtime.isPresent())
        .with("IsReplicasDowntimed", replicasDown)
        .with("DowntimeEndTimestamp", downtime.map(d -> Text.stamp(d.until())).orElse(""))
        .with(
            "DowntimeRemainingSeconds",
            downtime.map(d -> Duration.between(at, d.until()).toSeconds()).orElse(0L))
        .with("IsBinlogServer", f.place().binlogServer())
        // Neither is supported; what is not there is false, as in orchestrator.
        .with("PseudoGTIDImmediateTopology", false)
        .with("OracleGTIDImmediateTopology", f.gtids().mysql())
        .with("MariaDBGTIDImmediateTopology", f.gtids().maria())
        .with("BinlogServerImmediateTopology", false)
        .with("SemiSyncMasterEnabled", semiSync.enabled())
        .with("SemiSyncMasterStatus", semiSync.active())
        .with("SemiSyncMasterWaitForReplicaCount", semiSync.waitFor())
        .with("SemiSyncMasterClients", semiSync.clients())
        .with("CountSemiSyncReplicasEnabled", f.replicas().acknowledging())
        .with("CountLoggingReplicas", f.logs().all())
        .with("CountStatementBasedLoggingReplicas", f.logs().statement())
        .with("CountMixedBasedLoggingReplicas", f.logs().mixed())
        .with("CountRowBasedLoggingReplicas", f.logs().row())
        .with("CountDistinctMajorVersionsLoggingReplicas", f.logs().majors())
        .with("CountDelayedReplicas", f.replicas().delayed())
        .with("CountLaggingReplicas", f.replicas().lagging())
        .with("IsActionableRecovery", code.filter(Code::actionable).isPresent())
        .with("ProcessingNodeHostname", node.hostname())
        .with("ProcessingNodeToken", node.token())
        .with("CountAdditionalAgreeingNodes", 0)
        .with("StartActivePeriod", "")
        .with("SkippableDueToDowntime", downtime.isPresent() || replicasDown)
        .with("GTIDMode", f.gtids().mode())
        .with("MinReplicaGTIDMode", f.gtids().least())
        .with("MaxReplicaGTIDMode", f.gtids().most())
        .with("MaxReplicaGTIDErrant", f.gtids().errant())
        .with("CommandHint", "")
        .with("IsReadOnly", f.readOnly())
        .map();
  }

  /** How each server was judged one time after the other. */
  Answer changelog(Call call) {
    try {
      var of = new LinkedHashMap<InstanceKey, List<String>>();
      for (Audit.Row row : notes(Set.of(Deeds.FINDINGS), 0, CHANGES).reversed()) {
        if (row.entry().command() instanceof Command.NoteFinding note) {
          of.computeIfAbsent(note.subject(), k -> new ArrayList<>())
              .add(
                  Text.stamp(row.entry().header().at()) + ";" + note.is().orElse(NO_PROBLEM) + ",");
        }
      }
      var changes = new ArrayList<Object>();
      of.forEach(
          (key, log) ->
              changes.add(
                  new Json()
                      .with("AnalyzedInstanceKey", Json.key(key))
                      .with("Changelog", log)
                      .map()));
      return Answer.raw(changes.isEmpty() ? null : changes);
    } catch (StoreException e) {
      return Answer.error(e.getMessage());
    }
  }

  private List<Audit.Row> notes(Set<String> about, int skip, int limit) {
    var asked = new Audit.Asked(about, Set.of("note-finding"), Optional.empty(), skip, limit);
    return audit.map(a -> a.rows(asked)).orElse(List.of());
  }

  /** A page of what was found that somebody may want to do something about, newest first. */
  Answer detections(Call call) throws Trouble {
    String alias = call.path("clusterAlias");
    String id = call.path("id");
    try {
      Set<String> about = alias.isEmpty() ? Set.of(Deeds.FINDINGS) : cluster(alias);
      int page = AuditAnswers.page(call.path("page"));
      Picture picture = now.get();
      return Answer.raw(
          notes(about, 0, CHANGES).stream()
              .filter(row -> id.isEmpty() || id.equals(Long.toString(row.index())))
              .filter(row -> registered((Command.NoteFinding) row.entry().command()))
              .skip(id.isEmpty() ? (long) page * PAGE : 0)
              .limit(PAGE)
              .map(row -> detection(row, picture))
              .toList());
    } catch (StoreException e) {
      return Answer.error(e.getMessage());
    }
  }

  /** What people call a cluster stands for its id. */
  private Set<String> cluster(String alias) {
    return fleet
        .registry()
        .said()
        .cluster(alias)
        .map(cluster -> Set.of(cluster.text()))
        .orElse(Set.of(alias));
  }

  /** orchestrator registers what a recovery would be due for, and what it looks at closer. */
  private static boolean registered(Command.NoteFinding note) {
    return note.is()
        .flatMap(Code::of)
        .filter(code -> code.actionable() || LOOKED_AT.contains(code))
        .isPresent();
  }

  private Object detection(Audit.Row row, Picture picture) {
    var note = (Command.NoteFinding) row.entry().command();
    String stamp = Text.stamp(row.entry().header().at());
    String cluster =
        picture
            .instance(note.subject())
            .map(LegacyInstance::cluster)
            .orElse(Text.of(note.subject()));
    Object analysis =
        new Json()
            .with("AnalyzedInstanceKey", Json.key(note.subject()))
            .with("Analysis", note.is().orElse(NO_PROBLEM))
            .with(
                "ClusterDetails",
                picture.clusters().containsKey(cluster)
                    ? ClusterAnswers.info(picture, cluster)
                    : Map.of())
            .with("CountReplicas", note.replicas().size())
            .with("Replicas", Json.keys(note.replicas()))
            .with("SlaveHosts", Json.keys(note.replicas()))
            .with(
                "IsActionableRecovery",
                note.is().flatMap(Code::of).filter(Code::actionable).isPresent())
            .map();
    return new Json()
        .with("Id", row.index())
        .with("UID", "")
        .with("AnalysisEntry", analysis)
        .with("SuccessorKey", null)
        .with("SuccessorAlias", "")
        .with("SuccessorBinlogCoordinates", null)
        .with("IsActive", false)
        .with("IsSuccessful", false)
        .with("LostReplicas", List.of())
        .with("ParticipatingInstanceKeys", List.of())
        .with("AllErrors", null)
        .with("RecoveryStartTimestamp", stamp)
        .with("RecoveryEndTimestamp", "")
        .with("ProcessingNodeHostname", node.hostname())
        .with("ProcessingNodeToken", node.token())
        .with("Acknowledged", false)
        .with("AcknowledgedAt", "")
        .with("AcknowledgedBy", "")
        .with("AcknowledgedComment", "")
        .with("LastDetectionId", 0)
        .with("RelatedRecoveryId", 0)
        .with("Type", "")
        .with("RecoveryType", "NotMasterRecovery")
        .map();
  }
}
