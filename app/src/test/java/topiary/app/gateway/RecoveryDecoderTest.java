package topiary.app.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.json.Json;
import topiary.app.json.RecoveryJson;
import topiary.app.text.Ink;
import topiary.app.text.RecoveryText;
import topiary.engine.finding.Evidence;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.RecoveryBook.Said;
import topiary.engine.model.ClusterId;
import topiary.engine.policy.HookList;
import topiary.engine.recovery.FormerPrimary;
import topiary.engine.state.Command;
import topiary.engine.state.RecoveryEnd;

/** What a node tells of recoveries, as the window reads it. */
class RecoveryDecoderTest {

  private static final RecoveryId ID = new RecoveryId("r0123456789ab");
  private static final Command.OpenRecovery OPEN =
      new Command.OpenRecovery(
          ID,
          new ClusterId("c0123456789ab"),
          Samples.key("p"),
          RecoveryKind.PRIMARY,
          "DeadMaster",
          true,
          Optional.empty(),
          List.of(Samples.key("a")),
          List.of(
              new Evidence(Samples.key("p"), Optional.of(Samples.NOW), "does not answer"),
              new Evidence(Samples.key("a"), Optional.empty(), "lost it")));

  private static RecoveryView read(RecoveryBook.Entry entry) throws Exception {
    return RecoveryDecoder.one(Decoder.answer(Json.text(RecoveryJson.recovery(entry))));
  }

  private static <T> Said<T> said(T what, int millis) {
    return new Said<>(what, Samples.NOW.plusMillis(millis), "ada");
  }

  @Test
  void oneThatHasJustBegunComesAcross() throws Exception {
    var entry =
        new RecoveryBook.Entry(
            said(OPEN, 0), List.of(), Optional.empty(), Optional.empty(), List.of());
    RecoveryView view = read(entry);
    assertEquals(OPEN.evidence(), view.evidence());
    assertEquals(Samples.NOW, view.opened());
    assertTrue(view.underWay() && view.open() && view.forced());
    assertEquals(Optional.empty(), view.took());
    assertEquals(
        List.of(view),
        RecoveryDecoder.all(Decoder.answer(Json.text(List.of(RecoveryJson.recovery(entry))))));
  }

  @Test
  void theFormerPrimaryThatIsBackComesAcross() throws Exception {
    var entry =
        new RecoveryBook.Entry(
            said(OPEN, 0), List.of(), Optional.empty(), Optional.empty(), List.of());
    var former = new FormerPrimary(Samples.key("p"), Optional.of("0-1-2"), false, "p is back.");
    RecoveryView view =
        RecoveryDecoder.one(
            Decoder.answer(Json.text(RecoveryJson.recovery(entry, Optional.of(former)))));
    assertEquals(Optional.of("p is back."), view.former());
    assertTrue(
        new RecoveryText(Ink.PLAIN).report(entry, Optional.of(former)).contains("p is back."));
    assertTrue(
        new RecoveryText(Ink.PLAIN)
            .line(entry, Optional.of(former))
            .contains(Samples.key("p") + " is back with writes of its own"));
  }

  @Test
  void oneThatHasEndedComesAcrossWhole() throws Exception {
    RecoveryView view =
        read(
            new RecoveryBook.Entry(
                said(OPEN, 0),
                List.of(
                    said(new Command.ChooseSuccessor(ID, Samples.key("b"), "all", "first"), 1),
                    said(new Command.ChooseSuccessor(ID, Samples.key("a"), "nothing", "best"), 2)),
                Optional.of(
                    said(
                        new Command.CloseRecovery(
                            ID, RecoveryEnd.DONE_IN_PART, "so it is", List.of()),
                        250)),
                Optional.of(said(new Command.AcknowledgeRecoveries(List.of(ID), "seen"), 300)),
                List.of(),
                List.of(
                    new RecoveryBook.HookRun(
                        said(new Command.BeginHook(ID, HookList.values()[0], 1, 2), 5),
                        Optional.of(
                            said(
                                new Command.EndHook(
                                    ID,
                                    HookList.values()[0],
                                    1,
                                    2,
                                    Optional.of("ended with 3"),
                                    "out",
                                    true),
                                9))))));
    assertEquals(
        new RecoveryView.Choice(Samples.key("a"), Samples.NOW.plusMillis(2), "best", "nothing"),
        view.choice().orElseThrow());
    assertEquals(250, view.took().orElseThrow().toMillis());
    assertEquals(
        new RecoveryView.End(Samples.NOW.plusMillis(250), true, true, "done in part", "so it is"),
        view.end().orElseThrow());
    assertEquals("seen", view.acknowledged().orElseThrow().comment());
    assertFalse(view.open() || view.underWay());
    RecoveryView.Hook hook = view.hooks().getFirst();
    assertEquals(HookList.values()[0].word() + " 1, attempt 2", hook.words());
    assertEquals(Optional.of("ended with 3"), hook.failure());
    assertEquals(
        Map.of("out", Samples.NOW.plusMillis(9)), Map.of(hook.output(), hook.ended().get()));
  }
}
