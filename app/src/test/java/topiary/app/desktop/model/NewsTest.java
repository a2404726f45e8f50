package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.SampleFindings;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.RunView;
import topiary.app.gateway.Seen;
import topiary.engine.finding.Code;
import topiary.engine.intent.Intent;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** What is told of what happened. */
class NewsTest {

  private static final Instant NOW = Samples.NOW;
  private static final ClusterId EU = new ClusterId("c000000000001");

  private static Seen seen(Seen.Link link, String trouble, Instance... servers) {
    Map<InstanceKey, ClusterId> clusters = new HashMap<>();
    for (Instance i : servers) {
      clusters.put(i.key(), EU);
    }
    return new Seen(Samples.topology(1, servers), clusters, link, Optional.of(NOW), trouble);
  }

  private static Seen live(Instance... servers) {
    return seen(Seen.Link.LIVE, "", servers);
  }

  private static List<String> news(Seen before, Seen now) {
    return News.between(before, now, NOW).stream()
        .map(n -> n.severity() + " " + n.sentence())
        .toList();
  }

  private static Instance lost(Instance i) {
    return Samples.lost(i, Condition.UNREACHABLE, "connection refused");
  }

  @Test
  void theFirstThingSeenIsNoNews() {
    assertEquals(List.of(), news(Seen.NOTHING, live(lost(Samples.primary("a")))));
  }

  @Test
  void serversAreLostAndComeBack() {
    Seen well = live(Samples.primary("a"));
    Seen gone = live(lost(Samples.primary("a")));
    assertEquals(List.of("ERROR a:3306 is unreachable: connection refused."), news(well, gone));
    assertEquals(List.of("GOOD a:3306 is seen again."), news(gone, well));
    assertEquals(List.of(), news(gone, live(lost(Samples.primary("a")))));
    Seen unseen = live(Instance.unseen(Samples.key("a")));
    assertEquals(List.of(), news(unseen, well), "nobody knew it before");
  }

  @Test
  void whatIsWrongWithAServerIsSaidOnce() {
    String sentence = "is another server since noon: its server_id was 1, now it is 2";
    Seen well = live(Samples.seen("a", List.of(), List.of()));
    Seen odd = live(Samples.seen("a", List.of(), List.of(sentence)));
    assertEquals(List.of("WARNING a:3306 " + sentence + "."), news(well, odd));
    assertEquals(List.of(), news(odd, odd));
    assertEquals(List.of(), news(odd, well));
  }

  @Test
  void aFailureIsFoundAndOver() {
    Seen well = live(Samples.primary("a"));
    Seen fails =
        well.finding(
            Map.of(Samples.key("a"), List.of(SampleFindings.finding(Code.DEAD_MASTER, NOW))));
    assertEquals(
        List.of(
            "ERROR a:3306 fails: DeadMaster: the primary is dead, and none of its replicas is"
                + " connected to it."),
        news(well, fails));
    assertEquals(List.of(), news(fails, fails));
    assertEquals(List.of("GOOD a:3306 fails no more: DeadMaster."), news(fails, well));
    Seen warned =
        well.finding(
            Map.of(Samples.key("a"), List.of(SampleFindings.finding(Code.NO_CANDIDATE, NOW))));
    assertEquals(List.of(), news(well, warned));
  }

  @Test
  void replicationBreaksAndHeals() {
    Seen well = live(Samples.primary("a"), Samples.replica("b", "a"));
    Seen bad = live(Samples.primary("a"), Samples.broken("b", "a"));
    assertEquals(
        List.of("ERROR b:3306 does not replicate any more: error 1062 applying."), news(well, bad));
    assertEquals(List.of("GOOD b:3306 replicates again."), news(bad, well));
  }

  @Test
  void replicationIsStoppedAndStarted() {
    Seen well = live(Samples.primary("a"), Samples.replica("b", "a"));
    Seen still =
        live(
            Samples.primary("a"),
            Samples.replica("b", Samples.channel("a", ThreadState.STOPPED, ThreadState.STOPPED)));
    assertEquals(List.of("WARNING b:3306 was stopped."), news(well, still));
    assertEquals(List.of("GOOD b:3306 replicates again."), news(still, well));
    assertEquals(List.of(), news(still, still));
  }

  @Test
  void aHeadIsReplacedAndReplicasMove() {
    Seen before = live(Samples.primary("a"), Samples.replica("b", "a"), Samples.replica("c", "a"));
    Seen after = live(Samples.replica("a", "b"), Samples.primary("b"), Samples.replica("c", "b"));
    assertEquals(
        List.of(
            "WARNING b:3306 is the head of its cluster now, in place of a:3306.",
            "NEWS c:3306 replicates from b:3306 now."),
        news(before, after));
  }

  @Test
  void serversAreFoundAndForgotten() {
    Seen one = live(Samples.primary("a"));
    Seen two = live(Samples.primary("a"), Samples.replica("b", "a"));
    assertEquals(List.of("NEWS b:3306 was found."), news(one, two));
    assertEquals(List.of("NEWS b:3306 is not looked after any more."), news(two, one));
  }

  @Test
  void whatHappensToManyIsSaidOnce() {
    var well = new ArrayList<Instance>(List.of(Samples.primary("a")));
    var gone = new ArrayList<Instance>(List.of(Samples.primary("a")));
    for (int i = 0; i < 12; i++) {
      well.add(Samples.replica("r" + i, "a"));
      gone.add(lost(Samples.replica("r" + i, "a")));
    }
    Seen before = live(well.toArray(Instance[]::new));
    Seen after = live(gone.toArray(Instance[]::new));
    List<Notice> news = News.between(before, after, NOW);
    assertEquals(
        List.of("12 servers of the cluster of a:3306 are unreachable."),
        news.stream().map(Notice::sentence).toList());
    assertEquals(Optional.of(Samples.key("r0")), news.getFirst().server());
    assertEquals(
        List.of("GOOD 12 servers of the cluster of a:3306 are seen again."), news(after, before));
  }

  @Test
  void theNodeGoesAndComesBack() {
    Seen well = live(Samples.primary("a"));
    Seen gone = seen(Seen.Link.LOST, "no node answers at x", Samples.primary("a"));
    assertEquals(List.of("ERROR No node answers at x."), news(well, gone));
    assertEquals(List.of("GOOD The node answers again."), news(gone, well));
  }

  @Test
  void newsAreToldForAMomentAndKept() {
    var node = new FakeGateway();
    var model = new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
    NewsModel news = model.news();
    model.start();
    node.tell(Samples.topology(1, Samples.primary("a"), Samples.replica("b", "a")), NOW);
    news.tick(NOW);
    assertEquals(0, news.unread().get());
    node.tell(Samples.topology(2, lost(Samples.primary("a")), Samples.replica("b", "a")), NOW);
    node.tell(
        Samples.topology(
            3, lost(Samples.primary("a")), Samples.replica("b", "a"), Samples.replica("c", "a")),
        NOW);
    news.tick(NOW.plusSeconds(1));
    assertEquals(2, news.unread().get());
    assertEquals(2, news.told().get().size());
    news.tick(NOW.plusSeconds(60));
    assertEquals(
        List.of("a:3306 is unreachable: connection refused."),
        news.told().get().stream().map(Notice::sentence).toList(),
        "what is wrong stays");
    node.tell(Samples.topology(4, Samples.primary("a"), Samples.replica("b", "a")), NOW);
    news.tick(NOW.plusSeconds(61));
    assertEquals(
        List.of("c:3306 is not looked after any more.", "a:3306 is seen again."),
        news.told().get().stream().map(Notice::sentence).toList(),
        "until it is well again");
    assertEquals(4, news.latest().get().size());
    news.open().set(true);
    assertEquals(0, news.unread().get());
    news.dismiss(news.told().get().getFirst());
    assertEquals(1, news.told().get().size());
    news.clear();
    assertEquals(List.of(), news.latest().get());
  }

  @Test
  void noMoreThanThreeAreToldAtOnce() {
    var node = new FakeGateway();
    var model = new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
    model.start();
    node.tell(
        Samples.topology(1, Samples.primary("a"), Samples.primary("b"), Samples.primary("c")), NOW);
    model.news().tick(NOW);
    node.tell(
        Samples.topology(
            2,
            Samples.primary("d"),
            lost(Samples.primary("a")),
            lost(Samples.primary("b")),
            lost(Samples.primary("c"))),
        NOW);
    model.news().tick(NOW);
    assertEquals(4, model.news().latest().get().size());
    assertEquals(
        List.of(Notice.Severity.ERROR, Notice.Severity.ERROR, Notice.Severity.ERROR),
        model.news().told().get().stream().map(Notice::severity).toList());
  }

  @Test
  void thePlansEndIsKept() {
    var node = new FakeGateway();
    var model = new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
    model.start();
    node.tell(Samples.topology(1, Samples.primary("a"), Samples.replica("b", "a")), NOW);
    model.news().tick(NOW);
    node.runs.add(FakeGateway.run(2, 8, List.of(), RunView.End.DONE));
    model.plan().propose(new Intent.SetReadOnly(Samples.key("b"), false));
    model.plan().apply();
    model.news().tick(NOW);
    assertEquals(
        List.of("Done: make b:3306 writeable."),
        model.news().latest().get().stream().map(Notice::sentence).toList());
    assertEquals(List.of(), model.news().told().get(), "its sheet says so");
    node.lose("no node answers at x");
    model.news().tick(NOW);
    assertEquals(2, model.news().unread().get());
    assertEquals(List.of(), model.news().told().get(), "the banner says so");
  }
}
