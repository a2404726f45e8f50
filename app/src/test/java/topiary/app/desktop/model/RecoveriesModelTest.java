package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.SampleRecoveries;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.RecoveryView;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** The recoveries there were, without a window. */
class RecoveriesModelTest {

  private static final RecoveryView DONE = SampleRecoveries.done(Samples.NOW);
  private static final RecoveryView FAILED =
      SampleRecoveries.failed(Samples.NOW.minusSeconds(86_400));

  private final FakeGateway node = new FakeGateway();
  private final WindowModel window =
      new WindowModel(node, Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));
  private final RecoveriesModel model = window.recoveries();
  private int second;

  @BeforeEach
  void two() {
    node.recoveries = List.of(DONE, FAILED);
  }

  private void later(int seconds) {
    second += seconds;
    model.tick(Samples.NOW.plusSeconds(second), true);
  }

  private RecoveriesModel.State state() {
    return model.state().get();
  }

  @Test
  void howManyHaveToBeSeenToIsKnownBeforeAnybodyLooks() {
    model.tick(Samples.NOW, false);
    assertEquals(List.of(), state().all(), "a node that is gone is not asked");
    later(0);
    assertEquals(1, state().open(), "the other one is acknowledged");
    assertEquals(Optional.empty(), state().chosen());
    node.recoveries = List.of(SampleRecoveries.underWay(Samples.NOW.plusSeconds(3)), DONE, FAILED);
    later(5);
    assertFalse(state().underWay(), "nobody looks, and nothing goes on: it is asked now and then");
    later(6);
    assertTrue(state().underWay());
    node.recoveries = List.of(DONE, FAILED);
    later(2);
    assertFalse(state().underWay(), "while one goes on it is asked at once again");
  }

  @Test
  void whoLooksSeesTheLatestWholeAndAnyOtherThatIsChosen() {
    new Actions(window, new FakeView()).recoveries.run();
    later(1);
    assertEquals(Optional.of(DONE), state().whole());
    model.choose(FAILED.id());
    assertEquals(Optional.of(FAILED), state().whole());
    RecoveryView seenTo = SampleRecoveries.failed(FAILED.opened().plusSeconds(1));
    node.recoveries = List.of(DONE, seenTo);
    later(2);
    assertEquals(
        Optional.of(seenTo), state().whole(), "acknowledged otherwise: it is told once more");
  }

  @Test
  void anAcknowledgementGoesToTheNodeAndItsNoIsShown() {
    model.open().set(true);
    later(1);
    model.acknowledge("  the disk was full ");
    assertEquals(
        List.of("ack-recovery {comment=the disk was full, recovery=" + DONE.id() + "}"),
        node.asked);
    assertEquals("Recovery " + DONE.id() + " is acknowledged.", window.notice().get());
    node.refusal =
        Optional.of(
            new GatewayException("recovery is under way", GatewayException.Kind.REFUSED, null));
    model.acknowledge("again");
    assertEquals("Recovery is under way.", state().sentence());
    later(2);
    assertEquals("", state().sentence(), "until the node answers");
  }

  @Test
  void itIsToldInTheOrderInWhichItHappened() {
    List<String> lines =
        RecoveryReport.of(DONE).stream()
            .map(l -> (l.at() + "|" + l.took() + "|" + l.words()))
            .toList();
    assertEquals("||FOUND", lines.getFirst());
    assertEquals("+0.000 s||DeadMaster: eu-primary:3306, primary", lines.get(4));
    assertEquals(
        "-0.008 s||eu-primary:3306: nobody takes connections there", lines.get(1), "before it");
    assertTrue(lines.contains("+0.080 s|2 ms|let eu-west-1:3306 be written to"), lines::toString);
    assertTrue(lines.contains("||moved 10.0.0.5 to eu-west-1"), lines::toString);
    assertTrue(
        lines.indexOf("||CHOSEN") < lines.indexOf("||LOST")
            && lines.indexOf("||LOST") < lines.indexOf("||HOOKS")
            && lines.indexOf("||HOOKS") < lines.indexOf("||ENDED"),
        lines::toString);
    assertEquals("eu-primary:3306 → eu-west-1:3306", RecoveryReport.title(DONE));
    assertEquals("Done in 0.187 s", RecoveryReport.state(DONE));
    assertEquals(RecoveryReport.Tone.GOOD, RecoveryReport.tone(DONE));
    assertEquals(RecoveryReport.Tone.BAD, RecoveryReport.tone(FAILED));
    assertEquals("Under way", RecoveryReport.state(SampleRecoveries.underWay(Samples.NOW)));
  }
}
