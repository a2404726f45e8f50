package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.app.desktop.SampleFindings.finding;
import static topiary.app.desktop.SampleFindings.said;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.SampleFindings;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.OutlookView;
import topiary.engine.finding.Code;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.said.Downtime;
import topiary.engine.said.OfServer;

/** What the window says of what is found. */
class FindingsModelTest {

  private static final Instant NOW = Samples.NOW;
  private static final InstanceKey P = Samples.key("p");
  private static final InstanceKey Q = Samples.key("q");
  private static final Topology SERVERS =
      Samples.topology(1, Samples.primary("p"), Samples.replica("a", "p"), Samples.primary("q"));

  private final FakeGateway node = new FakeGateway();
  private final WindowModel model =
      new WindowModel(
          node, new Tasks(Runnable::run, Runnable::run), new Planner(PlanPolicy.DEFAULT));

  private static FindingView dead(int seconds, String words) {
    return finding(Code.DEAD_MASTER, NOW.minusSeconds(seconds), said("p", NOW, words));
  }

  private static FindingView warning() {
    return finding(Code.NO_CANDIDATE, NOW.minusSeconds(90));
  }

  private void tell(Map<InstanceKey, List<FindingView>> found, Map<InstanceKey, OfServer> said) {
    node.found = found;
    node.tell(SERVERS, said, NOW);
  }

  private List<String> lines() {
    return model.findings().all().get().stream()
        .map(l -> l.server().host() + " " + l.finding().code() + (l.known() ? " known" : ""))
        .toList();
  }

  @Test
  void theWorstComesFirstAndWhatIsKnownLast() {
    model.start();
    tell(Map.of(P, List.of(dead(2, "silent"), warning()), Q, List.of(dead(9, "silent"))), Map.of());
    assertEquals(List.of("q DeadMaster", "p DeadMaster", "p NoCandidate"), lines());
    assertEquals(2, model.findings().urgent());
    assertEquals(Optional.of(Severity.FAILURE), model.findings().worst());
    assertEquals("2 wrong, 1 warning", model.findings().words());
    var known =
        new OfServer(
            "",
            Optional.empty(),
            Optional.of(new Downtime("me", "", NOW, NOW.plusSeconds(60))),
            Optional.empty(),
            new java.util.TreeMap<>(),
            new java.util.TreeSet<>());
    tell(
        Map.of(P, List.of(dead(2, "silent"), warning()), Q, List.of(dead(9, "silent"))),
        Map.of(Q, known));
    assertEquals(List.of("p DeadMaster", "p NoCandidate", "q DeadMaster known"), lines());
    assertEquals(1, model.findings().urgent());
    tell(Map.of(), Map.of());
    assertEquals(List.of(), lines());
    assertEquals("Nothing is wrong.", model.findings().words());
  }

  @Test
  void otherWordsOfAWitnessDoNotMakeTheListAnew() {
    model.start();
    tell(Map.of(P, List.of(dead(2, "silent"))), Map.of());
    var lists = new ArrayList<List<FindingsModel.Line>>();
    model.findings().all().subscribe((before, now) -> lists.add(now));
    tell(Map.of(P, List.of(dead(2, "still silent"))), Map.of());
    assertEquals(List.of(), lists);
    String now = model.findings().now(model.findings().all().get().getFirst()).explained(NOW);
    assertEquals(
        "DeadMaster for 2 s\nThe primary is dead, and none of its replicas is connected to it.\n"
            + "  p:3306: still silent",
        now);
  }

  /** Its replicas are what is wrong, and the server itself seems well. */
  @Test
  void aCardAndItsClusterSayWhatIsFound() {
    model.start();
    tell(Map.of(P, List.of(finding(Code.MASTER_SINGLE_REPLICA_DEAD, NOW))), Map.of());
    model.show(model.clusters().get().getFirst().id());
    ServerCard card = model.picture().get().cards().get(P);
    assertEquals("MasterSingleReplicaDead", card.alarm().orElseThrow().words());
    assertEquals(Mood.WELL, card.mood());
    assertEquals(1, model.clusters().get().getFirst().troubled());
    model.select(Optional.of(P));
    String details = Details.text(P, model.details(NOW));
    assertTrue(details.contains("Found\nTrouble: MasterSingleReplicaDead\n"), details);
    tell(Map.of(P, List.of(warning(), warning())), Map.of());
    assertEquals("2 warnings", model.picture().get().cards().get(P).alarm().orElseThrow().words());
    assertEquals(0, model.clusters().get().getFirst().troubled());
  }

  @Test
  void whatWouldComeOfADeathIsSaidAndDrawn() {
    model.start();
    node.tell(
        Samples.topology(
            1,
            Samples.primary("p"),
            Samples.replica("a", "p"),
            Samples.replica("b", "p"),
            Samples.replica("c", "p")),
        NOW);
    node.outlook =
        Optional.of(
            new OutlookView(
                P,
                Optional.of(dead(0, "would be dead")),
                Duration.ofMillis(1_500),
                Optional.of(Samples.key("a")),
                Duration.ZERO,
                Map.of(Samples.key("b"), "is wanted less"),
                Map.of(Samples.key("b"), Samples.key("a")),
                Map.of(Samples.key("c"), "does not answer"),
                "nothing that was acknowledged"));
    model.select(Optional.of(P));
    new Actions(model, new FakeView()).whatIf.run();
    WhatIfModel.State state = model.whatIf().state().get();
    assertEquals(
        List.of(
            "Found: DeadMaster: the primary is dead, and none of its replicas is connected to it.",
            "When: At once if its process dies; after 1.5 s if it hangs or its machine is off.",
            "Successor: a:3306, which would have nothing left to apply.",
            "Lost: Nothing that was acknowledged."),
        WhatIfModel.lines(state.outlook().orElseThrow()).stream()
            .map(l -> l.name() + ": " + l.words())
            .toList());
    BeforeAfter trees = state.trees().orElseThrow();
    assertEquals("p[a* b* c]", drawn(trees.now()));
    assertEquals("p†[c] a*[b*]", drawn(trees.afterwards()));
    node.refusal =
        Optional.of(
            new GatewayException("p:3306 is not known", GatewayException.Kind.REFUSED, null));
    model.whatIf().ask(P);
    assertEquals("p:3306 is not known.", model.whatIf().state().get().sentence());
    model.whatIf().close();
    assertEquals(Optional.empty(), model.whatIf().state().get().server());
  }

  private static String drawn(List<BeforeAfter.Branch> branches) {
    return branches.stream()
        .map(
            b ->
                b.key().host()
                    + (b.lost() ? "†" : "")
                    + (b.moved() ? "*" : "")
                    + (b.below().isEmpty() ? "" : "[" + drawn(b.below()) + "]"))
        .collect(Collectors.joining(" "));
  }

  @Test
  void aClustersReadinessIsAskedAgainWhenItIsOld() {
    model.start();
    tell(Map.of(), Map.of());
    ClusterRow row = model.clusters().get().getFirst();
    node.readiness = SampleFindings.readiness(List.of(row));
    model.readiness().tick(NOW, false);
    assertEquals(Optional.empty(), model.readiness().of(row), "the node does not answer");
    model.readiness().tick(NOW, true);
    assertEquals(
        "Ready for the death of p:3306: 90 of 100\n−10  Only a-replica:3306 could take its place",
        ReadinessModel.explained(model.readiness().of(row).orElseThrow()));
    node.readiness = List.of();
    model.readiness().tick(NOW.plusSeconds(3), true);
    assertTrue(model.readiness().of(row).isPresent());
    model.readiness().tick(NOW.plusSeconds(10), true);
    assertEquals(Optional.empty(), model.readiness().of(row));
  }

  @Test
  void theSamplesAreInOrder() {
    model.start();
    tell(SampleFindings.of(NOW), Map.of());
    assertEquals(
        List.of(
            "eu-west-1 DeadIntermediateMaster",
            "us-primary AllMasterReplicasNotReplicatingOrDead",
            "shop-staging UnreachableMaster",
            "eu-primary MultipleMajorVersionsLoggingReplicasStructureWarning",
            "eu-primary DriftedSettings"),
        lines());
  }
}
