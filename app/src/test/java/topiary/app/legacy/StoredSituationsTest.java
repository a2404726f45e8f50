package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.app.http.WebFace;
import topiary.app.json.Json;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.finding.Code;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.store.orchestrator.Stored;

/**
 * What judgement finds in a situation it finds in the same one as orchestrator has stored it, and
 * who asks for it as orchestrator's users do is told so.
 */
class StoredSituationsTest {

  /** The engine's own. */
  private static final Path SITUATIONS =
      Path.of("../engine/src/test/resources/topiary/engine/analysis/situations.txt");

  /** What the tables cannot tell, and why. */
  private static final Map<String, String> UNTOLD =
      Map.of(
          "DeadIntermediateMasterWithSingleReplica",
          "that a process is gone is not stored: such a server is as one that is silent, and no"
              + " replica confirms it",
          "nobody is called dead by what was seen before this node slept",
          "whoever has stored it was awake, and judges what it has",
          "BootsWritable: made read-only while it ran",
          "how a server will start is not stored",
          "DiskFull: of a replica among others",
          "what a receiving thread waits for is not stored",
          "DiskFull: of the only replica, which receives nothing therefore",
          "what a receiving thread waits for is not stored",
          "BootsWritable: persisted writable",
          "how a server will start is not stored");

  /** What orchestrator's API has no word for: our own codes, which our API tells. */
  private static final Set<String> OURS =
      Stream.of(
              Code.REPLICATION_PARTITION,
              Code.SOLE_SEMI_SYNC_REPLICA_LOST,
              Code.NO_CANDIDATE,
              Code.DIVERGED_GTID,
              Code.TWO_WRITABLE_PRIMARIES,
              Code.DUPLICATE_SERVER_UUID,
              Code.DUPLICATE_SERVER_ID,
              Code.DRIFTED_SETTINGS,
              Code.HALF_ANSWERING,
              Code.DISK_FULL)
          .map(Code::word)
          .collect(Collectors.toSet());

  private static final FakeFleet FLEET = new FakeFleet(Topology.EMPTY);
  private static HttpClient client;
  private static WebFace web;

  @TempDir Path folder;

  @BeforeAll
  static void serve() {
    var node =
        new LegacyNode("node1", "token1", "0.1.0", "sqlite", StoredSituation.NOW, Optional::empty);
    var clock = InstantSource.fixed(StoredSituation.NOW);
    var handler =
        new LegacyHandler(new LegacyApi(FLEET, node, clock, Runnable::run, Optional.empty()));
    client = HttpClient.newHttpClient();
    web =
        WebFace.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            request -> handler.handle(request.below(1)));
  }

  @AfterAll
  static void end() {
    web.close();
    client.close();
  }

  static Stream<StoredSituation> told() {
    return all().filter(s -> !UNTOLD.containsKey(s.name()));
  }

  private static Stream<StoredSituation> all() {
    try (var in = StoredSituationsTest.class.getResourceAsStream("stored.txt")) {
      return Stream.concat(
          StoredSituation.all(Files.readString(SITUATIONS)).stream(),
          StoredSituation.all(new String(in.readAllBytes(), StandardCharsets.UTF_8)).stream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("told")
  void everySituationIsJudgedAsWhenItIsSeen(StoredSituation situation) throws Exception {
    Stored stored = situation.through(folder.resolve("orchestrator.db"));
    assertEquals(List.of(), stored.odd());
    assertEquals(StoredSituation.NOW, stored.now());
    assertEquals(List.of(), judged(situation, stored));
    assertEquals(List.of(), answered(situation, stored));
  }

  @Test
  void whatIsSaidToBeUntoldIs() throws Exception {
    List<StoredSituation> untold = all().filter(s -> UNTOLD.containsKey(s.name())).toList();
    assertEquals(UNTOLD.size(), untold.size());
    for (StoredSituation situation : untold) {
      Stored stored = situation.through(folder.resolve(untold.indexOf(situation) + ".db"));
      assertFalse(judged(situation, stored).isEmpty(), situation.name());
    }
  }

  @Test
  void everyCodeIsFoundInSomethingStored() {
    Set<String> shown =
        told()
            .flatMap(s -> s.expected().stream())
            .filter(line -> !line.startsWith("!"))
            .map(line -> line.split(" ")[2])
            .collect(Collectors.toSet());
    assertEquals(
        List.of(),
        Stream.of(Code.values())
            .filter(code -> code != Code.BOOTS_WRITABLE && code != Code.DISK_FULL)
            .map(Code::word)
            .filter(word -> !shown.contains(word))
            .toList());
    assertFalse(shown.contains(Code.BOOTS_WRITABLE.word()), "it is told after all");
  }

  /** What judgement finds of it. */
  private static List<String> judged(StoredSituation situation, Stored stored) {
    World world = stored.world(situation.policy());
    var judged = new HashMap<InstanceKey, Judgement>();
    stored.instances().values().forEach(i -> judged.put(i.key(), Judgement.of(world, i)));
    return situation.wrong(
        key -> judged.get(key).failure().map(f -> f.code().word()).orElse("-"),
        key -> judged.get(key).warnings().stream().map(f -> f.code().word()).collect(words()));
  }

  /** What orchestrator's API says of it, where that has a word for it. */
  private static List<String> answered(StoredSituation situation, Stored stored) throws Exception {
    FLEET.judged = Optional.of(stored.world(situation.policy()));
    FLEET.topology = FLEET.world().topology();
    var uri = URI.create("http://127.0.0.1:" + web.port() + "/api/replication-analysis");
    HttpResponse<byte[]> answer =
        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode());
    var fails = new HashMap<InstanceKey, String>();
    var besides = new HashMap<InstanceKey, Set<String>>();
    for (Object entry : (List<?>) Json.object(answer.body()).get("Details")) {
      var of = (Map<?, ?>) entry;
      var at = (Map<?, ?>) of.get("AnalyzedInstanceKey");
      var key = new InstanceKey((String) at.get("Hostname"), (int) at.get("Port"));
      fails.put(key, of.get("Analysis").equals("NoProblem") ? "-" : (String) of.get("Analysis"));
      List<?> structure =
          Optional.<List<?>>ofNullable((List<?>) of.get("StructureAnalysis")).orElse(List.of());
      besides.put(key, structure.stream().map(String.class::cast).collect(words()));
      assertEquals(
          Set.of(), besides.get(key).stream().filter(OURS::contains).collect(words()), "is told");
    }
    return situation
        .without(OURS::contains)
        .wrong(key -> fails.getOrDefault(key, "-"), key -> besides.getOrDefault(key, Set.of()));
  }

  private static Collector<String, ?, Set<String>> words() {
    return Collectors.toCollection(LinkedHashSet::new);
  }
}
