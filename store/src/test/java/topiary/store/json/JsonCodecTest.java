package topiary.store.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Verdict;
import topiary.store.Samples;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

class JsonCodecTest {

  private static final UUID ID = new UUID(1, 2);
  private static final List<Class<?>> SEALED =
      List.of(
          Command.class,
          Intent.class,
          Doing.class,
          Reshaping.class,
          Step.class,
          Slot.Kind.class,
          Verdict.class);

  private final JsonCodec codec = new JsonCodec();

  @Test
  void everyPermittedTypeHasItsOwnName() {
    Set<Class<?>> permitted = new HashSet<>();
    for (Class<?> sealed : SEALED) {
      List<Class<?>> types = permitted(sealed).toList();
      permitted.addAll(types);
      List<String> names = types.stream().map(TypeNames.all()::get).toList();
      assertEquals(types.size(), Set.copyOf(names).size(), sealed + ": " + names);
    }
    assertEquals(permitted, TypeNames.all().keySet());
  }

  @Test
  void everyCommandRoundTrips() {
    assertCovers(Command.class, Samples.commands());
    for (Command command : Samples.commands()) {
      Entry entry = Samples.entry(ID, command);
      assertEquals(entry, codec.decodeEntry(codec.encode(entry)));
    }
  }

  @Test
  void everyIntentAndStepRoundTrips() {
    assertCovers(Intent.class, Samples.intents());
    assertCovers(Doing.class, Samples.doings());
    assertCovers(Reshaping.class, Samples.reshapings());
    List<Step> steps = Samples.steps(Samples.DB1);
    assertCovers(Step.class, steps);
    for (Intent intent : Samples.intents()) {
      var plan =
          new Plan(
              intent,
              List.of(new Stage("all", List.of(), steps, steps)),
              List.of(),
              List.of(),
              List.of("careful"),
              new Undoing(intent, List.of()));
      assertEquals(plan, codec.plan(codec.text(plan)));
      assertEquals(plan.fingerprint(), codec.plan(codec.text(plan)).fingerprint());
    }
    steps.forEach(step -> assertEquals(step, codec.step(codec.text(step))));
  }

  @Test
  void stagesSideBySideRoundTripAndOthersAreWrittenAsEver() {
    var one = new Stage("one", List.of(), List.of(new Step.FlushLogs(Samples.DB1)), List.of());
    var other = new Stage("other", List.of(), List.of(new Step.FlushLogs(Samples.DB2)), List.of());
    Plan plan = staged(one, other.startedAt(new Stage.Start(List.of(), false)));
    assertEquals(plan, codec.plan(codec.text(plan)));
    Plan clearing = staged(one, other.startedAt(new Stage.Start(List.of(0), true)));
    assertEquals(clearing, codec.plan(codec.text(clearing)));
    Plan plain = staged(one, other);
    assertEquals(plain, codec.plan(codec.text(plain)));
    assertFalse(codec.text(plain).contains("\"start\":"), codec.text(plain));
  }

  private static Plan staged(Stage... stages) {
    var undo = new Undoing(new Intent.Undo(Samples.PLAN), List.of());
    return new Plan(
        new Intent.Undo(Samples.PLAN), List.of(stages), List.of(), List.of(), List.of(), undo);
  }

  @Test
  void everyVerdictRoundTrips() {
    List<Verdict> verdicts = List.of(Verdict.ACCEPTED, new Verdict.Rejected("db1 is busy"));
    assertCovers(Verdict.class, verdicts);
    verdicts.forEach(v -> assertEquals(v, codec.decodeVerdict(codec.encode(v))));
  }

  @Test
  void slotKindsRoundTrip() {
    List<Slot.Kind> kinds =
        List.of(
            new Slot.Kind.Executed("0-1-2"),
            new Slot.Kind.Pending(""),
            new Slot.Kind.Coordinates("bin.000007", 4));
    assertCovers(Slot.Kind.class, kinds);
    var mapper = Mapper.make();
    for (Slot.Kind kind : kinds) {
      assertEquals(kind, mapper.readValue(mapper.writeValueAsString(kind), Slot.Kind.class));
    }
  }

  @Test
  void namesAreStringsAsMapKeysToo() {
    var mapper = Mapper.make();
    Map<InstanceKey, ClusterId> instances = Map.of(Samples.DB2, Samples.CLUSTER);
    String text = mapper.writeValueAsString(instances);
    assertEquals("{\"[2001:db8::2]:3307\":\"c00000000000a\"}", text);
    assertEquals(
        instances, mapper.readValue(text, new TypeReference<Map<InstanceKey, ClusterId>>() {}));
    Map<PlanId, Map<ClusterId, InstanceKey>> nested =
        Map.of(Samples.PLAN, Map.of(Samples.CLUSTER, Samples.DB1));
    assertEquals(
        nested,
        mapper.readValue(
            mapper.writeValueAsString(nested),
            new TypeReference<Map<PlanId, Map<ClusterId, InstanceKey>>>() {}));
  }

  @Test
  void theTextIsFrozen() {
    // Of the level of its newest step, "enable-events".
    Entry entry = Samples.entry(ID, new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1)));
    String text = text(entry);
    assertEquals(
        "{\"v\":1,\"header\":{\"id\":\"00000000-0000-0001-0000-000000000002\",\"actor\":\"ann\","
            + "\"cause\":\"http\",\"at\":\"2026-11-22T21:00:00.123456789Z\",\"level\":11},"
            + "\"command\":{\"type\":\"open-plan\",\"id\":\"p00000000000a\",\"plan\":{"
            + "\"intent\":{\"type\":\"relocate\",\"replica\":\"db1:3306\","
            + "\"below\":\"[2001:db8::2]:3307\"},\"stages\":[{\"title\":\"move it\",\"guards\":[{"
            + "\"instance\":\"db1:3306\",\"field\":\"SOURCE\","
            + "\"value\":\"db0:3306 \\\"quoted\\\" ü\\n\"}],\"steps\":[{"
            + "\"type\":\"stop-replication\",\"target\":\"db1:3306\",\"channel\":\"\","
            + "\"threads\":\"IO\"},{\"type\":\"await-drained\",\"target\":\"db1:3306\","
            + "\"channel\":\"\",\"limit\":\"PT1.5S\"},{\"type\":\"read-executed\","
            + "\"target\":\"db1:3306\",\"into\":{\"name\":\"db1\"}},",
        text.substring(0, text.indexOf("{\"type\":\"await-logged\"")));
    Command end = Samples.commands().get(5);
    assertTrue(text(Samples.entry(ID, end)).endsWith(",\"failure\":null}}"));
    assertTrue(
        text(Samples.entry(ID, new Command.AddAlias(Samples.DB1, Samples.DB2)))
            .endsWith(
                ",\"command\":{\"type\":\"add-alias\",\"alias\":\"db1:3306\","
                    + "\"server\":\"[2001:db8::2]:3307\"}}"));
    assertTrue(
        text(Samples.entry(ID, Samples.commands().getLast()))
            .endsWith(
                ",\"command\":{\"type\":\"register-instances\",\"servers\":[{"
                    + "\"type\":\"register-instance\",\"key\":\"db1:3306\","
                    + "\"cluster\":\"c00000000000a\"},{\"type\":\"register-instance\","
                    + "\"key\":\"[2001:db8::2]:3307\",\"cluster\":\"c00000000000a\"}]}}"));
  }

  @Test
  void whatANewerVersionWroteIsRefused() {
    assertRefused(Kind.NEWER, "\"v\":1", "\"v\":2", "format 2");
    assertRefused(Kind.NEWER, "\"level\":1", "\"level\":99", "feature level 99");
    // The level is told before anything that is unknown because of it.
    assertRefused(
        Kind.NEWER,
        "\"level\":1},\"command\":{\"type\":\"forget-instance\"",
        "\"level\":99},\"command\":{\"type\":\"paint-instance\",\"colour\":7",
        "feature level 99");
    assertRefused(Kind.NEWER, "\"forget-instance\"", "\"paint-instance\"", "paint-instance");
    assertRefused(Kind.NEWER, "\"key\":", "\"force\":true,\"key\":", "force");
    assertRefused(Kind.NEWER, "\"actor\":", "\"shoe\":1,\"actor\":", "shoe");
  }

  @Test
  void aNodeThatIsHeldBackReadsNoMoreThanItIsToUse() {
    var heldBack = new JsonCodec(1);
    Entry old = Samples.entry(ID, new Command.ForgetInstance(Samples.DB1));
    assertEquals(old, heldBack.decodeEntry(codec.encode(old)));
    byte[] alias = codec.encode(Samples.entry(ID, new Command.DropAlias(Samples.DB1)));
    var e = assertThrows(StoreException.class, () -> heldBack.decodeEntry(alias));
    assertEquals(Kind.NEWER, e.kind());
    assertTrue(e.getMessage().contains("feature level 2"), e.getMessage());
  }

  @Test
  void whatIsNoEntryIsRefused() {
    assertRefused(Kind.BROKEN, "\"v\":1,", "", "v");
    assertRefused(Kind.BROKEN, "\"v\":1", "\"v\":0", "0");
    assertRefused(Kind.BROKEN, "\"type\":\"forget-instance\",", "", "a type is missing");
    assertRefused(Kind.BROKEN, "\"v\":1", "\"v\":\"1\"", "");
    assertRefused(Kind.BROKEN, "\"actor\":\"ann\",", "", "actor");
    assertRefused(Kind.BROKEN, "\"actor\":\"ann\"", "\"actor\":null", "actor");
    assertRefused(Kind.BROKEN, "\"actor\":\"ann\"", "\"actor\":\"a\",\"actor\":\"b\"", "actor");
    assertRefused(Kind.BROKEN, "db1:3306", "db1; drop table", "not a");
    assertRefused(Kind.BROKEN, "}}", "}} trailing", "");
    assertRefused(Kind.BROKEN, "}}", "", "");
    for (String text : List.of("", "null", "[]", "7", "{}")) {
      var e = assertThrows(StoreException.class, () -> codec.decodeEntry(bytes(text)), text);
      assertEquals(Kind.BROKEN, e.kind(), text);
    }
  }

  private void assertRefused(Kind kind, String wanted, String instead, String named) {
    String text = text(Samples.entry(ID, new Command.ForgetInstance(Samples.DB1)));
    String changed = text.replace(wanted, instead);
    assertTrue(!text.equals(changed), wanted);
    var e = assertThrows(StoreException.class, () -> codec.decodeEntry(bytes(changed)), changed);
    assertEquals(kind, e.kind(), e.getMessage());
    assertTrue(e.getMessage().contains(named), e.getMessage());
  }

  private String text(Entry entry) {
    return new String(codec.encode(entry), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The types there are, those of a sealed one among them included. */
  private static Stream<Class<?>> permitted(Class<?> sealed) {
    return Stream.<Class<?>>of(sealed.getPermittedSubclasses())
        .flatMap(type -> type.isSealed() ? permitted(type) : Stream.<Class<?>>of(type));
  }

  private static void assertCovers(Class<?> sealed, List<?> samples) {
    assertEquals(
        permitted(sealed).collect(Collectors.toSet()),
        samples.stream().map(Object::getClass).collect(Collectors.toSet()),
        () -> "samples of " + Arrays.toString(sealed.getPermittedSubclasses()));
  }
}
