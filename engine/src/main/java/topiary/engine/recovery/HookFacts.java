package topiary.engine.recovery;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.engine.analysis.World;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Detected;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.ManagerState;

/** What hooks are told, by the names of orchestrator's placeholders. Pure. */
public final class HookFacts {

  private final World world;
  private final ManagerState state;
  private final SortedMap<String, String> facts = new TreeMap<>();

  /**
   * Of something that is about a server.
   *
   * @param shipped how servers are recovered where nothing is set
   * @param id by what it is found again
   * @param failed the server that has failed, or is to hand over
   * @param kind whether that is the primary
   * @param code how it failed, as {@link topiary.engine.finding.Code#word}
   * @param sentence the same in words
   * @param replicas who replicated from it
   */
  public HookFacts(
      World world,
      ManagerState state,
      RecoveryPolicy shipped,
      RecoveryId id,
      InstanceKey failed,
      RecoveryKind kind,
      String code,
      String sentence,
      List<InstanceKey> replicas) {
    this.world = world;
    this.state = state;
    Optional<ClusterId> cluster = Optional.ofNullable(state.instances().get(failed));
    boolean primary = kind == RecoveryKind.PRIMARY;
    boolean both = code.contains("CoMaster");
    InstanceKey head = primary ? failed : cluster.map(state.heads()::get).orElse(failed);
    put("recoveryUID", id.text());
    put("failureType", code);
    put("failureDescription", sentence);
    put("instanceType", both ? "co-master" : primary ? "master" : "intermediate-master");
    put("isMaster", Boolean.toString(primary && !both));
    put("isCoMaster", Boolean.toString(both));
    put("command", "");
    put("failedHost", failed.host());
    put("failedPort", Integer.toString(failed.port()));
    put("cluster", cluster.map(ClusterId::text).orElse(""));
    put("failureCluster", name(head));
    put("failureClusterAlias", alias(world, state, failed, head));
    put(
        "failureClusterDomain",
        cluster
            .map(state.said().domains()::get)
            .orElseGet(() -> detected(world, head, Detected::clusterDomain)));
    put("countReplicas", Integer.toString(replicas.size()));
    put("replicaHosts", names(replicas));
    put("isDowntimed", Boolean.toString(world.said().downtime(failed, world.now()).isPresent()));
    AutoRecovery automatic =
        cluster.map(c -> Automatic.of(world, state, shipped, c)).orElse(AutoRecovery.NONE);
    put("autoMasterRecovery", Boolean.toString(automatic.primary()));
    put("autoIntermediateMasterRecovery", Boolean.toString(automatic.intermediate()));
    put("isSuccessful", "false");
    lost(List.of());
  }

  /** By what it was asked for, in orchestrator's words; empty when it began by itself. */
  public HookFacts command(String word) {
    put("command", word);
    return this;
  }

  /** Who has the place of the failed one, or is meant to have it. */
  public HookFacts successor(InstanceKey successor) {
    put("isSuccessful", "true");
    put("successorHost", successor.host());
    put("successorPort", Integer.toString(successor.port()));
    put("successorAlias", detected(world, successor, Detected::alias));
    world
        .topology()
        .instance(successor)
        .flatMap(Instance::facts)
        .map(f -> f.positions().logEnd())
        .filter(end -> !end.file().isEmpty())
        .ifPresent(end -> put("successorBinlogCoordinates", end.toString()));
    return this;
  }

  /** Who replicated from the failed one, and does not any more from anybody else. */
  public HookFacts lost(List<InstanceKey> replicas) {
    put("lostReplicas", names(replicas));
    put("countLostReplicas", Integer.toString(replicas.size()));
    return this;
  }

  /** What is lost of what was written, in a sentence. */
  public HookFacts loss(String words) {
    put("loss", words);
    return this;
  }

  /**
   * What a detection is told apart from another by.
   *
   * @param recoverable whether a recovery is due
   */
  public HookFacts detection(InstanceKey failed, boolean recoverable) {
    put("detection", detectionOf(failed, recoverable));
    return this;
  }

  /** The same as text. */
  public static String detectionOf(InstanceKey failed, boolean recoverable) {
    return failed + (recoverable ? " failure" : " suspicion");
  }

  /** All of it. */
  public SortedMap<String, String> all() {
    return new TreeMap<>(facts);
  }

  /** What people, or an operator's query, call the cluster of a server; empty for nothing. */
  public static String alias(
      World world, ManagerState state, InstanceKey member, InstanceKey head) {
    return Optional.ofNullable(state.instances().get(member))
        .map(state.said().aliases()::get)
        .orElseGet(() -> detected(world, head, Detected::clusterAlias));
  }

  private static String detected(World world, InstanceKey key, Function<Detected, String> what) {
    return world
        .topology()
        .instance(key)
        .flatMap(Instance::facts)
        .map(f -> what.apply(f.background().detected()))
        .orElse("");
  }

  private static String names(List<InstanceKey> servers) {
    return servers.stream().map(HookFacts::name).collect(Collectors.joining(","));
  }

  /** As orchestrator writes it: without brackets around any host. */
  private static String name(InstanceKey key) {
    return key.host() + ":" + key.port();
  }

  private void put(String name, String value) {
    facts.put(name, value);
  }
}
