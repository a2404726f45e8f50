package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.manager.By;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;

/** orchestrator's paths about downtime, maintenance, rules, tags, pools, names of clusters. */
class SaidAnswersTest {

  private static final By ANN = new By("ann", "test");
  private static final ClusterId CLUSTER = new ClusterId("c000000000001");
  private static final Map<String, Object> R1 = Map.of("Hostname", "r1.example", "Port", 3306);

  private final FakeFleet fleet = new FakeFleet(Samples.tree());
  private final LegacyApi api =
      new LegacyApi(
          fleet,
          new LegacyNode("node1", "token1", "0.1.0", "sqlite", Samples.NOW, Optional::empty),
          InstantSource.fixed(Samples.NOW),
          Runnable::run,
          Optional.empty());

  @BeforeEach
  void register() {
    for (InstanceKey key : fleet.topology.instances().keySet()) {
      fleet.state =
          fleet
              .state
              .apply(
                  new Entry(
                      new Header(new java.util.UUID(0, 0), "ann", "test", Samples.NOW, 1),
                      new Command.RegisterInstance(key, CLUSTER)))
              .state();
    }
  }

  @Test
  void aDowntimeIsBegunShownAndEnded() {
    assertOk(
        "Downtime begun: r1.example:3306",
        R1,
        "begin-downtime/r1.example/3306/ann%0A/new disks/2h");
    Map<?, ?> instance = map(get("instance/r1.example/3306"));
    assertEquals(true, instance.get("IsDowntimed"));
    assertEquals("ann", instance.get("DowntimeOwner"), "a client sends a line end behind it");
    assertEquals("new disks", instance.get("DowntimeReason"));
    assertEquals("2026-11-22 12:00:00", instance.get("DowntimeEndTimestamp"));
    assertEquals(0L, instance.get("ElapsedDowntime"));
    assertEquals(List.of(R1), keys("downtimed"));
    assertEquals(List.of(R1), keys("downtimed/r3.example"));
    assertTrue(
        details("topology/p.example:3306").contains(",downtimed]"), details("topology/p.example"));
    assertTrue(details("topology-tabulated/p.example:3306").contains(",downtimed"));
    assertOk("Downtime ended: r1.example:3306", R1, "end-downtime/r1.example/3306");
    assertOk("Downtime ended: r1.example:3306", R1, "end-downtime/r1.example/3306");
    assertEquals(List.of(), keys("downtimed/"));
    assertEquals(false, map(get("instance/r1.example/3306")).get("IsDowntimed"));
  }

  @Test
  void aDowntimeWithoutALengthLastsTenMinutes() {
    get("begin-downtime/r1.example/3306/ann/disk");
    assertEquals(
        "2026-11-22 10:10:00", map(get("instance/r1.example/3306")).get("DowntimeEndTimestamp"));
    assertError(
        "not a span of time: \"2x\"; write a number and one of s, m, h, d, w, as in 30m",
        null,
        "begin-downtime/r1.example/3306/ann/disk/2x");
  }

  @Test
  void whatIsDowntimedIsNoProblem() {
    assertTrue(keys("problems").toString().contains("gone.example"));
    get("begin-downtime/gone.example/3307/ann/broken");
    assertTrue(!keys("problems").toString().contains("gone.example"));
  }

  @Test
  void maintenanceIsBegunOnceAndEndedByServerOrKey() {
    assertOk(
        "Maintenance begun: r1.example:3306", R1, "begin-maintenance/r1.example/3306/ann/disks");
    assertError(
        "r1.example:3306 is in maintenance by ann (disks) already, until 2026-11-22T10:10:00.250Z",
        0,
        "begin-maintenance/r1.example/3306/ben/disks");
    assertOk("true", "r1.example:3306", "in-maintenance/r1.example/3306");
    assertEquals(
        List.of(
            fields(
                "MaintenanceId",
                1L,
                "Key",
                R1,
                "BeginTimestamp",
                "2026-11-22 10:00:00",
                "SecondsElapsed",
                0L,
                "IsActive",
                true,
                "Owner",
                "ann",
                "Reason",
                "disks")),
        get("maintenance").body());
    assertOk("Maintenance ended: 1", 1L, "end-maintenance/1");
    assertOk("false", "", "in-maintenance/r1.example/3306");
    get("begin-maintenance/r1.example/3306/ben/disks");
    assertOk("Maintenance ended: r1.example:3306", R1, "end-maintenance/r1.example/3306");
    assertEquals(List.of(), get("maintenance").body());
  }

  @Test
  void aCandidateIsRegistered() {
    assertNull(get("bulk-promotion-rules").body());
    assertEquals("neutral", map(get("instance/r1.example/3306")).get("PromotionRule"));
    assertOk("Registered candidate", R1, "register-candidate/r1.example/3306/prefer");
    assertEquals("prefer", map(get("instance/r1.example/3306")).get("PromotionRule"));
    assertEquals(true, map(get("instance/r1.example/3306")).get("IsCandidate"));
    assertEquals(
        List.of(
            fields(
                "Hostname",
                "r1.example",
                "Port",
                3306,
                "PromotionRule",
                "prefer",
                "LastSuggestedString",
                "2026-11-22 10:00:00",
                "PromotionRuleExpiry",
                "2026-11-22 11:00:00")),
        get("bulk-promotion-rules").body());
    get("register-candidate/r1.example/3306/must_not");
    assertEquals(false, map(get("instance/r1.example/3306")).get("IsCandidate"));
    assertError(
        "CandidatePromotionRule: must not supported yet",
        null,
        "register-candidate/r1.example/3306/must");
  }

  @Test
  void tagsAreSetAskedForAndTaken() {
    assertOk(
        "r1.example:3306 tagged with role=backup",
        R1,
        "tag/r1.example/3306",
        Map.of("tag", "role=backup\n"));
    assertOk("r1.example:3306 tagged with old=", R1, "tag/r1.example/3306", Map.of("tag", "old"));
    assertOk("r2.example:3306 tagged with role=web", null, "tag/r2.example/3306/role/web");
    assertEquals(List.of("old=", "role=backup"), get("tags/r1.example/3306").body());
    assertEquals("backup", get("tag-value/r1.example/3306/role").body());
    assertEquals(
        "backup", answer("tag-value/r1.example/3306", Map.of("tag", "role")).orElseThrow().body());
    assertError("tag new not found for r1.example:3306", null, "tag-value/r1.example/3306/new");
    assertEquals(List.of(R1), tagged("role,old"));
    assertEquals(List.of(R1), tagged("role=backup"));
    assertEquals(List.of(R1), tagged("~role=web"));
    assertEquals(List.of(Map.of("Hostname", "r2.example", "Port", 3306)), tagged("role,!old"));
    assertTrue(
        details("topology-tags/p.example:3306").contains("] [old,role=backup]"),
        details("topology-tags/p.example:3306"));
    assertTrue(details("topology-tags/p.example:3306").contains("] []"));
    assertOk(
        "old removed from 1 instances", List.of(R1), "untag/r1.example/3306", Map.of("tag", "old"));
    assertOk("role removed from 1 instances", List.of(R1), "untag-all/role/backup");
    assertEquals(List.of(), get("tags/r1.example/3306").body());
    assertError(
        "untag-all needs the tag's value too, as in role=value, so that no tag is lost everywhere"
            + " by mistake",
        null,
        "untag-all",
        Map.of("tag", "role"));
    assertError("Unable to parse tag: ", null, "tag/r1.example/3306");
    assertError(
        "~x says what is not so; name a tag, as in role=backup",
        null,
        "tag/r1.example/3306",
        Map.of("tag", "~x"));
  }

  private Object tagged(String query) {
    return answer("tagged/", Map.of("tag", query)).orElseThrow().body();
  }

  @Test
  void aPoolIsSubmittedAndAsked() {
    assertOk(
        "Applied readers pool instances",
        "readers",
        "submit-pool-instances/readers",
        Map.of("instances", "r1.example:3306,r2,gone.example:3307,elsewhere:3306\n"));
    List<Object> known =
        List.of(
            Map.of("Hostname", "gone.example", "Port", 3307),
            R1,
            Map.of("Hostname", "r2.example", "Port", 3306));
    assertOk(
        "Read pool instances for cluster p.example:3306",
        Map.of("readers", known),
        "cluster-pool-instances/p.example:3306");
    assertOk("Read pool instances for cluster x", Map.of(), "cluster-pool-instances/x");
    assertOk(
        "Read pool instances for cluster p.example:3306",
        Map.of(),
        "cluster-pool-instances/p.example:3306/writers");
    // Whoever does not answer is not handed out.
    assertEquals(
        List.of("r1.example", "r2.example"), hosts("heuristic-cluster-pool-instances/r3.example"));
    assertOk(
        "Heuristic pool lag for cluster p.example:3306",
        15L,
        "heuristic-cluster-pool-lag/p.example:3306/readers");
    assertError(
        "No instances found for cluster p.example:3306 in a pool",
        null,
        "heuristic-cluster-pool-lag/p.example:3306/writers");
    assertError(
        "not a server address (host:port expected): \"a:b\"",
        null,
        "submit-pool-instances/readers",
        Map.of("instances", "r1.example,a:b"));
    get("submit-pool-instances/readers");
    assertOk(
        "Read pool instances for cluster p.example:3306",
        Map.of(),
        "cluster-pool-instances/p.example:3306");
  }

  @Test
  void aClusterIsFoundByItsAliasWhereverItIsNamed() {
    assertOk(
        "Cluster p.example:3306 now has alias 'main'",
        null,
        "set-cluster-alias/p.example:3306",
        Map.of("alias", "main"));
    for (String path : List.of("cluster-info/main", "cluster-info/alias/main")) {
      assertEquals("p.example:3306", map(get(path)).get("ClusterName"), path);
      assertEquals("main", map(get(path)).get("ClusterAlias"), path);
    }
    assertEquals(6, ((List<?>) get("cluster/alias/main").body()).size());
    assertEquals("main", map(get("instance/r1.example/3306")).get("SuggestedClusterAlias"));
    assertEquals("p.example", hosts(get("search/main")).getFirst());
    assertEquals(200, get("master/main").status());
    assertError(
        "No cluster found for alias p.example:3306", null, "cluster-info/alias/p.example:3306");
    get("set-cluster-alias/main");
    assertEquals("p.example:3306", map(get("cluster-info/r1.example")).get("ClusterAlias"));
    assertEquals(200, get("cluster-info/alias/p.example:3306").status());
  }

  @Test
  void attributesOfHostsAreKept() {
    assertEquals(true, get("host-attribute/db1/rack/r7").body());
    assertEquals(true, get("host-attribute/db2/rack/x9").body());
    assertEquals(
        List.of(
            fields(
                "Hostname",
                "db1",
                "AttributeName",
                "rack",
                "AttributeValue",
                "r7",
                "SubmitTimestamp",
                "2026-11-22 10:00:00",
                "ExpireTimestamp",
                "")),
        answer("host-attribute/attr/rack/", Map.of("valueMatch", "^r")).orElseThrow().body());
    assertEquals(List.of(), get("host-attribute/attr/row").body());
    assertError("not a pattern: (", null, "host-attribute/attr/rack", Map.of("valueMatch", "("));
  }

  @Test
  void whatChangesSomethingIsForWhoMayWrite() {
    for (String path :
        List.of(
            "tag/a/1",
            "untag/a/1",
            "untag-all",
            "begin-downtime/a/1/o/r",
            "end-downtime/a/1",
            "begin-maintenance/a/1/o/r",
            "end-maintenance/1",
            "register-candidate/a/1/prefer",
            "submit-pool-instances/p",
            "set-cluster-alias/c",
            "host-attribute/h/a/v")) {
      assertTrue(api.writes(List.of(path.split("/"))), path);
    }
    for (String path : List.of("tagged", "tags/a/1", "maintenance", "downtimed")) {
      assertTrue(!api.writes(List.of(path.split("/"))), path);
    }
  }

  private static Map<String, Object> fields(Object... namesAndValues) {
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  private void assertOk(String message, Object details, String path) {
    assertOk(message, details, path, Map.of());
  }

  private void assertOk(String message, Object details, String path, Map<String, String> query) {
    Answer answer = answer(path, query).orElseThrow(() -> new AssertionError(path));
    assertEquals(message, map(answer).get("Message"), path);
    assertEquals("OK", map(answer).get("Code"), path);
    assertEquals(200, answer.status(), path);
    if (details != null) {
      assertEquals(details, map(answer).get("Details"), path);
    }
  }

  private void assertError(String message, Object details, String path) {
    assertError(message, details, path, Map.of());
  }

  private void assertError(String message, Object details, String path, Map<String, String> query) {
    Answer answer = answer(path, query).orElseThrow(() -> new AssertionError(path));
    assertEquals(message, map(answer).get("Message"), path);
    assertEquals(500, answer.status(), path);
    assertEquals(details, map(answer).get("Details"), path);
  }

  private List<Object> keys(String path) {
    var keys = new ArrayList<Object>();
    ((List<?>) get(path).body()).forEach(i -> keys.add(((Map<?, ?>) i).get("Key")));
    return keys;
  }

  private List<String> hosts(String path) {
    return hosts((List<?>) map(get(path)).get("Details"));
  }

  private static List<String> hosts(Answer answer) {
    return hosts((List<?>) answer.body());
  }

  private static List<String> hosts(List<?> instances) {
    return instances.stream()
        .map(i -> (Map<?, ?>) ((Map<?, ?>) i).get("Key"))
        .map(key -> (String) key.get("Hostname"))
        .toList();
  }

  private String details(String path) {
    return (String) map(get(path)).get("Details");
  }

  private Answer get(String path) {
    return answer(path, Map.of()).orElseThrow(() -> new AssertionError("no such path: " + path));
  }

  private Optional<Answer> answer(String path, Map<String, String> query) {
    return api.answer(
        Stream.of(path.replace("%0A", "\n").split("/", -1)).toList(), query, Map.of(), ANN);
  }

  private static Map<?, ?> map(Answer answer) {
    return (Map<?, ?>) answer.body();
  }
}
