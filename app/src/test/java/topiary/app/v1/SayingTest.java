package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.Still;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.Json;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.ServerTrouble;
import topiary.engine.said.Attribute;
import topiary.engine.said.Freeze;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.ToldPrimary;
import topiary.engine.state.Verdict;

/** What is said of servers through our own API, on a log that applies it. */
class SayingTest {

  private static final InstanceKey DB1 = new InstanceKey("db1", 3306);
  private static final ClusterId CLUSTER = new ClusterId("c000000000001");

  private final Applied log = new Applied();
  private final EventHub hub = new EventHub("7", Map::of);
  private final Manager manager =
      new Manager(
          new Ports(
              (key, deadline) -> {
                throw new ServerTrouble(Condition.UNREACHABLE, 0, "no host is called so", null);
              },
              log,
              log,
              Still.clock(Samples.NOW),
              Still.AT_ONCE,
              (topology, touched) -> {},
              UUID::randomUUID),
          Policies.DEFAULT);
  private final V1Api api =
      new V1Api(
          manager,
          new NodeInfo("1.2.3", "7", Path.of("/data"), Optional::empty, new TreeMap<>()),
          hub,
          InstantSource.fixed(Samples.NOW));

  @BeforeEach
  void start() {
    manager.start();
    log.submit(
        new Entry(
            new Header(UUID.randomUUID(), "ann", "test", Samples.NOW, 1),
            new Command.RegisterInstance(DB1, CLUSTER)));
  }

  @Test
  void downtimeIsSaidAndAskedFor() throws Exception {
    String until = Samples.NOW.plusSeconds(5400).toString();
    assertEquals(
        "db1:3306 is in downtime until " + until + ".\n",
        text("POST", "begin-downtime", "instance", "db1", "reason", "disk", "duration", "90m"));
    Map<?, ?> one = (Map<?, ?>) list("downtimed", "cluster", "db1").getFirst();
    assertEquals("local user", one.get("owner"), "whoever asks, when nobody is named");
    assertEquals("disk", one.get("reason"));
    assertEquals(until, one.get("until"));
    Map<String, Object> server = object("GET", "instance", "instance", "db1");
    assertEquals("disk", ((Map<?, ?>) server.get("downtime")).get("reason"));
    assertEquals(
        "db1:3306 is in downtime no more.\n", text("POST", "end-downtime", "instance", "db1"));
    assertEquals("No server is in downtime.\n", text("GET", "downtimed"));
    assertEquals(null, object("GET", "instance", "instance", "db1").get("downtime"));
  }

  @Test
  void byWhatServersAreJudgedIsSetForAllAndForOneCluster() throws Exception {
    assertEquals(
        "patience is 5s.\n", text("POST", "set-judgement-rule", "rule", "patience", "value", "5s"));
    assertEquals(
        "patience is 1500ms for cluster " + CLUSTER + ".\n",
        text("POST", "set-judgement-rule", "rule", "patience", "value", "fast", "cluster", "db1"));
    assertEquals("5s", rule("value"));
    assertEquals("1500ms", rule("value", "cluster", "db1"));
    assertEquals("cluster", rule("setFor", "cluster", "db1"));
    assertEquals(Duration.ofMillis(1500), manager.world().policy(DB1).patience());
    assertEquals(
        "patience is 5s for cluster " + CLUSTER + ".\n",
        text("POST", "set-judgement-rule", "rule", "patience", "cluster", "db1"));
    assertEquals(Duration.ofSeconds(5), manager.world().policy(DB1).patience());
    assertEquals(
        "11m is not from 500ms to 600s",
        no(422, "set-judgement-rule", "rule", "patience", "value", "11m"));
    assertTrue(
        no(422, "set-judgement-rule", "rule", "pace", "value", "1")
            .startsWith("no rule is called"));
  }

  @Test
  void howDeadServersAreRecoveredIsSetForAllAndForOneCluster() throws Exception {
    assertEquals(
        "block is 2h.\n",
        text("POST", "set-recovery-rule", "rule", "RecoveryPeriodBlockSeconds", "value", "7200"));
    assertEquals(
        "block is 0s for cluster " + CLUSTER + ".\n",
        text("POST", "set-recovery-rule", "rule", "block", "value", "0s", "cluster", "db1"));
    Map<?, ?> block = (Map<?, ?>) list("recovery-rules", "cluster", "db1").getFirst();
    assertEquals("0s", block.get("value"));
    assertEquals("cluster", block.get("setFor"));
    assertEquals("2h", ((Map<?, ?>) list("recovery-rules").getFirst()).get("value"));
    assertEquals(
        "block is 2h for cluster " + CLUSTER + ".\n",
        text("POST", "set-recovery-rule", "rule", "block", "cluster", "db1"));
    assertTrue(
        no(422, "set-recovery-rule", "rule", "patience", "value", "5s")
            .startsWith("no rule is called"));
    assertTrue(
        text("GET", "recovery-rules")
            .contains("block             2h  (set for all)\n    how long"));
  }

  @Test
  void howManyRecoveriesBeginAtOnceIsSetForAllTogether() throws Exception {
    assertTrue(text("GET", "recovery-rules").contains("at-once           8\n    how many"));
    assertEquals(
        "at-once is 20.\n", text("POST", "set-recovery-rule", "rule", "at-once", "value", "20"));
    assertTrue(
        text("GET", "recovery-rules", "cluster", "db1")
            .contains("at-once           20  (set for all)\n"));
    assertEquals(
        "at-once is for all clusters together, and no cluster has one of its own",
        no(422, "set-recovery-rule", "rule", "at-once", "value", "5", "cluster", "db1"));
  }

  @Test
  void whereApplicationsWriteIsListed() throws Exception {
    assertTrue(text("GET", "key-values").startsWith("Of no cluster anything is told"));
    manager.request(
        new Command.TellPrimary(CLUSTER, new ToldPrimary("shop", DB1, "192.0.2.7", "")),
        new By("ann", "test"));
    text("POST", "set-recovery-rule", "rule", "key-prefix", "value", "kv/", "cluster", "db1");
    assertEquals(
        "kv/shop:db1:3306\nkv/shop/hostname:db1\nkv/shop/ipv4:192.0.2.7\nkv/shop/ipv6:\n"
            + "kv/shop/port:3306\n",
        text("GET", "key-values"));
    assertEquals("db1:3306", object("GET", "key-values", "cluster", "db1").get("kv/shop"));
    // Nobody has seen it, so that nothing is known to take writes.
    assertEquals("There was nothing to write.\n", text("POST", "submit-masters-to-kv-stores"));
  }

  private Object rule(String field, String... of) throws Exception {
    return ((Map<?, ?>) list("judgement-rules", of).getFirst()).get(field);
  }

  @Test
  void aClusterIsFrozenAndSaysSo() throws Exception {
    Instant until = Samples.NOW.plusSeconds(3600);
    assertEquals(
        "Nothing is done by itself about the failures of cluster "
            + CLUSTER
            + " from "
            + Samples.NOW
            + " until "
            + until
            + ".\n",
        text("POST", "begin-freeze", "cluster", "db1", "reason", "moving"));
    assertEquals("moving", ((Map<?, ?>) list("frozen").getFirst()).get("reason"));
    assertEquals(Optional.of(until), manager.world().freeze(DB1).map(Freeze::until));
    assertEquals(
        "that time is over: it ends at " + Samples.NOW,
        no(
            422,
            "begin-freeze",
            "cluster",
            "db1",
            "reason",
            "moving",
            "from",
            Samples.NOW.minusSeconds(60).toString(),
            "duration",
            "1m"));
    assertEquals(
        "Cluster " + CLUSTER + " is frozen no more.\n",
        text("POST", "end-freeze", "cluster", "db1"));
    assertEquals("No cluster is frozen.\n", text("GET", "frozen"));
  }

  @Test
  void maintenanceIsBegunAndEnded() throws Exception {
    Map<String, Object> begun =
        object("POST", "begin-maintenance", "instance", "db1", "reason", "disk", "owner", "ann");
    assertEquals(1, begun.get("id"));
    assertEquals(
        "db1:3306 is in maintenance by ann (disk) already, until " + Samples.NOW.plusSeconds(600),
        no(422, "begin-maintenance", "instance", "db1", "reason", "disk"));
    assertEquals("name either a server or the id of a maintenance", no(400, "end-maintenance"));
    assertEquals("Maintenance 1 is over.\n", text("POST", "end-maintenance", "id", "1"));
    assertEquals("Nobody works on a server.\n", text("GET", "maintenance"));
  }

  @Test
  void tagsRulesAndPoolsAreSaid() throws Exception {
    assertEquals(
        "db1:3306 has the tag role=backup.\n",
        text("POST", "tag", "instance", "db1", "tag", "role=backup"));
    assertEquals("role=backup\n", text("GET", "tags", "instance", "db1"));
    assertEquals(List.of("db1:3306"), list("tagged", "tag", "role,~old"));
    assertEquals(List.of(), list("tagged", "tag", "~role"));
    assertEquals("tag: Unable to parse tag: =", no(400, "untag", "instance", "db1", "tag", "="));
    assertEquals("db1:3306\n", text("POST", "untag-all", "tag", "role=backup"));
    assertEquals("db1:3306 has no tags.\n", text("GET", "tags", "instance", "db1"));

    text("POST", "register-candidate", "instance", "db1", "rule", "must_not");
    assertEquals(
        "db1:3306  must_not  until " + Samples.NOW.plusSeconds(3600) + "\n",
        text("GET", "promotion-rules"));
    assertEquals("must_not", object("GET", "instance", "instance", "db1").get("promotionRule"));
    assertEquals(
        "rule: CandidatePromotionRule: must not supported yet",
        no(400, "register-candidate", "instance", "db1", "rule", "must"));

    text("POST", "submit-pool-instances", "pool", "readers", "instances", "db1,db2:3307");
    assertEquals(
        List.of("db1:3306", "db2:3307"), ((Map<?, ?>) list("pools").getFirst()).get("instances"));
    assertEquals(
        List.of("db1:3306"),
        ((Map<?, ?>) list("pools", "cluster", "db1").getFirst()).get("instances"));
    // It was never seen.
    assertEquals(null, object("GET", "pool-instances", "cluster", "db1").get("lagSeconds"));
    text("POST", "submit-pool-instances", "pool", "readers");
    assertEquals("There are no pools.\n", text("GET", "pools"));
  }

  @Test
  void aClusterGoesByItsAlias() throws Exception {
    assertEquals(
        "Cluster " + CLUSTER + " is called main.\n",
        text("POST", "set-cluster-alias", "cluster", "db1:3306", "alias", "main"));
    text("POST", "set-cluster-domain", "cluster", "main", "domain", "main.example");
    Map<?, ?> cluster = (Map<?, ?>) list("clusters").getFirst();
    assertEquals("main", cluster.get("alias"));
    assertEquals("main.example", cluster.get("domain"));
    assertEquals(
        1, ((List<?>) object("GET", "topology", "cluster", "main").get("clusters")).size());
    assertEquals(
        "no cluster or server is called other",
        no(404, "set-cluster-alias", "cluster", "other", "alias", "x"));
    text("POST", "set-cluster-alias", "cluster", "main");
    assertEquals(null, ((Map<?, ?>) list("clusters").getFirst()).get("alias"));
  }

  @Test
  void attributesOfHostsAreKept() throws Exception {
    text("POST", "set-host-attribute", "host", "db1", "name", "rack", "value", "r7");
    assertEquals("db1  rack  r7\n", text("GET", "host-attributes", "name", "rack"));
    assertEquals("Nothing is said of a host.\n", text("GET", "host-attributes", "name", "row"));
    text("POST", "set-host-attribute", "host", "db2", "name", "row", "value", "2");
    assertEquals("db1  rack  r7\n", text("GET", "host-attributes", "host", "db1"));
    assertEquals(
        "no row is said of host db1",
        no(404, "remove-host-attribute", "host", "db1", "name", "row"));
    no(400, "remove-host-attribute", "host", "db1");
    assertEquals(
        "db1: rack is said no more; it was r7\n",
        text("POST", "remove-host-attribute", "host", "db1", "name", "rack"));
    assertEquals("Nothing is said of a host.\n", text("GET", "host-attributes", "host", "db1"));
    assertEquals("db2  row  2\n", text("GET", "host-attributes"));
    assertEquals(405, ask("GET", "remove-host-attribute", false).status());
  }

  private Reply.Whole ask(String method, String operation, boolean text, String... arguments) {
    var values = new TreeMap<String, String>();
    for (int i = 0; i < arguments.length; i += 2) {
      values.put(arguments[i], arguments[i + 1]);
    }
    boolean post = method.equals("POST");
    Map<String, String> headers =
        text
            ? Map.of("content-type", "application/json", "accept", "text/plain")
            : Map.of("content-type", "application/json");
    var request =
        new Request(
            method,
            List.of(operation.split("/")),
            post ? Map.of() : values,
            headers,
            post ? Json.bytes(values) : new byte[0]);
    return (Reply.Whole) api.handle(request);
  }

  private String text(String method, String operation, String... arguments) {
    Reply.Whole reply = ask(method, operation, true, arguments);
    String text = new String(reply.bytes(), StandardCharsets.UTF_8);
    assertEquals(200, reply.status(), text);
    return text;
  }

  private Map<String, Object> object(String method, String operation, String... arguments)
      throws Json.BadJson {
    return Json.object(ask(method, operation, false, arguments).bytes());
  }

  private List<?> list(String operation, String... arguments) throws Json.BadJson {
    String json =
        new String(ask("GET", operation, false, arguments).bytes(), StandardCharsets.UTF_8);
    return (List<?>)
        Json.object(("{\"rows\":" + json + "}").getBytes(StandardCharsets.UTF_8)).get("rows");
  }

  private String no(int status, String operation, String... arguments) throws Json.BadJson {
    Reply.Whole reply = ask("POST", operation, false, arguments);
    assertEquals(status, reply.status());
    return (String) ((Map<?, ?>) Json.object(reply.bytes()).get("error")).get("message");
  }

  private static final class Applied implements CommandLog, PlanJournal {

    private final List<Follower> followers = new ArrayList<>();
    private final List<Attribute> attributes = new ArrayList<>();
    private ManagerState state = ManagerState.EMPTY;

    @Override
    public CompletableFuture<Verdict> submit(Entry entry) {
      ManagerState.Applied next = state.apply(entry);
      state = next.state();
      if (entry.command() instanceof Command.SetAttribute c) {
        attributes.removeIf(a -> a.host().equals(c.host()) && a.name().equals(c.name()));
        if (!c.value().isEmpty()) {
          attributes.add(new Attribute(c.host(), c.name(), c.value(), entry.header().at()));
        }
      }
      followers.forEach(follower -> follower.applied(state));
      return CompletableFuture.completedFuture(next.verdict());
    }

    @Override
    public ManagerState state() {
      return state;
    }

    @Override
    public Leadership leadership() {
      return Leadership.ALONE;
    }

    @Override
    public CompletableFuture<Void> confirm(long term) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void follow(Follower follower) {
      followers.add(follower);
    }

    @Override
    public Optional<PlanRecord> plan(PlanId id) {
      return Optional.empty();
    }

    @Override
    public List<PlanRecord> latest(int limit) {
      return List.of();
    }

    @Override
    public List<Attribute> attributes(Optional<String> name) {
      return attributes.stream()
          .filter(a -> name.isEmpty() || name.get().equals(a.name()))
          .toList();
    }
  }
}
