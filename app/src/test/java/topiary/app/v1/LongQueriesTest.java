package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.json.Json;
import topiary.app.text.Ink;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;

class LongQueriesTest {

  private final Map<InstanceKey, List<LongQuery>> running = new HashMap<>();
  private final LongQueries queries = new LongQueries(this::ask);

  private List<LongQuery> ask(InstanceKey key, int seconds) throws RequestRefused {
    if (!running.containsKey(key)) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, "lacks the grant PROCESS");
    }
    return running.get(key).stream().filter(q -> q.seconds() >= seconds).toList();
  }

  private static LongQuery query(long id, long seconds, String text) {
    return new LongQuery(id, "app", "10.0.0.5:4711", "shop", "Query", seconds, "updating", text);
  }

  @Test
  void oneServersAreTold() throws Exception {
    running.put(
        Samples.key("p"), List.of(query(7, 61, "UPDATE t\n\tSET a = 1"), query(8, 59, "x")));
    Answer answer = queries.of(Samples.key("p"), 60);
    assertEquals(
        "{\"seconds\":60,\"queries\":[{\"instance\":\"p:3306\",\"id\":7,\"user\":\"app\","
            + "\"host\":\"10.0.0.5:4711\",\"database\":\"shop\",\"command\":\"Query\","
            + "\"seconds\":61,\"state\":\"updating\",\"text\":\"UPDATE t\\n\\tSET a = 1\"}],"
            + "\"unasked\":[]}",
        Json.text(answer.json()));
    assertEquals(
        "p:3306  61 s  7  app@10.0.0.5:4711  shop  updating  UPDATE t SET a = 1\n",
        answer.text().apply(Ink.PLAIN));
    assertThrows(RequestRefused.class, () -> queries.of(Samples.key("r"), 60));
  }

  @Test
  void aClustersAreToldLongestFirstWithThoseWhoCouldNotBeAsked() {
    Instance gone = Samples.lost(Samples.replica("g", "p"), Condition.HUNG, "g says nothing");
    running.put(Samples.key("p"), List.of(query(7, 61, "")));
    running.put(Samples.key("a"), List.of(query(9, 200, "y".repeat(90))));
    running.put(gone.key(), List.of(query(1, 999, "not asked")));
    Answer answer =
        queries.of(
            List.of(
                Samples.primary("p"), Samples.replica("a", "p"), Samples.replica("b", "p"), gone),
            60);
    assertEquals(
        "a:3306  200 s  9  app@10.0.0.5:4711  shop  updating  "
            + "y".repeat(80)
            + "…\n"
            + "p:3306  61 s   7  app@10.0.0.5:4711  shop  updating  Query\n"
            + "! b:3306 was not asked: lacks the grant PROCESS\n"
            + "! g:3306 was not asked: hung\n",
        answer.text().apply(Ink.PLAIN));
  }

  @Test
  void noneIsASentence() throws Exception {
    running.put(Samples.key("p"), List.of());
    assertEquals(
        "No statement runs for 5 s or longer.\n",
        queries.of(Samples.key("p"), 5).text().apply(Ink.PLAIN));
  }
}
