package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.engine.fake.RealClock;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.ReplicationError;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** Whoever is told that an answer is the same again knows no less than who reads it again. */
class RepeatedTest {

  private static final InstanceKey R2 = new InstanceKey("127.0.0.1", 3308);
  private static final int LOOKS = 300;

  /** Which recording answers a question now; the first one when it is not said. */
  private final Map<String, Integer> now = new HashMap<>();

  private final Map<Path, Recording> read = new HashMap<>();

  /** Which recording answers a column of a question now, where that is another. */
  private final Map<String, Map<String, Integer>> columns = new HashMap<>();

  /** Whether the receiving thread, where there is one, waits for space now. */
  private boolean full;

  /** Answers of several servers of one kind, mixed. */
  private final class Mixed implements Fleet.Session {

    private final List<Fleet.Session> servers;
    private final boolean tells;
    private final Map<String, List<Map<String, String>>> last = new HashMap<>();
    private int same;
    private int nearly;

    Mixed(List<Fleet.Session> servers, boolean tells) {
      this.servers = servers;
      this.tells = tells;
    }

    @Override
    public String version() {
      return servers.getFirst().version();
    }

    @Override
    public Fleet.Rows ask(String sql, Deadline deadline) throws ServerTrouble {
      Fleet.Rows rows = mixed(sql, servers.get(now.getOrDefault(sql, 0)).ask(sql, deadline));
      List<Map<String, String>> before = last.put(sql, rows.rows());
      if (!tells || before == null) {
        return rows;
      }
      if (rows.rows().equals(before)) {
        same++;
        return Fleet.Rows.asBefore(rows::rows);
      }
      if (rows.rows().size() != 1 || before.size() != 1) {
        return rows;
      }
      nearly++;
      return Fleet.Rows.asBeforeBut(others(rows.rows().getFirst(), before.getFirst()), rows::rows);
    }

    private Fleet.Rows mixed(String sql, Fleet.Rows rows) throws ServerTrouble {
      Map<String, Integer> from = columns.getOrDefault(sql, Map.of());
      if (rows.rows().size() != 1 || from.isEmpty() && !full) {
        return rows;
      }
      var row = new TreeMap<>(rows.rows().getFirst());
      for (var column : from.entrySet()) {
        servers
            .get(column.getValue())
            .ask(sql, null)
            .first()
            .flatMap(other -> Optional.ofNullable(other.get(column.getKey())))
            .ifPresent(value -> row.put(column.getKey(), value));
      }
      if (full) {
        for (String state : List.of("Replica_IO_State", "Slave_IO_State")) {
          row.computeIfPresent(state, (s, said) -> ReplicationError.NO_ROOM.message());
        }
      }
      return new Fleet.Rows(List.of(row));
    }

    private static Set<String> others(Map<String, String> row, Map<String, String> before) {
      var labels = new HashSet<>(row.keySet());
      labels.addAll(before.keySet());
      labels.removeIf(label -> Objects.equals(row.get(label), before.get(label)));
      return labels;
    }

    @Override
    public void tell(String sql, Deadline deadline) {
      throw new IllegalStateException("a look changes nothing: " + sql);
    }

    @Override
    public boolean usable() {
      return true;
    }

    @Override
    public void close() {
      // There is nothing to be closed.
    }
  }

  private static List<Fleet.Session> servers(String kind) throws IOException, ServerTrouble {
    var servers = new ArrayList<Fleet.Session>();
    for (String role : List.of("replica", "source", "dressed")) {
      Path file = RecordIT.FOLDER.resolve(kind + "-" + role + ".txt");
      servers.add(Recording.read(file).replay().open(R2, null));
    }
    return servers;
  }

  private static Facts facts(Prober prober) {
    Observation seen = prober.look(R2);
    assertEquals(Condition.SEEN, seen.condition(), seen::sentence);
    // Counted on between two looks, and asked for by no question here.
    return seen.facts().orElseThrow().upFor(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql-9.7", "mysql-5.6", "mariadb-11.4", "mariadb-10.11"})
  void nothingIsMissedWhateverChanges(String kind) throws IOException, ServerTrouble {
    var telling = new Mixed(servers(kind), true);
    var silent = new Mixed(servers(kind), false);
    var random = new Random(7);
    try (var one = new Prober((k, d) -> telling, new RealClock(), ProbePolicy.DEFAULT);
        var other = new Prober((k, d) -> silent, new RealClock(), ProbePolicy.DEFAULT)) {
      Facts before = facts(one);
      assertEquals(facts(other), before);
      List<String> questions = List.copyOf(silent.last.keySet());
      int others = 0;
      int filled = 0;
      for (int i = 0; i < LOOKS; i++) {
        if (random.nextBoolean()) {
          String question = questions.get(random.nextInt(questions.size()));
          now.put(question, known(kind, question, random.nextInt(3)));
        }
        for (String question : questions) {
          move(kind, question, silent, random);
        }
        full = random.nextInt(4) == 0;
        Facts seen = facts(one);
        filled += seen.channels().stream().anyMatch(Channel::lacksRoom) ? 1 : 0;
        assertEquals(facts(other), seen, "look " + i + ", answered by " + now);
        others += seen.equals(before) ? 0 : 1;
        before = seen;
      }
      assertTrue(others > LOOKS / 20, "only " + others + " looks saw anything new");
      assertTrue(filled > LOOKS / 20, "only " + filled + " looks saw a full disk");
      assertTrue(telling.nearly > LOOKS / 10, "only " + telling.nearly + " were nearly");
      assertTrue(telling.same > LOOKS, "only " + telling.same + " answers were the same");
    }
  }

  /** Has another recording answer a column of a question from now on, as one that tells how far. */
  private void move(String kind, String question, Mixed last, Random random) throws IOException {
    List<String> labels =
        last.last.get(question).stream().flatMap(row -> row.keySet().stream()).toList();
    List<String> moving =
        labels.stream()
            .filter(l -> ProbeParser.FAR.contains(l) || ProbeParser.PROGRESS.contains(l))
            .toList();
    List<String> some = moving.isEmpty() || random.nextInt(4) == 0 ? labels : moving;
    if (!some.isEmpty()) {
      columns
          .computeIfAbsent(question, q -> new HashMap<>())
          .put(some.get(random.nextInt(some.size())), known(kind, question, random.nextInt(3)));
    }
  }

  /** A recording that was asked this; the first was asked everything. */
  private int known(String kind, String question, int wanted) throws IOException {
    String role = List.of("replica", "source", "dressed").get(wanted);
    Path file = RecordIT.FOLDER.resolve(kind + "-" + role + ".txt");
    Recording recording = read.get(file);
    if (recording == null) {
      recording = Recording.read(file);
      read.put(file, recording);
    }
    return recording.questions().contains(question) ? wanted : 0;
  }
}
