package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.engine.execute.Outcome;
import topiary.engine.gtid.GtidSet;
import topiary.engine.manager.By;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Observation;
import topiary.engine.model.Topology;
import topiary.engine.probe.ErrantLogs;
import topiary.engine.state.PlanEnd;

class LegacyApiTest {

  private static final By ANN = new By("ann", "test");

  private Optional<String> trouble = Optional.empty();
  private final LegacyNode node =
      new LegacyNode(
          "node1", "token1", "0.1.0", "sqlite", Samples.NOW.minusSeconds(60), () -> trouble);

  private final FakeFleet fleet = new FakeFleet(Samples.tree());
  private final LegacyApi api =
      new LegacyApi(fleet, node, InstantSource.fixed(Samples.NOW), Runnable::run, Optional.empty());

  // Analysis

  @Test
  void whereNothingIsWrongNothingIsFound() {
    assertEquals(List.of(), map(get("replication-analysis")).get("Details"));
  }

  @Test
  void aDeadPrimaryIsADeadMasterWithAllThatItRestsOn() {
    fleet.topology =
        Samples.topology(
            Samples.tree()
                .instance(Samples.P)
                .orElseThrow()
                .after(
                    Observation.failed(
                        Samples.P,
                        Samples.NOW,
                        Duration.ofMillis(1),
                        Condition.UNREACHABLE,
                        "says nothing")),
            Samples.tree().instance(Samples.STOPPED).orElseThrow());
    var details = (List<?>) map(get("replication-analysis")).get("Details");
    assertEquals(1, details.size());
    var p = (Map<?, ?>) details.getFirst();
    assertEquals(57, p.size());
    assertEquals("UnreachableMaster", p.get("Analysis"));
    assertEquals(false, p.get("IsActionableRecovery"));
    assertEquals(false, p.get("LastCheckValid"));
    assertEquals(1, p.get("CountReplicas"));
    assertEquals(1, p.get("CountValidReplicas"));
    assertEquals(0, p.get("CountValidReplicatingReplicas"));
    assertEquals(true, p.get("IsMaster"));
    assertEquals(details, map(get("replication-analysis/p.example:3306")).get("Details"));
    assertEquals(details, map(get("replication-analysis/instance/p.example/3306")).get("Details"));
    assertEquals(List.of(), map(get("replication-analysis/q.example:3306")).get("Details"));
  }

  @Test
  void whereNothingIsKeptNothingWasFound() {
    assertNull(get("replication-analysis-changelog").body());
    assertEquals(List.of(), get("audit-failure-detection").body());
    assertEquals(List.of(), get("blocked-recoveries").body());
  }

  // Clusters

  @Test
  void namesClustersAfterTheirHeads() {
    withAnotherCluster();
    assertEquals(List.of("p.example:3306", "q.example:3306"), get("clusters").body());
  }

  @Test
  void knowsServersByTheirOtherNames() {
    fleet.names = Map.of(new InstanceKey("alias.example", 3306), Samples.R1);
    assertEquals(get("instance/r1.example/3306").body(), get("instance/alias.example/3306").body());
  }

  @Test
  void summarisesClusters() {
    assertEquals(
        List.of(
            Map.of(
                "ClusterName",
                "p.example:3306",
                "ClusterAlias",
                "p.example:3306",
                "ClusterDomain",
                "",
                "CountInstances",
                6,
                "HeuristicLag",
                0,
                "HasAutomatedMasterRecovery",
                false,
                "HasAutomatedIntermediateMasterRecovery",
                false)),
        get("clusters-info").body());
    assertEquals(
        List.of(
            "ClusterName",
            "ClusterAlias",
            "ClusterDomain",
            "CountInstances",
            "HeuristicLag",
            "HasAutomatedMasterRecovery",
            "HasAutomatedIntermediateMasterRecovery"),
        List.copyOf(map(get("cluster-info/r3.example:3306")).keySet()));
  }

  @Test
  void saysNullOrAnEmptyListAsOrchestratorDoes() {
    fleet.topology = Topology.EMPTY;
    for (String path : List.of("clusters", "masters", "problems", "bulk-instances")) {
      assertNull(get(path).body(), path);
    }
    for (String path : List.of("clusters-info", "all-instances", "search")) {
      assertEquals(List.of(), get(path).body(), path);
    }
    assertEquals(List.of(), get("instance-replicas/nobody/3306").body());
  }

  @Test
  void resolvesHints() {
    for (String hint :
        List.of("p.example:3306", "r3.example:3306", "r3.example", "r3.exam", "stopped:3306")) {
      assertEquals("p.example:3306", map(get("cluster-info/" + hint)).get("ClusterName"), hint);
    }
    for (String hint : List.of("gone", "example", "nobody", "r1.example:3307", "10.0.0.1")) {
      assertError("Unable to determine cluster name. clusterHint=" + hint, "cluster/" + hint);
    }
  }

  @Test
  void listsMembersByHintAliasAndMember() {
    List<String> members =
        List.of(
            "gone.example",
            "p.example",
            "r1.example",
            "r2.example",
            "r3.example",
            "stopped.example");
    assertEquals(members, hosts(get("cluster/r1.example")));
    assertEquals(members, hosts(get("cluster/alias/p.example:3306")));
    assertEquals(members, hosts(get("cluster/instance/gone.example/3307")));
    assertEquals(6, map(get("cluster-info/alias/p.example:3306")).get("CountInstances"));
    assertError("No cluster found for alias r1.example", "cluster/alias/r1.example");
    assertError("Cannot read instance: nobody:1", "cluster/instance/nobody/1");
  }

  @Test
  void findsMasters() {
    withAnotherCluster();
    assertEquals(List.of("p.example"), hosts(get("masters")));
    assertEquals("p.example", host(get("master/r3.example").body()));
    assertEquals("q.example", host(get("master/q.example").body()));
  }

  @Test
  void drawsTopologies() {
    Answer drawn = get("topology/r3.example");
    Map<?, ?> envelope = map(drawn);
    assertEquals(200, drawn.status());
    assertEquals("OK", envelope.get("Code"));
    assertEquals("Topology for cluster p.example:3306", envelope.get("Message"));
    assertTrue(envelope.get("Details").toString().startsWith("p.example:3306         [0s,ok,"));
    assertEquals(envelope, map(get("topology/r3.example/3306")));
    String columns = map(get("topology-tabulated/p.example/3306")).get("Details").toString();
    assertTrue(columns.startsWith("p.example:3306        |     0s|ok"), columns);
    assertEquals(columns, map(get("topology-tabulated/p.example:3306")).get("Details").toString());
  }

  // Servers

  @Test
  void showsOneServer() {
    assertEquals("r1.example", host(get("instance/r1.example/3306").body()));
    assertEquals("stopped.example", host(get("instance/stopped/3306").body()));
    assertError("Cannot read instance: nobody:3306", "instance/nobody/3306");
    assertError("not a port (1 to 65535): 0", "instance/p.example/0");
    assertError("not a port (1 to 65535): x?y", "instance/p.example/x\ny");
    assertError("not a host name: \"a b\"", "instance/a b/3306");
    assertEquals(List.of("r3.example"), hosts(get("instance-replicas/r2.example/3306")));
  }

  @Test
  void searches() {
    assertEquals(
        List.of(
            "p.example",
            "r2.example",
            "gone.example",
            "r1.example",
            "stopped.example",
            "r3.example"),
        hosts(get("all-instances")));
    assertEquals(List.of("r2.example", "r1.example", "r3.example"), hosts(search("R", "^r.*")));
    assertEquals(List.of("gone.example"), hosts(get("search/3307")));
    assertEquals(List.of("r3.example"), hosts(get("search/4004")));
    assertEquals(List.of("stopped.example"), hosts(search(" STOPPED ", ".*")));
    assertEquals(6, hosts(get("search/source dist")).size());
    assertEquals(6, hosts(get("search/")).size());
    assertEquals(List.of(), hosts(get("search/zzz")));
  }

  private Answer search(String sought, String only) {
    Object found = answer("search", Map.of("s", sought)).orElseThrow().body();
    return Answer.raw(((List<?>) found).stream().filter(i -> host(i).matches(only)).toList());
  }

  @Test
  void listsProblems() {
    List<String> troubled = List.of("gone.example", "r2.example", "r3.example", "stopped.example");
    assertEquals(troubled, hosts(get("problems")));
    assertEquals(troubled, hosts(get("problems/p.example:3306")));
    assertEquals(troubled, hosts(get("problems/P.%:____")));
    assertNull(get("problems/p.example").body());
  }

  @Test
  void listsAllKeys() {
    List<?> keys = (List<?>) get("bulk-instances").body();
    assertEquals(6, keys.size());
    assertEquals(Map.of("Hostname", "gone.example", "Port", 3307), keys.getFirst());
  }

  // Deeds

  @Test
  void carriesOutAndAnswersWithTheServer() {
    assertDone(
        "relocate/r1.example/3306/r2.example/3306",
        "Instance r1.example:3306 relocated below r2.example:3306",
        "relocate r1.example:3306 below r2.example:3306 for ann",
        "refresh r1.example:3306");
    assertDone(
        "relocate-below/r1.example/3306/r2.example/3306",
        "Instance r1.example:3306 relocated below r2.example:3306",
        "relocate r1.example:3306 below r2.example:3306 for ann",
        "refresh r1.example:3306");
    assertDone(
        "make-co-master/r1.example/3306",
        "Instance made co-master: r1.example:3306",
        "make r1.example:3306 the co-source of its source for ann",
        "refresh r1.example:3306");
    assertDone(
        "move-equivalent/r1.example/3306/r2.example/3306",
        "Instance r1.example:3306 relocated via equivalence coordinates below r2.example:3306",
        "move r1.example:3306 below r2.example:3306, to the place noted there for ann",
        "refresh r1.example:3306");
    for (String word : List.of("slave", "replica")) {
      assertDone(
          "start-" + word + "/r1.example/3306",
          "Replica started: r1.example:3306",
          "start replication on r1.example:3306 for ann",
          "refresh r1.example:3306");
      assertDone(
          "stop-" + word + "/r1.example/3306",
          "Replica stopped: r1.example:3306",
          "stop replication on r1.example:3306 for ann",
          "refresh r1.example:3306");
    }
    assertDone(
        "set-read-only/r1.example/3306",
        "Server set as read-only",
        "make r1.example:3306 read-only for ann",
        "refresh r1.example:3306");
    assertDone(
        "set-writeable/r1.example/3306",
        "Server set as writeable",
        "make r1.example:3306 writeable for ann",
        "refresh r1.example:3306");
  }

  private void assertDone(String path, String message, String... asked) {
    fleet.asked.clear();
    Answer answer = get(path);
    assertEquals(200, answer.status());
    assertEquals(List.of("Code", "Message", "Details"), List.copyOf(map(answer).keySet()));
    assertEquals("OK", map(answer).get("Code"));
    assertEquals(message, map(answer).get("Message"));
    assertEquals("r1.example", host(map(answer).get("Details")));
    assertEquals(List.of(asked), fleet.asked);
  }

  @Test
  void aRunThatFailsIsAnErrorWithItsReport() {
    fleet.outcome = new Outcome(PlanEnd.FAILED, "Step 2 failed: lock wait.");
    assertError("Step 2 failed: lock wait.", "relocate/r1.example/3306/r2.example/3306");
  }

  @Test
  void aRefusalIsAnErrorWithItsSentence() {
    refuse("r1 is tired");
    assertError("r1 is tired", "relocate/r1.example/3306/r2.example/3306");
    assertError("r1 is tired", "stop-slave/r1.example/3306");
    assertError("r1 is tired", "start-slave/stopped.example/3306");
    assertError("r1 is tired", "set-writeable/r1.example/3306");
    assertError("r1 is tired", "forget/r1.example/3306");
    assertError("r1 is tired", "discover/r1.example/3306");
    assertError("Cannot read instance: nobody:3306", "stop-slave/nobody/3306");
    assertError("Cannot read instance: nobody:3306", "relocate/r1.example/3306/nobody/3306");
  }

  @Test
  void whatIsSoAlreadyIsNoError() {
    refuse("already");
    for (String path :
        List.of(
            "start-slave/r1.example/3306",
            "set-read-only/r1.example/3306",
            "relocate/r1.example/3306/p.example/3306")) {
      assertEquals("OK", map(get(path)).get("Code"), path);
    }
    // Nobody has looked at it successfully, so nobody knows how it stands.
    assertError("already", "set-read-only/gone.example/3307");
  }

  @Test
  void saysWhetherAServerCouldReplicateFromAnother() {
    String path = "can-replicate-from-gtid/r1.example/3306/r2.example/3306";
    assertEquals("true", map(get(path)).get("Message"));
    assertEquals(Map.of("Hostname", "r2.example", "Port", 3306), map(get(path)).get("Details"));
    refuse("r2 writes no binary log");
    assertError("r2 writes no binary log", path);
    assertEquals(
        "true", map(get("can-replicate-from-gtid/r1.example/3306/p.example/3306")).get("Message"));
  }

  @Test
  void tellsWhichRuleIsAgainstReplicating() {
    String path = "can-replicate-from/r1.example/3306/r2.example/3306";
    assertEquals("true", map(get(path)).get("Message"));
    assertEquals(Map.of("Hostname", "r2.example", "Port", 3306), map(get(path)).get("Details"));
    assertError(
        "r3.example:3306 is below r2.example:3306: the move would cut the tree into a ring",
        "can-replicate-from/r2.example/3306/r3.example/3306");
  }

  @Test
  void tellsWhereErrantTransactionsStand() {
    GtidSet one = GtidSet.parse("00000000-0000-0000-0000-000000000001:1");
    fleet.errantLogs =
        new ErrantLogs(GtidSet.EMPTY, List.of(new ErrantLogs.Log("bin.000002", one)));
    assertEquals(List.of("bin.000002"), map(get("locate-gtid-errant/r1/3306")).get("Details"));
    fleet.errantLogs = new ErrantLogs(one, List.of());
    assertError(
        "r1.example:3306 has purged the logs of errant transactions: " + one,
        "locate-gtid-errant/r1/3306");
  }

  @Test
  void tellsStatementsAroundAnother() {
    for (String path : List.of("restart-slave-statements", "restart-replica-statements")) {
      Answer answer = answer(path + "/r1.example/3306", Map.of("q", "SELECT 1")).orElseThrow();
      assertEquals(
          List.of(
              "STOP SLAVE IO_THREAD;",
              "STOP SLAVE SQL_THREAD;",
              "SELECT 1;",
              "START SLAVE SQL_THREAD;",
              "START SLAVE IO_THREAD;"),
          map(answer).get("Details"));
    }
    assertError("p.example:3306 is not a replica", "restart-replica-statements/p.example/3306");
  }

  @Test
  void detachesAndReattachesByEachOfTheirNames() {
    for (String name : List.of("slave", "replica", "slave-master-host", "replica-master-host")) {
      fleet.asked.clear();
      assertEquals(
          "Replica detached: r1.example:3306",
          map(get("detach-" + name + "/r1.example/3306")).get("Message"));
      assertEquals(
          "Replica reattached: r1.example:3306",
          map(get("reattach-" + name + "/r1.example/3306")).get("Message"));
      assertEquals(
          2, fleet.asked.stream().filter(asked -> asked.contains("tach r1.example")).count());
    }
    refuse("r1.example:3306 is not detached from p.example:3306");
    assertError(
        "r1.example:3306 is not detached from p.example:3306", "reattach-replica/r1.example/3306");
  }

  @Test
  void discovers() {
    Map<?, ?> envelope = map(get("discover/r1.example/3306"));
    assertEquals("Instance discovered: r1.example:3306", envelope.get("Message"));
    assertEquals("r1.example", host(envelope.get("Details")));
    fleet.asked.clear();
    envelope = map(get("async-discover/r1.example/3306"));
    assertEquals(
        "Asynchronous discovery initiated for Instance: r1.example:3306", envelope.get("Message"));
    assertTrue(envelope.containsKey("Details"));
    assertNull(envelope.get("Details"));
    assertEquals(List.of("discover r1.example:3306 for ann"), fleet.asked);
  }

  @Test
  void refreshesWhoIsKnownAndReachable() {
    Map<?, ?> envelope = map(get("refresh/r1.example/3306"));
    assertEquals("Instance refreshed: r1.example:3306", envelope.get("Message"));
    assertEquals(Map.of("Hostname", "r1.example", "Port", 3306), envelope.get("Details"));
    assertError("gone.example:3307 is unreachable: no route to host", "refresh/gone.example/3307");
    assertError("Cannot read instance: nobody:3306", "refresh/nobody/3306");
  }

  @Test
  void forgetsExactlyWhoIsNamed() {
    Map<?, ?> envelope = map(get("forget/stopped/3306"));
    assertEquals("Instance forgotten: stopped:3306", envelope.get("Message"));
    assertEquals(List.of("forget stopped:3306 for ann"), fleet.asked);
  }

  @Test
  void listsWhatRunsLong() {
    fleet.longQueries =
        List.of(new LongQuery(7, "app", "10.0.0.9:4", "shop", "Query", 90, "Sending", "SELECT 1"));
    List<?> listed = (List<?>) get("long-queries/r1/3306").body();
    assertEquals(List.of("long queries of r1.example:3306 from 60"), fleet.asked);
    Map<?, ?> first = (Map<?, ?>) listed.getFirst();
    assertEquals("r1.example", first.get("InstanceHostname"));
    assertEquals(7L, first.get("Id"));
    assertEquals("SELECT 1", first.get("Info"));
    assertEquals("2026-11-22 09:58:30", first.get("StartedAt"));
    answer("long-queries/r1/3306", Map.of("seconds", "5"));
    assertEquals("long queries of r1.example:3306 from 5", fleet.asked.getLast());
    assertError("Cannot read instance: nobody:3306", "long-queries/nobody/3306");
    assertEquals(500, answer("long-queries/r1/3306", Map.of("seconds", "x")).get().status());
  }

  // The node

  @Test
  void isHealthyWhileItsStoreAnswers() {
    for (String path : List.of("health", "status")) {
      Answer answer = get(path);
      assertEquals(200, answer.status());
      assertEquals("Application node is healthy", map(answer).get("Message"));
      Map<?, ?> details = (Map<?, ?>) map(answer).get("Details");
      assertEquals(
          List.of(
              "Healthy",
              "Hostname",
              "Token",
              "IsActiveNode",
              "ActiveNode",
              "Error",
              "AvailableNodes",
              "RaftLeader",
              "IsRaftLeader",
              "RaftLeaderURI",
              "RaftAdvertise",
              "RaftHealthyMembers"),
          List.copyOf(details.keySet()));
      assertEquals(true, details.get("IsActiveNode"));
      Map<?, ?> node = (Map<?, ?>) ((List<?>) details.get("AvailableNodes")).getFirst();
      assertEquals("0.1.0", node.get("AppVersion"));
      assertEquals("sqlite", node.get("DBBackend"));
      assertEquals("2026-11-22 09:59:00", node.get("FirstSeenActive"));
      assertEquals("2026-11-22 10:00:00", node.get("LastSeenActive"));
    }
  }

  @Test
  void isUnhealthyWhileNothingCanBeWritten() {
    trouble = Optional.of("the disk is full");
    Answer answer = get("health");
    assertEquals(500, answer.status());
    assertEquals("Application node is unhealthy the disk is full", map(answer).get("Message"));
    trouble = Optional.empty();
    assertEquals(200, get("health").status());
  }

  @Test
  void isUnhealthyWhenItsStoreDoesNotAnswer() {
    fleet.storeTrouble = Optional.of(new IllegalStateException("disk full"));
    Answer answer = get("status");
    assertEquals(500, answer.status());
    assertEquals("Application node is unhealthy disk full", map(answer).get("Message"));
    assertEquals(false, ((Map<?, ?>) map(answer).get("Details")).get("Healthy"));
  }

  @Test
  void answersLoadBalancers() {
    for (String path :
        List.of("lb-check", "_ping", "leader-check", "leader-check/503", "routed-leader-check")) {
      assertEquals(new Answer(200, "OK"), get(path), path);
    }
    fleet.active = false;
    assertEquals(new Answer(404, "Not leader"), get("leader-check"));
    assertEquals(new Answer(404, "Not leader"), get("routed-leader-check"));
    assertEquals(new Answer(503, "Not leader"), get("leader-check/503"));
    assertEquals(new Answer(404, "Not leader"), get("leader-check/-1"));
    assertEquals(new Answer(404, "Not leader"), get("leader-check/what"));
    assertEquals(new Answer(200, "OK"), get("lb-check"));
  }

  // Routes

  @Test
  void oneTrailingSlashIsIgnored() {
    assertTrue(answer("clusters/", Map.of()).isPresent());
    assertEquals("r1.example", host(get("instance/r1.example/3306/").body()));
    assertTrue(answer("clusters//", Map.of()).isEmpty());
  }

  @Test
  void thereIsNoSuchPath() {
    for (String path : List.of("", "nothing", "cluster", "instance/r1.example", "raft")) {
      assertTrue(answer(path, Map.of()).isEmpty(), path);
    }
    assertTrue(api.answer(List.of(), Map.of(), Map.of(), ANN).isEmpty());
    assertTrue(api.answer(List.of("cluster", "a/b"), Map.of(), Map.of(), ANN).isEmpty());
    assertTrue(api.answer(List.of("cluster", ""), Map.of(), Map.of(), ANN).isEmpty());
  }

  @Test
  void knowsWhatWrites() {
    for (String verb :
        List.of(
            "discover",
            "async-discover",
            "refresh",
            "forget",
            "start-slave",
            "start-replica",
            "stop-slave",
            "stop-replica",
            "set-read-only",
            "set-writeable")) {
      assertTrue(api.writes(List.of(verb, "h", "1")), verb);
      assertTrue(api.writes(List.of(verb, "h", "1", "")), verb);
    }
    assertTrue(api.writes(List.of("relocate", "h", "1", "i", "2")));
    assertTrue(api.writes(List.of("relocate-below", "h", "1", "i", "2")));
    assertTrue(api.writes(List.of("recover-lite", "h", "1", "i", "2")));
    assertTrue(api.writes(List.of("ack-recovery", "uid", "ra1")));
    assertTrue(api.writes(List.of("disable-global-recoveries")));
    assertTrue(api.writes(List.of("submit-masters-to-kv-stores")));
    assertTrue(api.writes(List.of("submit-masters-to-kv-stores", "shop")));
    assertFalse(api.writes(List.of("check-global-recoveries")));
    assertFalse(api.writes(List.of("audit-recovery", "1")));
    assertFalse(api.writes(List.of("clusters")));
    assertFalse(api.writes(List.of("instance", "h", "1")));
    assertFalse(api.writes(List.of("nothing")));
  }

  private void withAnotherCluster() {
    var all = new TreeMap<>(fleet.topology.instances());
    var q = new InstanceKey("q.example", 3306);
    all.put(q, Samples.seen(q, Samples.facts(9, true, List.of())));
    fleet.topology = new Topology(2, all);
  }

  private void refuse(String sentence) {
    fleet.refusal = Optional.of(new RequestRefused(RequestRefused.Kind.REFUSED, sentence));
  }

  private void assertError(String sentence, String path) {
    Answer answer = get(path);
    assertEquals(500, answer.status(), path);
    assertEquals(List.of("Code", "Message", "Details"), List.copyOf(map(answer).keySet()));
    assertEquals("ERROR", map(answer).get("Code"));
    assertEquals(sentence, map(answer).get("Message"));
    assertNull(map(answer).get("Details"));
  }

  private Answer get(String path) {
    return answer(path, Map.of()).orElseThrow(() -> new AssertionError("no such path: " + path));
  }

  private Optional<Answer> answer(String path, Map<String, String> query) {
    return api.answer(Stream.of(path.split("/", -1)).toList(), query, Map.of(), ANN);
  }

  private static Map<?, ?> map(Answer answer) {
    return (Map<?, ?>) answer.body();
  }

  private static List<String> hosts(Answer answer) {
    return ((List<?>) answer.body()).stream().map(LegacyApiTest::host).toList();
  }

  private static String host(Object instance) {
    return (String) ((Map<?, ?>) ((Map<?, ?>) instance).get("Key")).get("Hostname");
  }
}
