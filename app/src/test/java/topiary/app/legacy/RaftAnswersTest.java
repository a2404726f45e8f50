package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.cluster.Cluster;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.FakeCluster;
import topiary.app.face.Answerer;
import topiary.engine.manager.By;

/** orchestrator's raft paths, on a cluster and on a node that is alone. */
class RaftAnswersTest {

  private static final By ANN = new By("ann", "test");

  private static LegacyApi api(Optional<Cluster> cluster) {
    return new LegacyApi(
        new FakeFleet(Samples.tree()),
        new LegacyNode("node1", "t", "0.1.0", "sqlite", Samples.NOW, Optional::empty),
        InstantSource.fixed(Samples.NOW),
        Runnable::run,
        cluster);
  }

  private static Answer get(FakeCluster cluster, String path) {
    return get(api(Optional.of(cluster)), path, Map.of());
  }

  private static Answer alone(String path) {
    return get(api(Optional.empty()), path, Map.of());
  }

  private static Answer get(LegacyApi api, String path, Map<String, String> headers) {
    return api.answer(Arrays.asList(path.split("/")), Map.of(), headers, ANN).orElseThrow();
  }

  private static Map<?, ?> map(Answer answer) {
    return (Map<?, ?>) answer.body();
  }

  private static void error(String sentence, Answer answer) {
    assertEquals(500, answer.status());
    assertEquals(List.of("Code", "Message", "Details"), List.copyOf(map(answer).keySet()));
    assertEquals("ERROR", map(answer).get("Code"));
    assertEquals(sentence, map(answer).get("Message"));
    assertNull(map(answer).get("Details"));
  }

  // ---- alone

  @ParameterizedTest
  @CsvSource({
    "raft-state, raft-state",
    "raft-leader, raft-leader",
    "raft-peers, raft-nodes",
    "raft-health, raft-state",
    "raft-status, raft-state",
    "raft-snapshot, raft-leader",
    "raft-follower-health-report/t/a/b, raft-state",
    "raft-add-peer/h, raft-add-peer",
    "raft-remove-peer/h, raft-remove-peer",
    "raft-yield/h, raft-yield",
    "raft-yield-hint/h, raft-yield-hint"
  })
  void aloneThereIsNoRaft(String path, String name) {
    error(name + ": not running with raft setup", alone(path));
  }

  @Test
  void aloneANodeStaysElected() {
    assertEquals("Set re-elections", map(alone("reelect")).get("Message"));
    assertEquals("Node elected as leader", map(alone("grab-election")).get("Message"));
    assertEquals(new Answer(200, "OK"), alone("leader-check"));
    Map<?, ?> details = (Map<?, ?>) map(alone("health")).get("Details");
    assertEquals("", details.get("RaftLeader"));
    assertEquals("", details.get("RaftAdvertise"));
    assertNull(details.get("RaftHealthyMembers"));
  }

  // ---- how it is

  @Test
  void aLeaderAndAFollowerSayWhatTheyAre() {
    assertEquals(new Answer(200, "Leader"), get(FakeCluster.leader(), "raft-state"));
    assertEquals(new Answer(200, "Follower"), get(FakeCluster.follower(), "raft-state"));
    assertEquals(new Answer(200, "Candidate"), get(FakeCluster.lost(), "raft-state"));
    FakeCluster ended = FakeCluster.lost();
    ended.role = "ended";
    assertEquals(new Answer(200, "Shutdown"), get(ended, "raft-state"));
    for (FakeCluster cluster : List.of(FakeCluster.leader(), FakeCluster.follower())) {
      assertEquals(new Answer(200, "n1.raft.example:10008"), get(cluster, "raft-leader"));
      assertEquals(new Answer(200, "healthy"), get(cluster, "raft-health"));
      assertEquals(
          new Answer(
              200,
              List.of("n1.raft.example:10008", "n2.raft.example:10008", "n3.raft.example:10008")),
          get(cluster, "raft-peers"));
    }
    assertEquals(new Answer(200, ""), get(FakeCluster.lost(), "raft-leader"));
    error("unhealthy", get(FakeCluster.lost(), "raft-health"));
  }

  @Test
  void theStatusIsASummary() {
    Map<?, ?> status = map(get(FakeCluster.follower(), "raft-status"));
    assertEquals(
        "[RaftBind, RaftAdvertise, State, Healthy, IsPartOfQuorum, Leader, LeaderURI, Peers]",
        status.keySet().toString());
    assertEquals("n2.raft.example:10008", status.get("RaftAdvertise"));
    assertEquals("Follower", status.get("State"));
    assertEquals(true, status.get("Healthy"));
    assertEquals(true, status.get("IsPartOfQuorum"));
    assertEquals("n1.raft.example:10008", status.get("Leader"));
    assertEquals("http://n1.example:3000", status.get("LeaderURI"));
    Map<?, ?> lost = map(get(FakeCluster.lost(), "raft-status"));
    assertEquals(false, lost.get("Healthy"));
    assertEquals(false, lost.get("IsPartOfQuorum"));
    assertEquals("", lost.get("Leader"));
    assertEquals("", lost.get("LeaderURI"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"leader-check", "leader-check/503", "routed-leader-check"})
  void onlyTheLeaderIsTheLeader(String path) {
    assertEquals(new Answer(200, "OK"), get(FakeCluster.leader(), path));
    int status = path.endsWith("503") ? 503 : 404;
    assertEquals(new Answer(status, "Not leader"), get(FakeCluster.follower(), path));
    assertEquals(new Answer(status, "Not leader"), get(FakeCluster.lost(), path));
    FakeCluster fresh = FakeCluster.leader();
    fresh.leading = false;
    assertEquals(new Answer(status, "Not leader"), get(fresh, path));
  }

  @Test
  void loadBalancersGetWhatTheyKnow() {
    for (FakeCluster cluster : List.of(FakeCluster.follower(), FakeCluster.lost())) {
      assertEquals(new Answer(200, "OK"), get(cluster, "lb-check"));
      assertEquals(new Answer(200, "OK"), get(cluster, "_ping"));
    }
  }

  @Test
  void healthNamesTheLeaderAndWhoIsHeard() {
    FakeCluster leader = FakeCluster.leader();
    leader.heard.put("n3", Duration.ofSeconds(20));
    Map<?, ?> details = (Map<?, ?>) map(get(leader, "health")).get("Details");
    assertEquals(true, details.get("IsActiveNode"));
    assertEquals(true, details.get("IsRaftLeader"));
    assertEquals("n1.raft.example:10008", details.get("RaftLeader"));
    assertEquals("http://n1.example:3000", details.get("RaftLeaderURI"));
    assertEquals("n1.raft.example:10008", details.get("RaftAdvertise"));
    assertEquals(List.of("n2.raft.example:10008"), details.get("RaftHealthyMembers"));
    Map<?, ?> active = (Map<?, ?>) details.get("ActiveNode");
    assertEquals("n1.raft.example:10008", active.get("Hostname"));
    assertEquals("", active.get("Token"));
    Map<?, ?> follower = (Map<?, ?>) map(get(FakeCluster.follower(), "status")).get("Details");
    assertEquals(false, follower.get("IsActiveNode"));
    assertEquals(false, follower.get("IsRaftLeader"));
    assertEquals("n1.raft.example:10008", follower.get("RaftLeader"));
    assertNull(follower.get("RaftHealthyMembers"));
  }

  @Test
  void nobodyWasGivenATokenToReportWith() {
    error(
        "Raft health report: unknown token tok",
        get(FakeCluster.leader(), "raft-follower-health-report/tok/h:10008/h:10008"));
  }

  @Test
  void headersComeBackUnderGosNamesWithoutSecrets() {
    Answer answer =
        get(
            api(Optional.empty()),
            "headers",
            Map.of("user-agent", "curl/8", "host", "h", "authorization", "Basic x", "x-a", "1"));
    assertEquals(
        "{Authorization=[(hidden)], User-Agent=[curl/8], X-A=[1]}", answer.body().toString());
  }

  // ---- what is changed

  @ParameterizedTest
  @ValueSource(
      strings = {"n3", "node-n3", "n3.raft.example:10008", "n3.raft.example", "n3.example:3000"})
  void aNodeIsRemovedByWhateverItIsCalled(String called) {
    FakeCluster cluster = FakeCluster.leader();
    assertEquals(
        new Answer(200, "n3.raft.example:10008"), get(cluster, "raft-remove-peer/" + called));
    assertEquals(List.of("remove n3"), cluster.asked);
    assertEquals(
        "Asynchronously yielded", map(get(cluster, "raft-yield/" + called)).get("Message"));
    assertEquals(List.of("remove n3", "transfer n3"), cluster.asked);
  }

  @Test
  void aStrangerIsNotRemovedAndANoIsTold() {
    FakeCluster cluster = FakeCluster.leader();
    error("Cannot remove raft peer: no one node is called n9", get(cluster, "raft-remove-peer/n9"));
    error("Cannot yield: no one node is called n9", get(cluster, "raft-yield/n9"));
    cluster.refuse(ClusterRefused.Kind.REFUSED, "the rest could decide nothing");
    error(
        "Cannot remove raft peer: the rest could decide nothing",
        get(cluster, "raft-remove-peer/n3"));
    error("Unable to re-elect: the rest could decide nothing", get(cluster, "reelect"));
    error("Cannot create snapshot: the rest could decide nothing", get(cluster, "raft-snapshot"));
  }

  @Test
  void whoIsAddedAlreadyIsAndWhoIsNotIsToldHow() {
    FakeCluster cluster = FakeCluster.leader();
    assertEquals(
        new Answer(200, "n2.raft.example:10008"), get(cluster, "raft-add-peer/n2.raft.example"));
    error(
        "Cannot add raft peer: a node comes in by itself here, so that it is known to be one before"
            + " it has a vote: start it with --join http://n1.example:3000",
        get(cluster, "raft-add-peer/n4.raft.example"));
    assertEquals(List.of(), cluster.asked);
  }

  @Test
  void aHintNamesANodeByAPartOfItsName() {
    FakeCluster cluster = FakeCluster.leader();
    Map<?, ?> yielded = map(get(cluster, "raft-yield-hint/N2.EX"));
    assertEquals("Asynchronously yielded by hint N2.EX", yielded.get("Message"));
    assertEquals("N2.EX", yielded.get("Details"));
    assertEquals(List.of("transfer n2"), cluster.asked);
    // The one that leads fits as well.
    assertEquals(200, get(cluster, "raft-yield-hint/example").status());
    assertEquals(List.of("transfer n2"), cluster.asked);
    error("Cannot yield: no node has \"dc9\" in its name", get(cluster, "raft-yield-hint/dc9"));
  }

  @Test
  void theRestDoesWhatItSays() {
    FakeCluster cluster = FakeCluster.follower();
    assertEquals(new Answer(200, "snapshot created"), get(cluster, "raft-snapshot"));
    assertEquals("Set re-elections", map(get(cluster, "reelect")).get("Message"));
    assertEquals(List.of("snapshot", "step down"), cluster.asked);
    error(
        "Unable to grab election: Cannot GrabElection on raft setup; hand the leadership over with"
            + " raft-yield",
        get(cluster, "grab-election"));
  }

  @Test
  void whoAnswersWhat() {
    LegacyApi api = api(Optional.of(FakeCluster.follower()));
    for (String path :
        List.of(
            "reelect",
            "raft-add-peer/h",
            "raft-remove-peer/h",
            "raft-yield/h",
            "raft-yield-hint/h",
            "discover/h/1",
            "relocate/h/1/i/2")) {
      List<String> segments = List.of(path.split("/"));
      assertEquals(Answerer.LEADER, api.answerer(segments), path);
      assertTrue(api.writes(segments), path);
    }
    assertEquals(Answerer.LEADER, api.answerer(List.of("routed-leader-check")));
    assertFalse(api.writes(List.of("routed-leader-check")));
    for (String path :
        List.of("raft-state", "raft-status", "leader-check", "clusters", "health", "nothing")) {
      assertEquals(Answerer.ASKED, api.answerer(List.of(path)), path);
      assertFalse(api.writes(List.of(path)), path);
    }
    // This one node's own, and a change all the same.
    assertEquals(Answerer.ASKED, api.answerer(List.of("raft-snapshot")));
    assertTrue(api.writes(List.of("raft-snapshot")));
  }
}
