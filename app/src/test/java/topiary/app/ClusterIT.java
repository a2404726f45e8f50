package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import topiary.app.ClusterRig.NodeProcess;
import topiary.lab.base.Disk;
import topiary.lab.proxy.Rule;
import topiary.lab.proxy.Standing;

/**
 * A cluster of real processes, each with its own store, under writes all the time. At the end of
 * each test: what was acknowledged stands in every log, no log differs from another, nothing stands
 * twice.
 */
@Timeout(300)
class ClusterIT {

  @Test
  void whoeverDiesOrFreezesIsReplacedAndComesBack() throws Exception {
    try (var rig = new ClusterRig().three()) {
      rig.awaitProgress(50);

      // The leader is killed.
      NodeProcess first = rig.leader();
      first.kill();
      NodeProcess second = rig.leader();
      rig.awaitProgress(50);
      first.again().awaitReady();

      // A follower is killed.
      NodeProcess follower = rig.follower();
      follower.kill();
      rig.awaitProgress(50);
      follower.again().awaitReady();

      // The leader stands still, and goes on when it is none any more.
      NodeProcess frozen = rig.leader();
      frozen.freeze();
      rig.leader(List.of(frozen));
      rig.awaitProgress(50);
      frozen.thaw();
      Until.holds("the one that stood still follows", () -> !frozen.leads());

      // All, one after the other.
      for (NodeProcess node : List.of(first, second, follower)) {
        node.stop();
        node.again().awaitReady();
        rig.awaitProgress(20);
      }
      rig.endAndCompare();
    }
  }

  @Test
  void whoeverIsCutOffDecidesNothing() throws Exception {
    try (var rig = new ClusterRig().three()) {
      rig.awaitProgress(20);

      // The leader sees nobody, and nobody sees it, though nothing is closed.
      NodeProcess lonely = rig.leader();
      List<Standing> around = rig.around(lonely, Rule.blackHole());
      NodeProcess next = rig.leader(List.of(lonely));
      rig.awaitProgress(50);
      Until.holds("it knows that it leads nobody", () -> !lonely.leads());
      rig.heal(around);
      rig.awaitProgress(20);

      // Each for itself: nobody decides.
      List<Standing> first = rig.around(rig.node("n1"), Rule.cut());
      List<Standing> second = rig.around(rig.node("n2"), Rule.cut());
      Until.holds(
          "nobody leads",
          () -> List.of("n1", "n2", "n3").stream().noneMatch(n -> rig.node(n).leads()));
      int before = rig.acknowledged();
      Map<String, Object> refused = rig.post(next, "forget", Map.of("instance", "127.0.0.1:1"));
      assertTrue(refused.containsKey("error"), refused.toString());
      assertEquals(before, rig.acknowledged());
      rig.heal(first);
      rig.heal(second);
      rig.awaitProgress(50);
      rig.endAndCompare();
    }
  }

  @Test
  void membersComeAndGoUnderWrites() throws Exception {
    try (var rig = new ClusterRig().three()) {
      rig.awaitProgress(20);
      rig.join("n4");
      rig.join("n5");
      rig.awaitProgress(20);
      Until.holds("there are five", () -> members(rig.leader()) == 5);

      // One that has lost everything comes back with nothing, as another, in the same place.
      NodeProcess wiped = rig.follower();
      wiped.kill();
      Disk.delete(wiped.data);
      wiped.start("JOIN", rig.others(wiped.name)).awaitReady();
      rig.awaitProgress(20);
      Until.holds("there are five", () -> members(rig.leader()) == 5);

      // Two leave; they end by themselves, and do not come back by accident.
      for (String name : List.of("n4", "n5")) {
        NodeProcess leaving = rig.node(name);
        if (rig.leader() == leaving) {
          rig.post(leaving, "cluster-transfer", Map.of("node", "n1"));
          Until.holds("another leads", () -> !leaving.leads());
        }
        NodeProcess leader = rig.leader();
        Map<String, Object> done = rig.post(leader, "cluster-remove", Map.of("node", name));
        assertFalse(done.containsKey("error"), done.toString());
        assertEquals("ended this node was removed from its cluster", leaving.awaitEnd());
        rig.awaitProgress(20);
      }
      assertEquals(3, members(rig.leader()));
      rig.forget("n4");
      rig.forget("n5");
      rig.endAndCompare();
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "topiary.cluster",
      matches = "all",
      disabledReason = "takes a minute: -Dtopiary.cluster=all")
  void aDamagedDatabaseIsFilledAgain() throws Exception {
    try (var rig = new ClusterRig().three()) {
      rig.awaitProgress(100);
      NodeProcess damaged = rig.follower();
      damaged.kill();
      Files.write(damaged.data.resolve("topiary.db"), "nothing".getBytes(StandardCharsets.UTF_8));
      Files.deleteIfExists(damaged.data.resolve("topiary.db-wal"));
      damaged.again().awaitReady();
      assertTrue(damaged.said().contains("this node is filled again"), damaged.said());
      rig.awaitProgress(20);

      rig.endAndCompare();
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "topiary.cluster",
      matches = "all",
      disabledReason = "takes a minute: -Dtopiary.cluster=all")
  void aFullDiskEndsTheNodeAndNothingElse() throws Exception {
    Assumptions.assumeTrue(
        new ProcessBuilder("unshare", "-Urm", "true").start().waitFor() == 0,
        "no namespaces here, so no small disk");
    try (var rig = new ClusterRig().three()) {
      NodeProcess small = rig.prepare("n4");
      // A disk of its own, as large as it needs to begin, which ends with it.
      Files.createDirectories(small.data);
      small
          .start(
              "JOIN",
              rig.others("n4"),
              "unshare",
              "-Urm",
              "sh",
              "-c",
              "mount -t tmpfs -o size=24m,mode=700 tmpfs \"$0\" && exec \"$@\"",
              small.data.toString())
          .awaitReady();
      rig.awaitProgress(20);
      Path inside = Path.of("/proc/" + small.id().pid() + "/root" + small.data);
      try (var filler = Files.newOutputStream(inside.resolve("filler"))) {
        byte[] block = new byte[4096];
        while (true) {
          filler.write(block);
        }
      } catch (IOException e) {
        // That is all that fits.
      }
      String last = small.awaitEnd();
      assertTrue(last.startsWith("ended "), small.said());
      rig.awaitProgress(50);
      Map<String, Object> done = rig.post(rig.leader(), "cluster-remove", Map.of("node", "n4"));
      assertFalse(done.containsKey("error"), done.toString());
      rig.forget("n4");
      rig.endAndCompare();
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "topiary.cluster",
      matches = "all",
      disabledReason = "takes a minute: -Dtopiary.cluster=all")
  void aSlowDiskSlowsNobodyElseAndLosesNothing() throws Exception {
    SlowDisk.obstacle().ifPresent(Assumptions::abort);
    try (var rig = new ClusterRig().three()) {
      NodeProcess slow = rig.follower();
      slow.stop();
      var disk = new SlowDisk(Duration.ofMillis(300), slow.data.resolveSibling("slow.syncs"));
      slow.start("GO_ON", List.of(), disk.prefix()).awaitReady();
      // One after the other on that disk they would take 45 s, longer than is waited here.
      rig.awaitProgress(150);
      assertTrue(disk.delayed("/raft/log/"), "the log is not slowed");
      assertTrue(disk.delayed("/topiary.db"), "the database is not slowed");

      // It is asked to lead. Whether it is let, which it is not while it is behind, and whether it
      // stays one or not: somebody does.
      Map<String, Object> done =
          rig.post(rig.leader(), "cluster-transfer", Map.of("node", slow.name));
      String refusal = done.containsKey("error") ? done.toString() : "";
      assertTrue(refusal.isEmpty() || refusal.contains("is behind"), refusal);
      Until.holds(
          "leadership settles",
          () -> {
            NodeProcess leader = rig.leader();
            long term = term(leader);
            rig.awaitProgress(5);
            return rig.leader() == leader && term(leader) == term;
          });
      rig.endAndCompare();
    }
  }

  private static long term(NodeProcess node) {
    return node.view().map(v -> ClusterRig.number(v, "term")).orElseThrow();
  }

  @Test
  @EnabledIfSystemProperty(
      named = "topiary.cluster",
      matches = "all",
      disabledReason = "takes a minute: -Dtopiary.cluster=all")
  void nodesKnowEachOtherByTheirCertificates() throws Exception {
    Certs certs = Certs.in(Rig.folder("pki"));
    certs.node("ann", "127.0.0.1");
    try (var rig = new ClusterRig(Optional.of(certs)).three()) {
      rig.awaitProgress(20);
      NodeProcess first = rig.leader();
      first.kill();
      rig.leader();
      rig.awaitProgress(20);
      first.again().awaitReady();

      // Another authority's node is not even heard.
      NodeProcess stranger = rig.prepare("n4");
      stranger.belongTo(Certs.in(Rig.folder("pki")));
      stranger.start("JOIN", rig.others("n4"));
      assertTrue(stranger.awaitEnd().contains("authority"), stranger.said());
      rig.forget("n4");
      rig.endAndCompare();
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "topiary.cluster",
      matches = "all",
      disabledReason = "takes a minute: -Dtopiary.cluster=all")
  void whoIsLeftGoesOnAloneWhenToldTo() throws Exception {
    try (var rig = new ClusterRig().three()) {
      rig.awaitProgress(20);
      NodeProcess left = rig.follower();
      for (String name : List.of("n1", "n2", "n3")) {
        if (rig.node(name) != left) {
          rig.node(name).kill();
          rig.forget(name);
        }
      }
      left.stop();
      left.start("ALONE", List.of()).awaitReady();
      rig.awaitProgress(20);
      rig.join("n4");
      rig.awaitProgress(20);
      assertEquals(2, members(rig.leader()));
      rig.endAndCompare();
    }
  }

  private static int members(NodeProcess node) {
    return node.view().map(v -> ((List<?>) v.get("members")).size()).orElse(0);
  }

  @Test
  void theLevelRisesWhenTheLastOneCan() throws Exception {
    try (var rig = new ClusterRig()) {
      NodeProcess old = rig.prepare("n1");
      old.configure(Map.of("level", 2));
      old.start("BOOTSTRAP", List.of()).awaitReady();
      rig.join("n2");
      rig.join("n3");
      rig.awaitProgress(20);
      assertEquals(
          Optional.of(2L), level(rig.leader()), "what the older one does not know is kept out");
      old.stop();
      old.configure(Map.of("level", 3));
      old.again().awaitReady();
      Until.holds("the cluster is at level 3", () -> level(rig.leader()).equals(Optional.of(3L)));

      NodeProcess late = rig.prepare("n4");
      late.configure(Map.of("level", 2));
      late.start("JOIN", rig.others("n4"));
      String last = late.awaitEnd();
      assertTrue(last.contains("supports only 2: update it"), last);
      rig.forget("n4");
      rig.endAndCompare();
    }
  }

  private static Optional<Long> level(NodeProcess node) {
    return node.view().map(v -> ClusterRig.number(v, "level"));
  }
}
