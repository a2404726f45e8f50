package topiary.app.wire;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import topiary.engine.intent.PlanId;
import topiary.engine.port.PlanJournal;
import topiary.engine.said.Attribute;
import topiary.store.StoreException;

/** The journal; that it cannot be read is known to all, and not only to whoever asked. */
record WatchedJournal(PlanJournal journal, StoreTrouble trouble) implements PlanJournal {

  @Override
  public Optional<PlanRecord> plan(PlanId id) {
    return watched(() -> journal.plan(id));
  }

  @Override
  public List<PlanRecord> latest(int limit) {
    return watched(() -> journal.latest(limit));
  }

  @Override
  public List<Attribute> attributes(Optional<String> name) {
    return watched(() -> journal.attributes(name));
  }

  private <T> T watched(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (StoreException e) {
      trouble.met(e);
      throw e;
    }
  }
}
