package topiary.app.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.json.FindingJson;
import topiary.app.json.Json;
import topiary.engine.analysis.World;
import topiary.engine.finding.Severity;
import topiary.engine.model.Topology;
import topiary.engine.planner.Outlook;
import topiary.engine.planner.Readiness;
import topiary.engine.policy.JudgementPolicy;

/** What a node says of what would be, as the window reads it. */
class JudgingViewsTest {

  private static final Topology TREE =
      Samples.topology(
          1, Samples.primary("p"), Samples.replica("a", "p"), Samples.replica("b", "p"));
  private static final World WORLD = World.of(TREE, JudgementPolicy.DEFAULT, Samples.NOW);

  @Test
  void anOutlookComesAcrossWhole() throws Exception {
    Outlook outlook = Outlook.on(WORLD, Samples.key("p"));
    OutlookView view = Decoder.outlook(Decoder.answer(Json.text(FindingJson.outlook(outlook))));
    assertEquals(Severity.FAILURE, view.finding().orElseThrow().severity());
    assertFalse(view.finding().get().evidence().isEmpty());
    assertEquals(
        new OutlookView(
            outlook.server(),
            view.finding(),
            outlook.silence(),
            Optional.of(Samples.key("a")),
            outlook.drain(),
            outlook.whyNot(),
            Map.of(Samples.key("b"), Samples.key("a")),
            Map.of(),
            outlook.lost()),
        view);
  }

  @Test
  void aClusterWithoutAnIdGoesByItsHead() throws Exception {
    Readiness ready = Readiness.of(WORLD, TREE.trees().getFirst());
    List<ReadinessView> views =
        Decoder.readiness(
            Decoder.answer(
                Json.text(
                    List.of(
                        FindingJson.readiness(ready, "c1"), FindingJson.readiness(ready, "")))));
    assertEquals(List.of("c1", "p:3306"), views.stream().map(ReadinessView::cluster).toList());
    assertEquals(ready.score(), views.getFirst().score());
    assertEquals(
        ready.reasons().stream().map(Readiness.Reason::words).toList(),
        views.getFirst().reasons().stream().map(ReadinessView.Reason::words).toList());
  }
}
