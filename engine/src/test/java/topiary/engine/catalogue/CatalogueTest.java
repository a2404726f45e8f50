package topiary.engine.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.said.Rule;

class CatalogueTest {

  private static final PlanId PLAN = new PlanId("p0123456789ab");

  static List<Operation> operations() {
    return Catalogue.all();
  }

  @Test
  void namesAreUniqueAndFound() {
    var names = new HashSet<String>();
    for (Operation operation : Catalogue.all()) {
      assertTrue(names.add(operation.name()), operation::name);
      assertTrue(operation.name().matches("[a-z]+(-[a-z]+)*"), operation::name);
      assertEquals(Optional.of(operation), Catalogue.named(operation.name()));
      assertFalse(operation.summary().isBlank());
      assertFalse(operation.summary().endsWith("."), operation::summary);
      var arguments = new HashSet<String>();
      for (Argument argument : operation.arguments()) {
        assertTrue(arguments.add(argument.name()), argument::name);
        assertFalse(argument.help().endsWith("."), argument::help);
      }
    }
    assertEquals(Optional.empty(), Catalogue.named("drop-everything"));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aWholeCallIsTaken(Operation operation) throws BadArgument {
    Arguments arguments = Arguments.of(operation, good(operation));
    for (Argument argument : operation.arguments()) {
      assertEquals(Optional.of(sample(argument)), arguments.text(argument.name()));
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aMissingArgumentIsNamedWithItsHelp(Operation operation) {
    for (Argument argument : operation.arguments()) {
      var call = good(operation);
      call.remove(argument.name());
      if (!argument.required()) {
        call(operation, call);
        continue;
      }
      String sentence = operation.name() + " needs \"" + argument.name() + "\": " + argument.help();
      assertEquals(sentence, refused(operation, call));
      call.put(argument.name(), "  ");
      assertEquals(sentence, refused(operation, call));
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void anUnknownArgumentIsRefused(Operation operation) {
    var call = good(operation);
    call.put("nonsense", "yes");
    assertEquals(operation.name() + " takes no argument \"nonsense\"", refused(operation, call));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aBadValueIsNamedWithItsArgument(Operation operation) throws BadArgument {
    for (Argument argument : operation.arguments()) {
      var call = good(operation);
      call.put(argument.name(), "no such'; value");
      Arguments arguments = Arguments.of(operation, call);
      switch (argument.type()) {
        case INSTANCE -> bad(argument, () -> arguments.instance(argument.name()));
        case PLAN -> bad(argument, () -> arguments.plan(argument.name()));
        case NUMBER -> bad(argument, () -> arguments.number(argument.name(), 1, 9));
        case RULE -> bad(argument, () -> arguments.rule(argument.name(), Rule.PREFER));
        case WAY -> bad(argument, () -> arguments.way(argument.name()));
        case RECOVERY -> bad(argument, () -> arguments.recovery(argument.name()));
        case KIND -> bad(argument, () -> arguments.kind(argument.name()));
        case DURATION -> bad(argument, () -> arguments.span(argument.name()));
        case CLUSTER, FINGERPRINT, NAME ->
            // Looked up, not parsed.
            assertEquals(Optional.of("no such'; value"), arguments.text(argument.name()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void exactlyIntentsMakeAnIntent(Operation operation) throws BadArgument {
    if (operation.kind() == Operation.Kind.INTENT) {
      var with = good(operation);
      if (with.containsKey("way")) {
        with.remove("channel");
      }
      assertTrue(Catalogue.intent(operation, call(operation, with)).isPresent());
      assertTrue(operation.kind().writes());
    } else if (operation.argument("instance").isPresent()) {
      Arguments arguments = call(operation, good(operation));
      assertThrows(IllegalArgumentException.class, () -> Catalogue.intent(operation, arguments));
    }
  }

  @Test
  void eachIntentIsTheOneThatWasAskedFor() throws BadArgument {
    assertEquals(
        new Intent.Relocate(key("a"), key("b")),
        intent(Catalogue.RELOCATE, Map.of("replica", "a", "below", "b:3306")));
    Map<String, String> a = Map.of("instance", "a");
    assertEquals(
        new Intent.StartReplication(key("a"), Threads.BOTH),
        intent(Catalogue.START_REPLICATION, a));
    assertEquals(
        new Intent.StopReplication(key("a"), Threads.BOTH), intent(Catalogue.STOP_REPLICATION, a));
    assertEquals(new Intent.SetReadOnly(key("a"), true), intent(Catalogue.SET_READ_ONLY, a));
    assertEquals(new Intent.SetReadOnly(key("a"), false), intent(Catalogue.SET_WRITEABLE, a));
    assertEquals(new Intent.Undo(PLAN), intent(Catalogue.UNDO, Map.of("plan", PLAN.text())));
    assertEquals(
        Optional.empty(), Catalogue.intent(Catalogue.UNDO, Arguments.of(Catalogue.UNDO, Map.of())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "10", "1.5", "", "99999999999", "0x3"})
  void aNumberOutsideItsRangeIsRefused(String text) throws BadArgument {
    Arguments arguments = Arguments.of(Catalogue.RUNS, Map.of("limit", text));
    if (text.isEmpty()) {
      assertEquals(7, arguments.number("limit", 7, 9));
    } else {
      assertEquals(
          "limit is a whole number from 0 to 9",
          assertThrows(BadArgument.class, () -> arguments.number("limit", 7, 9)).getMessage());
    }
  }

  @Test
  void theBordersOfARangeBelongToIt() throws BadArgument {
    assertEquals(0, Arguments.of(Catalogue.RUNS, Map.of("limit", "0")).number("limit", 7, 9));
    assertEquals(9, Arguments.of(Catalogue.RUNS, Map.of("limit", " 9 ")).number("limit", 7, 9));
  }

  @Test
  void askingForAnArgumentThatWasNeverDeclaredIsAFault() throws BadArgument {
    Arguments arguments = Arguments.of(Catalogue.HEALTH, Map.of());
    assertThrows(IllegalArgumentException.class, () -> arguments.text("limit"));
  }

  @Test
  void aCallForAnIntentLeadsBackToIt() throws BadArgument {
    for (Reshaping how :
        List.of(
            new Reshaping.Replicas(key("b"), Optional.of("^r")),
            new Reshaping.Siblings(),
            new Reshaping.Up(),
            new Reshaping.ReplicasUp(Optional.empty()),
            new Reshaping.BelowSibling(key("b")),
            new Reshaping.TakeSource(Optional.of(key("b"))),
            new Reshaping.TakeSource(Optional.empty()),
            new Reshaping.CoSource(Optional.of(key("b"))),
            new Reshaping.CoSource(Optional.empty()),
            new Reshaping.TakeOver(Optional.of(key("b")), List.of(key("c"), key("d")), true),
            new Reshaping.TakeOver(Optional.empty(), List.of(), false),
            new Reshaping.Rejoin(Optional.of(key("b"))),
            new Reshaping.Rejoin(Optional.empty()),
            new Reshaping.Equivalent(key("b")),
            new Reshaping.Repoint(Optional.of(key("b"))),
            new Reshaping.Repoint(Optional.empty()),
            new Reshaping.RepointReplicas(Optional.of("x")),
            new Reshaping.Regroup())) {
      var call = new HashMap<>(InTree.arguments(how));
      call.put("instance", "a:3306");
      assertEquals(new Intent.InTree(key("a"), how), intent(InTree.operation(how), call));
    }
    var moves =
        new Intent.Moves(
            List.of(
                new Intent.Relocate(key("a"), key("b")),
                new Intent.Relocate(new InstanceKey("2001:db8::1", 3307), key("b"))));
    assertEquals(moves, intent(InTree.RELOCATE_SEVERAL, Map.of("moves", InTree.moves(moves))));
    for (String bad : List.of("a", "a=b=c", "a=b,", "=b", "a=b,a=c", "a=b,a:3306=b")) {
      var e =
          assertThrows(
              BadArgument.class, () -> intent(InTree.RELOCATE_SEVERAL, Map.of("moves", bad)), bad);
      assertTrue(e.getMessage().startsWith("moves: "), e::getMessage);
    }
  }

  @Test
  void aChannelIsNamedWhereOneCanBe() throws BadArgument {
    var move = new Intent.Relocate(key("a"), key("b"));
    Map<String, String> call = Map.of("replica", "a", "below", "b", "channel", "it's");
    assertEquals(new Intent.OnChannel(move, "it's"), intent(Catalogue.RELOCATE, call));
    assertEquals(
        new Intent.OnChannel(new Intent.StopReplication(key("a"), Threads.BOTH), ""),
        intent(Catalogue.STOP_REPLICATION, Map.of("instance", "a", "channel", "-")));
    assertEquals(
        new Intent.OnChannel(new Intent.OnServer(key("a"), new Doing.Delay(5)), "x"),
        intent(OneServer.DELAY, Map.of("instance", "a", "channel", "x", "seconds", "5")));
    for (Operation operation : Catalogue.all()) {
      if (operation.argument("channel").isPresent()) {
        var with = good(operation);
        with.remove("way");
        assertTrue(intent(operation, with) instanceof Intent.OnChannel, operation::name);
      }
    }
    var both = new HashMap<>(call);
    both.put("way", "file");
    assertTrue(
        assertThrows(BadArgument.class, () -> intent(Catalogue.RELOCATE, both))
            .getMessage()
            .contains("relocate takes one"));
    for (Intent wrong :
        List.of(
            new Intent.SetReadOnly(key("a"), true),
            new Intent.OnServer(key("a"), new Doing.FlushLogs(1)))) {
      assertThrows(IllegalArgumentException.class, () -> new Intent.OnChannel(wrong, "x"));
    }
  }

  private static Intent intent(Operation operation, Map<String, String> with) throws BadArgument {
    return Catalogue.intent(operation, Arguments.of(operation, with)).orElseThrow();
  }

  private static Arguments call(Operation operation, Map<String, String> with) {
    try {
      return Arguments.of(operation, with);
    } catch (BadArgument e) {
      throw new AssertionError(e);
    }
  }

  private static String refused(Operation operation, Map<String, String> with) {
    return assertThrows(BadArgument.class, () -> Arguments.of(operation, with)).getMessage();
  }

  private static void bad(Argument argument, org.junit.jupiter.api.function.Executable reading) {
    var e = assertThrows(BadArgument.class, reading);
    assertTrue(e.getMessage().startsWith(argument.name()), e.getMessage());
  }

  private static Map<String, String> good(Operation operation) {
    var call = new HashMap<String, String>();
    operation.arguments().forEach(a -> call.put(a.name(), sample(a)));
    return call;
  }

  private static String sample(Argument argument) {
    return switch (argument.type()) {
      case INSTANCE, CLUSTER -> "db1:3306";
      case PLAN -> PLAN.text();
      case FINGERPRINT -> "0123456789abcdef0123456789abcdef";
      case NAME -> "relocate";
      case NUMBER -> "5";
      case NODE -> "n2";
      case MOMENT -> "2026-11-27T03:12:00Z";
      case HASH -> "00";
      case TAG -> "role=backup";
      case RULE -> "prefer_not";
      case DURATION -> "30m";
      case SWITCH -> "true";
      case MOVES -> "a:1=b:2";
      case INSTANCES -> "a:1,b:2";
      case WAY -> "gtid";
      case RECOVERY -> "r0123456789ab";
      case KIND -> "intermediate";
      case TEXT -> "some words";
    };
  }
}
