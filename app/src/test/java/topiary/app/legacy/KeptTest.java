package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.app.RandomFleet;
import topiary.app.json.Json;
import topiary.app.kept.Kept;
import topiary.engine.model.Topology;
import topiary.engine.state.Recoveries;

/** What is kept for answers never shows, whatever happened since. */
class KeptTest {

  private static final Duration POLL = Duration.ofSeconds(5);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20261127})
  void anAnswerIsAsIfNothingHadBeenKept(long seed) throws IOException {
    var fleet = new RandomFleet(seed);
    var keep = new Keep(new Kept());
    for (int step = 0; step < 300; step++) {
      fleet.step();
      Picture kept = picture(fleet, fleet.topology(), keep);
      Picture anew = picture(fleet, fleet.fresh(), new Keep(new Kept()));
      String at = "seed " + seed + ", step " + step;
      assertEquals(anew(anew.all()), written(kept.json(kept.all())), at);
      String all = anew(anew.inSearchOrder());
      assertEquals(all, written(kept.json(kept.inSearchOrder())), at);
      for (int asked = 0; asked < 3; asked++) {
        // The first may be kept, the second is, the third is what was kept.
        assertEquals(all, written(kept.everybody()), at);
      }
      var anewInfos = new ClusterAnswers(() -> anew).infos(null).body();
      var infos = new ClusterAnswers(() -> kept).infos(null).body();
      assertEquals(Json.text(anewInfos), written(infos), at);
    }
  }

  private static Picture picture(RandomFleet fleet, Topology topology, Keep keep) {
    return new Picture(
        topology, fleet.now(), POLL, fleet.said(), fleet.clusters(), Recoveries.NONE, keep);
  }

  private static String anew(List<LegacyInstance> servers) {
    return Json.text(servers.stream().map(InstanceJson::of).toList());
  }

  private static String written(Object tree) throws IOException {
    var out = new ByteArrayOutputStream();
    Json.write(tree, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
