package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.RunView;
import topiary.app.gateway.Seen;
import topiary.app.gateway.WhyNotView;
import topiary.app.gateway.place.Place;
import topiary.app.json.Json;
import topiary.app.wire.OwnPlaces;
import topiary.engine.catalogue.Judging;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;

/** Whatever way leads to a node, it does and says the same. */
class GatewayIT {

  private static final Map<String, String> TREE = Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2");

  private static Rig rig;
  private static ExecutorService background;

  /** The ways there are. */
  enum Way {
    HTTP,
    HERE
  }

  @BeforeAll
  static void up() {
    rig = Rig.of("gateway", "p(r1,r2(r3))");
    background = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterAll
  static void down() {
    if (rig != null) {
      rig.close();
      background.close();
    }
  }

  private static InstanceKey key(String member) {
    return InstanceKey.parse(rig.address(member));
  }

  /** Settings of a user whose own file says what a node's file says. */
  private static Path settings(Path data) throws Exception {
    Path folder = Files.createDirectories(Rig.folder("settings"));
    Files.write(
        folder.resolve("node.json"),
        Json.bytes(
            Map.of(
                "dataFolder", data.toString(),
                "pollSeconds", 0.5,
                "credentials",
                    List.of(
                        Map.of(
                            "user", rig.lab.credentials().user(),
                            "password",
                                Map.of("file", rig.lab.credentials().file().toString()))))));
    return folder;
  }

  private static GatewayException no(Executable what) {
    return assertThrows(GatewayException.class, what);
  }

  private static void says(GatewayException.Kind kind, String sentence, Executable what) {
    GatewayException e = no(what);
    assertEquals(sentence, e.getMessage());
    assertEquals(kind, e.kind());
  }

  @ParameterizedTest
  @EnumSource
  void itDoesAndSaysTheSame(Way way) throws Exception {
    Path data = Rig.folder("data");
    try (var places = new OwnPlaces(settings(data), data, background)) {
      switch (way) {
        case HTTP -> {
          try (var node = Rig.node(rig.config(data, 0, rig.lab.credentials().file()))) {
            Gateway gateway =
                places.open(new Place.There(URI.create(node.address())), "").gateway();
            assertFalse(gateway.here());
            walk(gateway);
            places.end(gateway);
            ended(gateway);
          }
        }
        case HERE -> {
          Gateway gateway = places.open(new Place.Here("", Optional.empty()), "").gateway();
          assertTrue(gateway.here());
          walk(gateway);
          places.end(gateway);
          ended(gateway);
        }
      }
    }
  }

  private static void ended(Gateway gateway) {
    assertEquals(GatewayException.Kind.UNREACHABLE, no(() -> gateway.discover(key("p"))).kind());
  }

  private static void walk(Gateway gateway) throws Exception {
    var heard = new CopyOnWriteArrayList<Seen>();
    gateway.listen(heard::add);
    Until.holds("the first word", () -> !heard.isEmpty() && heard.getLast().live());
    assertEquals(Map.of(), heard.getLast().topology().instances());

    InstanceKey nobody = new InstanceKey("127.0.0.1", 1);
    GatewayException down = no(() -> gateway.discover(nobody));
    assertEquals(GatewayException.Kind.REFUSED, down.kind());
    assertTrue(down.getMessage().contains("127.0.0.1:1"), down.getMessage());
    assertEquals(key("r3"), gateway.discover(key("r3")));
    Until.holds("the whole tree", () -> TREE.equals(seen(heard.getLast().topology())));
    Until.holds(
        "the tree has one name",
        () ->
            heard.getLast().clusters().size() == 4
                && Set.copyOf(heard.getLast().clusters().values()).size() == 1);
    assertTrue(heard.getLast().heard().isPresent());
    paced(heard);

    says(
        GatewayException.Kind.REFUSED,
        key("r1") + " is below " + key("p") + " already",
        () -> gateway.plan(new Intent.Relocate(key("r1"), key("p"))));
    says(GatewayException.Kind.REFUSED, nobody + " is not known", () -> gateway.forget(nobody));
    says(
        GatewayException.Kind.REFUSED,
        "plan p000000000000 is not under way; see run",
        () -> gateway.follow(new PlanId("p000000000000"), -1));
    says(
        GatewayException.Kind.REFUSED,
        "plan p000000000000 is not under way",
        () -> gateway.cancel(new PlanId("p000000000000")));

    whatWouldStopARecovery(gateway);
    PlanView stop = gateway.plan(new Intent.StopReplication(key("r1"), Threads.BOTH));
    rig.sql("r1", "STOP SLAVE IO_THREAD");
    assertEquals(GatewayException.Kind.CHANGED, no(() -> gateway.apply(stop.fingerprint())).kind());
    rig.sql("r1", "START SLAVE IO_THREAD");
    Until.holds("all as it was", () -> TREE.equals(seen(heard.getLast().topology())));

    moved(gateway, new Intent.Relocate(key("r3"), key("r1")), heard, "r1");
    RunView back = moved(gateway, new Intent.Relocate(key("r3"), key("r2")), heard, "r2");
    assertEquals(back, gateway.follow(back.plan(), -1), "what has ended can be asked for");

    gateway.forget(key("r3"));
    Until.holds(
        "it is forgotten", () -> !heard.getLast().topology().instances().containsKey(key("r3")));
    assertFalse(heard.getLast().clusters().containsKey(key("r3")));
  }

  private static void whatWouldStopARecovery(Gateway gateway) throws Exception {
    String cluster = rig.address("r1");
    WhyNotView before = gateway.whyNot(cluster);
    assertEquals(key("p"), before.head());
    assertEquals(Optional.empty(), before.freeze());
    assertFalse(before.obstacles().isEmpty(), "recoveries are off at first");
    assertEquals(
        Set.of("patience", "block"),
        before.rules().stream()
            .map(WhyNotView.Rule::name)
            .filter(Set.of("patience", "block")::contains)
            .collect(Collectors.toSet()));
    gateway.say(
        Judging.BEGIN_FREEZE, Map.of("cluster", cluster, "owner", "ann", "reason", "moving"));
    gateway.say(Judging.SET_RULE, Map.of("cluster", cluster, "rule", "patience", "value", "fast"));
    WhyNotView frozen = gateway.whyNot(cluster);
    assertEquals("ann, moving", frozen.freeze().map(f -> f.owner() + ", " + f.reason()).get());
    assertEquals(before.obstacles().size() + 1, frozen.obstacles().size(), frozen::toString);
    assertEquals(
        List.of("cluster"),
        frozen.rules().stream()
            .filter(r -> r.name().equals("patience"))
            .map(WhyNotView.Rule::setFor)
            .toList());
    gateway.say(Judging.END_FREEZE, Map.of("cluster", cluster));
    assertEquals(Optional.empty(), gateway.whyNot(cluster).freeze());
  }

  private static RunView moved(Gateway gateway, Intent intent, List<Seen> heard, String below)
      throws Exception {
    PlanView plan = gateway.plan(intent);
    assertEquals(intent.words(), plan.intent());
    assertFalse(plan.stages().isEmpty());
    RunView run = gateway.apply(plan.fingerprint());
    while (run.end().isEmpty()) {
      run = gateway.follow(run.plan(), run.version());
    }
    assertEquals(Optional.of(RunView.End.DONE), run.end(), run.report());
    assertTrue(run.report().startsWith("Did 8 of 8 steps."), run.report());
    assertEquals(run.total(), run.steps().size());
    assertEquals(below + " Yes Yes", rig.follows("r3"));
    Until.holds("it is seen there", () -> below.equals(seen(heard.getLast().topology()).get("r3")));
    return run;
  }

  /** News come at most four times a second, however much there is. */
  private static void paced(List<Seen> heard) {
    int before = heard.size();
    long begun = System.nanoTime();
    Until.holds("more news", () -> heard.size() >= before + 4);
    double seconds = (System.nanoTime() - begun) / 1e9;
    assertTrue((heard.size() - before) / seconds < 8, heard.size() - before + " in " + seconds);
  }

  private static Map<String, String> seen(Topology topology) {
    var seen = new HashMap<String, String>();
    for (String member : TREE.keySet()) {
      topology
          .instance(key(member))
          .filter(Instance::seen)
          .filter(i -> i.primaryChannel().filter(c -> !c.replicating()).isEmpty())
          .ifPresent(
              i ->
                  seen.put(
                      member,
                      i.source()
                          .map(s -> TREE.keySet().stream().filter(m -> key(m).equals(s)))
                          .flatMap(Stream::findFirst)
                          .orElse("")));
    }
    return seen;
  }
}
