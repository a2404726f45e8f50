package topiary.app.rehearse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Step;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.RecoveryEnd;
import topiary.engine.state.Verdict;

/** At which moment of a recovery the process ends, and what stands in the log by then. */
class MortalLogTest {

  /** In the place of the end of the process. */
  private static final class Dead extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Takes everything, and keeps it. */
  private static final class Kept implements CommandLog {
    final List<Command> all = new ArrayList<>();

    @Override
    public CompletableFuture<Verdict> submit(Entry entry) {
      all.add(entry.command());
      return CompletableFuture.completedFuture(Verdict.ACCEPTED);
    }

    @Override
    public ManagerState state() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Leadership leadership() {
      return Leadership.NOBODY;
    }

    @Override
    public CompletableFuture<Void> confirm(long term) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void follow(Follower follower) {
      throw new UnsupportedOperationException();
    }
  }

  private static final InstanceKey P = new InstanceKey("127.0.0.1", 1);
  private static final InstanceKey R = new InstanceKey("127.0.0.1", 2);
  private static final RecoveryId ID = new RecoveryId("r00000000000a");
  private static final PlanId PLAN = new PlanId("p00000000000a");
  private static final Step STEP = new Step.SetReadOnly(R, false);

  private static final Command OPEN =
      new Command.OpenRecovery(
          ID,
          new ClusterId("c00000000000a"),
          P,
          RecoveryKind.PRIMARY,
          "DeadMaster",
          false,
          Optional.empty(),
          List.of(R),
          List.of());
  private static final Command BEGIN = new Command.BeginStep(PLAN, 1, STEP);
  private static final Command END = new Command.EndStep(PLAN, 1, STEP, Optional.empty());
  private static final Command CLOSE =
      new Command.CloseRecovery(ID, RecoveryEnd.DONE, "Done.", List.of(PLAN));

  @TempDir private Path fate;
  private final Kept kept = new Kept();

  /** A process that is told what a recovery has to say; whether it has outlived that. */
  private boolean outlives(Command... said) {
    var log =
        new MortalLog(
            kept,
            fate,
            () -> {
              throw new Dead();
            });
    for (Command command : said) {
      var header = new Header(UUID.randomUUID(), "topiary", "test", Instant.EPOCH, 7);
      try {
        CompletableFuture<Verdict> answer = log.submit(new Entry(header, command));
        if (answer.isCompletedExceptionally()) {
          return false;
        }
      } catch (Dead e) {
        return false;
      }
    }
    return true;
  }

  private boolean outlives(int moment) throws IOException {
    MortalLog.end(fate, moment);
    kept.all.clear();
    return outlives(OPEN, BEGIN, END, CLOSE);
  }

  @Test
  void eachRecordIsAMomentAndTheEndOfAStepIsOneBeforeIt() throws IOException {
    assertTrue(outlives(OPEN, BEGIN, END, CLOSE));
    assertEquals(
        List.of(
            "begin recovery r00000000000a of 127.0.0.1:1, DeadMaster",
            "plan p00000000000a, step 1 begins: make 127.0.0.1:2 writeable",
            "not yet written: plan p00000000000a, step 1 is done: make 127.0.0.1:2 writeable",
            "plan p00000000000a, step 1 is done: make 127.0.0.1:2 writeable",
            "end recovery r00000000000a, done: Done."),
        MortalLog.met(fate));
  }

  @Test
  void whoIsToDieOfARecordDoesWhenItStandsInTheLog() throws IOException {
    assertFalse(outlives(1));
    assertEquals(List.of(OPEN), kept.all);
    assertFalse(outlives(2));
    assertEquals(List.of(OPEN, BEGIN), kept.all);
    assertFalse(outlives(5));
    assertEquals(List.of(OPEN, BEGIN, END, CLOSE), kept.all);
  }

  @Test
  void whoIsToDieAfterADeedDoesBeforeTheLogKnows() throws IOException {
    assertFalse(outlives(3));
    assertEquals(List.of(OPEN, BEGIN), kept.all);
    assertFalse(outlives(4));
    assertEquals(List.of(OPEN, BEGIN, END), kept.all);
  }

  @Test
  void nobodyDiesOfAMomentThatThereIsNot() throws IOException {
    assertTrue(outlives(6));
  }

  @Test
  void whoeverGoesOnLives() throws IOException {
    assertFalse(outlives(2));
    assertTrue(outlives(BEGIN, END, CLOSE), "it has not opened it");
    assertTrue(outlives(OPEN, BEGIN, END, CLOSE), "one has died already");
  }

  @Test
  void plansBeforeARecoveryAreNoMoments() throws IOException {
    MortalLog.end(fate, 1);
    assertTrue(outlives(BEGIN, END));
    assertFalse(outlives(BEGIN, END, OPEN));
    assertEquals(
        List.of("begin recovery r00000000000a of 127.0.0.1:1, DeadMaster"), MortalLog.met(fate));
  }
}
