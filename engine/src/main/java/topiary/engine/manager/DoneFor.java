package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.PlanJournal.PlanRecord;

/** What was done for somebody, read back from the journal. */
final class DoneFor {

  /** So many plans are read at first; that is enough unless much is done for others meanwhile. */
  private static final int FEW = 50;

  /** So many times as many are read next. */
  private static final int MORE = 4;

  /** The clocks of nodes that were leading may differ by this. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private DoneFor() {}

  /**
   * All plans of an actor from a moment on, newest first; however many there were of others.
   *
   * @param actor as it stands in the journal
   * @param since before the first of them
   */
  static List<PlanRecord> plans(PlanJournal journal, String actor, Instant since) {
    Instant from = since.minus(SKEW);
    int limit = FEW;
    List<PlanRecord> latest = journal.latest(limit);
    while (latest.size() == limit && !latest.getLast().opened().isBefore(from)) {
      limit *= MORE;
      latest = journal.latest(limit);
    }
    return latest.stream().filter(plan -> plan.actor().equals(actor)).toList();
  }
}
