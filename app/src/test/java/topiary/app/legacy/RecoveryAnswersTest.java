package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.manager.By;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.state.Command;
import topiary.engine.state.RecoveryEnd;

/** orchestrator's paths about recoveries. */
class RecoveryAnswersTest {

  private static final By ANN = new By("ann", "test");
  private static final ClusterId CLUSTER = new ClusterId("c000000000001");
  private static final RecoveryId FIRST = new RecoveryId("ra1");
  private static final RecoveryId SECOND = new RecoveryId("rb2");

  private final FakeFleet fleet = new FakeFleet(Samples.tree());
  private final LegacyApi api =
      new LegacyApi(
          fleet,
          new LegacyNode("node1", "token1", "0.1.0", "sqlite", Samples.NOW, Optional::empty),
          InstantSource.fixed(Samples.NOW),
          Runnable::run,
          Optional.empty(),
          Optional.of(fleet.audit));

  @BeforeEach
  void register() throws RequestRefused {
    for (InstanceKey key : fleet.topology.instances().keySet()) {
      fleet.commit(new Command.RegisterInstance(key, CLUSTER), ANN);
    }
  }

  private void open(RecoveryId id) throws RequestRefused {
    fleet.commit(
        new Command.OpenRecovery(
            id,
            CLUSTER,
            Samples.P,
            RecoveryKind.PRIMARY,
            "DeadMaster",
            false,
            Optional.empty(),
            List.of(Samples.R2, Samples.R1),
            List.of()),
        ANN);
  }

  private void choose(RecoveryId id) throws RequestRefused {
    fleet.commit(new Command.ChooseSuccessor(id, Samples.R1, "Nothing.", "It suits."), ANN);
  }

  private void close(RecoveryId id, RecoveryEnd end) throws RequestRefused {
    fleet.commit(new Command.CloseRecovery(id, end, "As it went.", List.of()), ANN);
  }

  private void done(RecoveryId id) throws RequestRefused {
    open(id);
    choose(id);
    close(id, RecoveryEnd.DONE);
  }

  @Test
  void aRecoveryHasAllItsFields() throws RequestRefused {
    done(FIRST);
    Map<?, ?> one = one("audit-recovery");
    assertEquals(
        List.of(
            "Id",
            "UID",
            "AnalysisEntry",
            "SuccessorKey",
            "SuccessorAlias",
            "SuccessorBinlogCoordinates",
            "IsActive",
            "IsSuccessful",
            "LostReplicas",
            "ParticipatingInstanceKeys",
            "AllErrors",
            "RecoveryStartTimestamp",
            "RecoveryEndTimestamp",
            "ProcessingNodeHostname",
            "ProcessingNodeToken",
            "Acknowledged",
            "AcknowledgedAt",
            "AcknowledgedBy",
            "AcknowledgedComment",
            "LastDetectionId",
            "RelatedRecoveryId",
            "Type",
            "RecoveryType"),
        List.copyOf(one.keySet()));
    assertEquals(7L, one.get("Id"));
    assertEquals("ra1", one.get("UID"));
    assertEquals(Json.key(Samples.R1), one.get("SuccessorKey"));
    assertEquals(true, one.get("IsSuccessful"));
    assertEquals(true, one.get("IsActive"));
    assertEquals(List.of(""), one.get("AllErrors"));
    assertEquals("2026-11-22 10:00:00", one.get("RecoveryEndTimestamp"));
    var analysis = (Map<?, ?>) one.get("AnalysisEntry");
    assertEquals(Json.key(Samples.P), analysis.get("AnalyzedInstanceKey"));
    assertEquals("DeadMaster", analysis.get("Analysis"));
    assertEquals(2, analysis.get("CountReplicas"));
    assertEquals("p.example:3306", ((Map<?, ?>) analysis.get("ClusterDetails")).get("ClusterName"));
  }

  @Test
  void oneThatFailedSaysWhyAndNamesNobody() throws RequestRefused {
    open(FIRST);
    choose(FIRST);
    close(FIRST, RecoveryEnd.FAILED);
    Map<?, ?> one = one("audit-recovery");
    assertEquals(Json.NO_KEY, one.get("SuccessorKey"));
    assertEquals(false, one.get("IsSuccessful"));
    assertEquals(List.of("As it went."), one.get("AllErrors"));
  }

  @Test
  void eachIsFoundByWhatItGoesBy() throws RequestRefused {
    done(FIRST);
    done(SECOND);
    for (String path :
        List.of(
            "audit-recovery",
            "audit-recovery/0",
            "audit-recovery/cluster/p.example:3306",
            "audit-recovery/cluster/c000000000001/0",
            "audit-recovery/alias/r3.example:3306",
            "audit-recovery/alias/p.example:3306/0",
            "recently-active-cluster-recovery/p.example:3306",
            "recently-active-instance-recovery/r1.example/3306")) {
      assertEquals(List.of("rb2", "ra1"), names(path), path);
    }
    assertEquals(List.of("ra1"), names("audit-recovery/id/7"));
    assertEquals(List.of("rb2"), names("audit-recovery/uid/rb2"));
    for (String path :
        List.of(
            "audit-recovery/1",
            "audit-recovery/id/8",
            "audit-recovery/uid/p.example:3306",
            "audit-recovery/cluster/nobody:1",
            "active-cluster-recovery/p.example:3306",
            "recently-active-instance-recovery/r2.example/3306")) {
      assertEquals(List.of(), names(path), path);
    }
  }

  @Test
  void oneUnderWayIsActive() throws RequestRefused {
    open(FIRST);
    assertEquals(List.of("ra1"), names("active-cluster-recovery/p.example:3306"));
    assertEquals(List.of(), names("recently-active-cluster-recovery/p.example:3306"));
    assertEquals("", one("audit-recovery").get("RecoveryEndTimestamp"));
    assertError("Recovery ra1 is under way; it can be acknowledged when it has ended", ack("ra1"));
  }

  @Test
  void itsStepsAreWhatWasWrittenDown() throws RequestRefused {
    done(FIRST);
    var steps = (List<?>) get("audit-recovery-steps/ra1").body();
    assertEquals(List.of(7L, 8L, 9L), steps.stream().map(s -> ((Map<?, ?>) s).get("Id")).toList());
    var first = (Map<?, ?>) steps.getFirst();
    assertEquals(List.of("Id", "RecoveryUID", "AuditAt", "Message"), List.copyOf(first.keySet()));
    assertEquals("begin recovery ra1 of p.example:3306, DeadMaster", first.get("Message"));
    assertEquals(List.of(), get("audit-recovery-steps/what").body());
  }

  @Test
  void isAcknowledgedByEachOfItsNames() throws RequestRefused {
    for (String path :
        List.of(
            "cluster/r1.example:3306",
            "cluster/alias/p.example:3306",
            "instance/p.example/3306",
            "uid/%s",
            "%s",
            "number")) {
      var id = new RecoveryId("r%x".formatted(fleet.audit.head().index()));
      done(id);
      Object number = ((Map<?, ?>) list("audit-recovery").getFirst()).get("Id");
      String by = path.equals("number") ? number.toString() : path.formatted(id);
      assertEquals(List.of(id.text()), unacknowledged(), path);
      Answer answer = ack(by);
      assertEquals("OK", map(answer).get("Code"), answer.toString());
      assertEquals(List.of(), unacknowledged(), path);
      assertTrue(fleet.recoveries().ended().isEmpty(), path);
      Map<?, ?> now = (Map<?, ?>) list("audit-recovery").getFirst();
      assertEquals("seen", now.get("AcknowledgedComment"));
      assertEquals("ann", now.get("AcknowledgedBy"));
      assertEquals(false, now.get("IsActive"));
      assertEquals("OK", map(ack(by)).get("Code"), "again, " + path);
    }
    assertEquals("p.example:3306", map(ack("cluster/r1.example:3306")).get("Details"));
    assertEquals(Json.key(Samples.P), map(ack("instance/p.example/3306")).get("Details"));
    assertError("No recovery found: 1", ack("1"));
    assertError("No recovery found: what", ack("what"));
    assertError("No acknowledge comment given", get("ack-recovery/1"));
    assertError("No acknowledge comment given", get("ack-all-recoveries"));
  }

  @Test
  void allAreAcknowledgedAtOnce() throws RequestRefused {
    done(FIRST);
    done(SECOND);
    Answer answer = answer("ack-all-recoveries", Map.of("comment", " seen "));
    assertEquals("seen", map(answer).get("Details"));
    assertEquals(List.of(), unacknowledged());
  }

  @Test
  void takingOverAnswersWithTheRecovery() throws RequestRefused {
    done(FIRST);
    fleet.recovered = fleet.recoveryBook().find(FIRST);
    for (String path :
        List.of(
            "graceful-master-takeover/p.example:3306/r1.example/3306",
            "graceful-master-takeover/p.example/3306/r1.example/3306",
            "graceful-master-takeover-auto/r1.example:3306/r1.example/3306",
            "force-master-failover/p.example:3306",
            "force-master-takeover/p.example/3306/r1.example/3306")) {
      Map<?, ?> envelope = map(get(path));
      assertEquals("OK", envelope.get("Code"), path);
      Map<?, ?> details = (Map<?, ?>) envelope.get("Details");
      assertEquals("ra1", details.get("UID"), path);
      assertEquals(Json.key(Samples.R1), details.get("SuccessorKey"), path);
    }
    assertEquals(
        List.of(
            "r1.example:3306 takes over from p.example:3306 for ann",
            "r1.example:3306 takes over from p.example:3306 for ann",
            "r1.example:3306 takes over from p.example:3306 for ann",
            "fail over p.example:3306 for ann",
            "fail over p.example:3306 to r1.example:3306 for ann"),
        fleet.asked);
  }

  @Test
  void whoTakesOverMustBeNamedWhereThereAreSeveral() {
    Object message = message(get("graceful-master-takeover/p.example:3306"));
    assertTrue(message.toString().contains("should only have one replica"), message.toString());
    assertEquals(List.of(), fleet.asked);
  }

  @Test
  void recoveringAnswersWithWhoHasThePlace() throws RequestRefused {
    done(FIRST);
    fleet.recovered = fleet.recoveryBook().find(FIRST);
    for (String verb : List.of("recover", "recover-lite")) {
      Map<?, ?> envelope = map(get(verb + "/p.example/3306"));
      assertEquals("Recovery executed on p.example:3306", envelope.get("Message"));
      assertEquals(Json.key(Samples.R1), envelope.get("Details"));
      get(verb + "/p.example/3306/r1.example/3306");
    }
    assertEquals(
        List.of(
            "recover p.example:3306 for ann",
            "recover p.example:3306 by r1.example:3306 for ann",
            "recover p.example:3306 without hooks for ann",
            "recover p.example:3306 by r1.example:3306 without hooks for ann"),
        fleet.asked);
    answer("recover/p.example/3306", Map.of("skipProcesses", "true"));
    assertEquals("recover p.example:3306 without hooks for ann", fleet.asked.getLast());
    assertEquals("Cannot read instance: nobody:1", message(get("recover/p.example/3306/nobody/1")));
  }

  @Test
  void keysAndValuesAreToldAsPairsAndNoneAsNull() throws RequestRefused {
    Map<?, ?> envelope = map(get("submit-masters-to-kv-stores"));
    assertEquals("Submitted 0 masters", envelope.get("Message"));
    assertNull(envelope.get("Details"));
    fleet.told.put("mysql/master/shop", "p.example:3306");
    envelope = map(get("submit-masters-to-kv-stores/p.example:3306"));
    assertEquals("Submitted 1 masters", envelope.get("Message"));
    assertEquals(
        List.of(Map.of("Key", "mysql/master/shop", "Value", "p.example:3306")),
        envelope.get("Details"));
    assertEquals(
        List.of("submit primaries for ann", "submit primaries of " + CLUSTER + " for ann"),
        fleet.asked);
  }

  @Test
  void aRecoveryInVainIsAnErrorAboutTheDeadOne() throws RequestRefused {
    open(FIRST);
    close(FIRST, RecoveryEnd.FAILED);
    fleet.recovered = fleet.recoveryBook().find(FIRST);
    Answer answer = get("recover/p.example/3306");
    assertEquals("Recovery attempted but no instance promoted: As it went.", message(answer));
    assertEquals(Json.key(Samples.P), map(answer).get("Details"));
    fleet.refusal =
        Optional.of(new RequestRefused(RequestRefused.Kind.REFUSED, "p.example:3306 answers"));
    answer = get("recover/p.example/3306");
    assertEquals(500, answer.status());
    assertEquals("Recovery not attempted: p.example:3306 answers", message(answer));
    assertEquals(Json.key(Samples.P), map(answer).get("Details"));
  }

  @Test
  void allAreStoppedAndLetGoOn() {
    assertEquals("enabled", map(get("check-global-recoveries")).get("Details"));
    assertEquals("disabled", map(get("disable-global-recoveries")).get("Details"));
    assertEquals("disabled", map(get("check-global-recoveries")).get("Details"));
    assertEquals("enabled", map(get("enable-global-recoveries")).get("Details"));
    assertEquals("Global recoveries enabled", message(get("check-global-recoveries")));
  }

  @Test
  void theSwitchesShowInClustersAndFilters() throws RequestRefused {
    assertEquals(List.of(false, false), automated());
    assertEquals(List.of(List.of(), List.of(), List.of()), filters());
    turn(Optional.empty(), Optional.of(RecoveryKind.PRIMARY), true);
    assertEquals(List.of(true, false), automated());
    assertEquals(List.of(List.of("*"), List.of(), List.of()), filters());
    turn(Optional.of(CLUSTER), Optional.empty(), false);
    turn(Optional.of(CLUSTER), Optional.of(RecoveryKind.INTERMEDIATE), true);
    assertEquals(List.of(false, true), automated());
    assertEquals(List.of(List.of(), List.of("p.example:3306"), List.of()), filters());
  }

  private void turn(Optional<ClusterId> cluster, Optional<RecoveryKind> kind, boolean on)
      throws RequestRefused {
    fleet.commit(new Command.SwitchRecovery(cluster, kind, on), ANN);
  }

  private List<?> automated() {
    Map<?, ?> cluster = one("clusters-info");
    return List.of(
        cluster.get("HasAutomatedMasterRecovery"),
        cluster.get("HasAutomatedIntermediateMasterRecovery"));
  }

  private List<?> filters() {
    return List.copyOf(
        ((Map<?, ?>) map(get("automated-recovery-filters")).get("Details")).values());
  }

  @Test
  void whatIsDueAndStoppedByOneBeforeItIsBlocked() throws RequestRefused {
    turn(Optional.empty(), Optional.empty(), true);
    done(FIRST);
    assertEquals(List.of(), list("blocked-recoveries"));
    killP();
    Map<?, ?> one = one("blocked-recoveries");
    assertEquals(
        List.of(
            "FailedInstanceKey",
            "ClusterName",
            "Analysis",
            "LastBlockedTimestamp",
            "BlockingRecoveryId"),
        List.copyOf(one.keySet()));
    assertEquals(Json.key(Samples.P), one.get("FailedInstanceKey"));
    assertEquals("DeadMaster", one.get("Analysis"));
    assertEquals(8L, one.get("BlockingRecoveryId"));
    assertEquals(one, one("blocked-recoveries/cluster/p.example:3306"));
    assertEquals(List.of(), list("blocked-recoveries/cluster/nobody:1"));
    get("disable-global-recoveries");
    assertEquals(List.of(), list("blocked-recoveries"));
    get("enable-global-recoveries");
    ack("ra1");
    assertEquals(List.of(), list("blocked-recoveries"));
  }

  /** It is gone, and its only replica says so. */
  private void killP() {
    Instant at = Samples.NOW;
    var error = new ReplicationError(2003, "cannot connect");
    Channel c = Samples.running(Samples.P, 0);
    var trying =
        new Channel(
            c.name(),
            c.source(),
            c.user(),
            c.gtid(),
            ThreadState.CONNECTING,
            c.sql(),
            c.filtered(),
            c.tls(),
            c.delaySeconds(),
            c.progress(),
            error,
            c.sqlError());
    fleet.topology =
        Samples.topology(
            Samples.tree()
                .instance(Samples.P)
                .orElseThrow()
                .after(
                    Observation.failed(
                        Samples.P, at, Duration.ofMillis(1), Condition.ABSENT, "nobody listens")),
            Samples.seen(Samples.R1, Samples.facts(2, true, List.of(trying))));
  }

  private List<?> unacknowledged() {
    return ((List<?>) answer("audit-recovery", Map.of("unacknowledged", "true")).body())
        .stream().map(r -> ((Map<?, ?>) r).get("UID")).toList();
  }

  private List<?> names(String path) {
    return list(path).stream().map(r -> ((Map<?, ?>) r).get("UID")).toList();
  }

  private Answer ack(String which) {
    return answer("ack-recovery/" + which, Map.of("comment", "seen"));
  }

  private void assertError(String sentence, Answer answer) {
    assertEquals(500, answer.status());
    assertEquals(sentence, message(answer));
  }

  private static Object message(Answer answer) {
    return map(answer).get("Message");
  }

  private Map<?, ?> one(String path) {
    List<?> all = list(path);
    assertEquals(1, all.size(), all.toString());
    return (Map<?, ?>) all.getFirst();
  }

  private List<?> list(String path) {
    return (List<?>) get(path).body();
  }

  private Answer get(String path) {
    return answer(path, Map.of());
  }

  private Answer answer(String path, Map<String, String> query) {
    return api.answer(Stream.of(path.split("/", -1)).toList(), query, Map.of(), ANN)
        .orElseThrow(() -> new AssertionError("no such path: " + path));
  }

  private static Map<?, ?> map(Answer answer) {
    return (Map<?, ?>) answer.body();
  }
}
