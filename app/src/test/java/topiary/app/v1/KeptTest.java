package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.RandomFleet;
import topiary.app.json.Json;
import topiary.app.kept.Kept;
import topiary.engine.model.Topology;

/** What is kept for answers never shows, whatever happened since. */
class KeptTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20261127})
  void anAnswerIsAsIfNothingHadBeenKept(long seed) throws IOException {
    var fleet = new RandomFleet(seed);
    var keep = new Keep(new Kept());
    for (int step = 0; step < 300; step++) {
      fleet.step();
      Sight kept = sight(fleet, fleet.topology(), keep);
      Sight anew = sight(fleet, fleet.fresh(), new Keep(new Kept()));
      String at = "seed " + seed + ", step " + step;
      assertEquals(Json.text(all(anew)), written(all(kept)), at);
    }
  }

  private static Sight sight(RandomFleet fleet, Topology topology, Keep keep) {
    return new Sight(topology, fleet.clusters(), fleet.names(), fleet.said(), fleet.now(), keep);
  }

  private static List<?> all(Sight sight) {
    return sight.topology().trees().stream().map(sight::whole).toList();
  }

  private static String written(Object tree) throws IOException {
    var out = new ByteArrayOutputStream();
    Json.write(tree, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
