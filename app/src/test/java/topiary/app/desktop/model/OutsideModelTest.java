package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static topiary.app.desktop.SampleFindings.finding;
import static topiary.app.desktop.SampleFindings.said;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.FindingView;
import topiary.engine.finding.Code;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.said.Downtime;
import topiary.engine.said.OfServer;

/** What is told outside of the window. */
class OutsideModelTest {

  private static final InstanceKey P = Samples.key("p");
  private static final Topology SERVERS =
      Samples.topology(1, Samples.primary("p"), Samples.replica("a", "p"), Samples.primary("q"));
  private static final FindingView DEAD =
      finding(
          Code.DEAD_MASTER, Samples.NOW, said("p", Samples.NOW, "the password of it is hunter2"));
  private static final FindingView HALF = finding(Code.HALF_ANSWERING, Samples.NOW);

  private final FakeGateway node = new FakeGateway();
  private final List<Message> shown = new ArrayList<>();
  private String answer = "";
  private Instant now = Samples.NOW;
  private final Outside outside =
      new Outside(
          message -> {
            shown.add(message);
            return answer;
          });
  private final WindowModel model =
      new WindowModel(
          node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT), new Looks(), outside);

  @BeforeEach
  void behind() {
    outside.looking().set(false);
    model.start();
    tell(Map.of(), Map.of(), 0);
  }

  private void tell(
      Map<InstanceKey, List<FindingView>> found, Map<InstanceKey, OfServer> said, int seconds) {
    now = now.plusSeconds(seconds);
    node.found = found;
    node.tell(SERVERS, said, now);
    model.told().tick(now);
    model.news().tick(now);
  }

  private void found(int seconds, FindingView... of) {
    tell(of.length == 0 ? Map.of() : Map.of(P, List.of(of)), Map.of(), seconds);
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
    model.told().tick(now);
    model.news().tick(now);
  }

  private static OfServer downtime() {
    return new OfServer(
        "",
        Optional.empty(),
        Optional.of(new Downtime("me", "", Samples.NOW, Samples.NOW.plusSeconds(60))),
        Optional.empty(),
        new TreeMap<>(),
        new TreeSet<>());
  }

  @Test
  void whatBreaksAndWhatIsWellAgainIsToldWithoutWhatServersSay() {
    found(1, DEAD);
    found(20);
    assertEquals(
        List.of(
            new Message(true, "DeadMaster: p:3306", "p:3306: " + Code.DEAD_MASTER.words()),
            new Message(false, "Well again: p:3306", "p:3306: no more DeadMaster")),
        shown);
  }

  @Test
  void whatWasSoBeforeTheWindowLookedIsNoNews() {
    var late =
        new WindowModel(
            node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT), new Looks(), outside);
    late.told().tick(now);
    late.start();
    node.found = Map.of(P, List.of(DEAD));
    node.tell(SERVERS, Map.of(), now);
    late.told().tick(now);
    assertEquals(List.of(), shown);
    node.found = Map.of();
    node.tell(SERVERS, Map.of(), now);
    late.told().tick(now);
    assertEquals(1, shown.size(), "that it is over is");
  }

  @Test
  void whoLooksIsNotTold() {
    outside.looking().set(true);
    found(1, DEAD);
    outside.looking().set(false);
    pass(1);
    assertEquals(List.of(), shown);
    found(1);
    assertEquals("Well again: p:3306", shown.getFirst().title());
  }

  @Test
  void itIsSwitchedOffAndOn() {
    var actions = new Actions(model, new FakeView());
    actions.outside.run();
    found(1, DEAD);
    assertEquals(List.of(), shown);
    actions.outside.run();
    pass(1);
    assertEquals(List.of(), shown, "nothing is told afterwards");
    found(1, DEAD, HALF);
    assertEquals(1, shown.size());
  }

  @Test
  void suspicionsWarningsAndWhatIsKnownAreSilent() {
    found(1, finding(Code.UNREACHABLE_MASTER, now), finding(Code.NO_CANDIDATE, now));
    tell(Map.of(P, List.of(DEAD)), Map.of(P, downtime()), 1);
    assertEquals(List.of(), shown);
    found(1, DEAD);
    assertEquals(1, shown.size(), "its downtime has ended first");
    tell(Map.of(), Map.of(P, downtime()), 20);
    assertEquals(1, shown.size());
  }

  @Test
  void manyGoTogetherAndNotTooOften() {
    var all = new LinkedHashMap<InstanceKey, List<FindingView>>();
    found(1, HALF);
    assertEquals(1, shown.size());
    for (int i = 0; i < 9; i++) {
      all.put(Samples.key("s" + i), List.of(DEAD));
      tell(all, Map.of(), 1);
    }
    assertEquals(1, shown.size());
    tell(all, Map.of(), 1);
    assertEquals(2, shown.size());
    Message many = shown.getLast();
    assertEquals("DeadMaster: s0:3306 and 8 more", many.title());
    assertEquals(6, many.body().lines().count(), many.body());
    assertEquals("and 5 more", many.body().lines().toList().getLast());
  }

  @Test
  void whatFlapsBetweenTwoMessagesIsNotTold() {
    found(1, HALF);
    found(1, DEAD, HALF);
    found(1, HALF);
    pass(20);
    assertEquals(1, shown.size());
    found(1, DEAD);
    assertEquals(2, shown.size());
    assertEquals("DeadMaster: p:3306", shown.getLast().title(), "what it became is the news");
  }

  @Test
  void whatCannotBeShownIsToldInTheWindow() {
    answer = "It is broken.";
    found(1, HALF);
    pass(1);
    assertEquals("It is broken.", model.notice().get());
    assertEquals(
        List.of("p:3306: " + Code.HALF_ANSWERING.words() + "."),
        model.news().told().get().stream().map(Notice::sentence).toList());
    model.tell("Something else.");
    found(20, DEAD, HALF);
    pass(1);
    assertEquals(2, shown.size());
    assertEquals("Something else.", model.notice().get(), "the same reason is told once");
    assertEquals(2, model.news().told().get().size(), "a failure is told there anyway, once");
    found(20);
    pass(1);
    assertEquals(
        List.of(Notice.Severity.GOOD),
        model.news().told().get().stream().map(Notice::severity).distinct().toList(),
        () -> model.news().told().get().toString());
  }
}
