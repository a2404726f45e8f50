package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.By;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.port.Audit;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.Verdict;

/** orchestrator's audit paths. */
class AuditAnswersTest {

  private static final InstanceKey DB1 = new InstanceKey("db1", 3306);

  private final List<Question> asked = new ArrayList<>();

  private record Question(Set<String> about, int skip, int limit) {}

  private static Audit.Row row(long index, Command command, Verdict verdict, String... about) {
    var header = new Header(new UUID(0, index), "ann", "http", Samples.NOW, command.level());
    return new Audit.Row(
        index, "a-type", new Entry(header, command), verdict, List.of(about), "00");
  }

  /** Three rows, whatever is asked, and a note of what was. */
  private final class Three implements Audit {

    @Override
    public List<Row> rows(Audit.Asked what) {
      asked.add(new Question(what.about(), what.skip(), what.limit()));
      var announced =
          new Command.AnnounceNode(new NodeId("n1"), "one", URI.create("http://n1"), 3, "1.0");
      return List.of(
          row(
              9,
              new Command.ClosePlan(new PlanId("p00000000000a"), PlanEnd.DONE, "Done."),
              Verdict.ACCEPTED,
              "[::1]:3307",
              "p00000000000a"),
          row(8, announced, Verdict.ACCEPTED, "n1"),
          row(
              7,
              new Command.RegisterInstance(DB1, new ClusterId("c00000000000a")),
              new Verdict.Rejected("no"),
              "db1:3306"));
    }

    @Override
    public Optional<Instant> oldest() {
      return Optional.empty();
    }

    @Override
    public Head head() {
      return new Head(9, "00");
    }

    @Override
    public Verification verify(Optional<String> noted) {
      throw new AssertionError("nobody asks for it here");
    }
  }

  private Answer get(String path, Optional<Audit> audit) {
    var api =
        new LegacyApi(
            new FakeFleet(Samples.tree()),
            new LegacyNode("node1", "t", "0.1.0", "sqlite", Samples.NOW, Optional::empty),
            InstantSource.fixed(Samples.NOW),
            Runnable::run,
            Optional.empty(),
            audit);
    var by = new By("ann", "test");
    return api.answer(Arrays.asList(path.split("/")), Map.of(), Map.of(), by).orElseThrow();
  }

  @Test
  void rowsHaveItsFieldsAndPagesItsSize() {
    Answer answer = get("audit", Optional.of(new Three()));
    assertEquals(200, answer.status());
    var rows = (List<?>) answer.body();
    var first = (Map<?, ?>) rows.getFirst();
    assertEquals(
        List.of("AuditId", "AuditTimestamp", "AuditType", "AuditInstanceKey", "Message"),
        List.copyOf(first.keySet()));
    assertEquals(Map.of("Hostname", "::1", "Port", 3307), first.get("AuditInstanceKey"));
    assertEquals(9L, first.get("AuditId"));
    assertEquals(Text.stamp(Samples.NOW), first.get("AuditTimestamp"));
    var second = (Map<?, ?>) rows.get(1);
    assertEquals(Json.NO_KEY, second.get("AuditInstanceKey"));
    var third = (Map<?, ?>) rows.get(2);
    assertEquals(
        "look after db1:3306, in cluster c00000000000a (by ann, http); refused: no",
        third.get("Message"));
    for (String path : List.of("audit/3", "audit/-3", "audit/x", "audit/instance/db1/3306/2")) {
      get(path, Optional.of(new Three()));
    }
    assertEquals(
        List.of(
            new Question(Set.of(), 0, 20),
            new Question(Set.of(), 60, 20),
            new Question(Set.of(), 0, 20),
            new Question(Set.of(), 0, 20),
            new Question(Set.of("db1:3306"), 40, 20)),
        asked);
    assertEquals(500, get("audit/instance/db1/x", Optional.of(new Three())).status());
  }

  @Test
  void aNodeThatKeepsNoneHasAnEmptyOne() {
    assertEquals(List.of(), get("audit", Optional.empty()).body());
  }
}
