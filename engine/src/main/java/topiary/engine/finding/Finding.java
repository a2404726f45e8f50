package topiary.engine.finding;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * Something that is wrong, and why that is believed.
 *
 * @param code what
 * @param subject with whom
 * @param evidence who says so, the subject first
 * @param certainAt when it becomes something worse if nothing changes, as patience with a silent
 *     server ends then; empty when it does not by itself
 */
public record Finding(
    Code code, InstanceKey subject, List<Evidence> evidence, Optional<Instant> certainAt) {

  public Finding {
    evidence = List.copyOf(evidence);
  }

  /** In a sentence, for example {@code db1:3306: the primary is dead, …}. */
  public String sentence() {
    return subject + ": " + code.words();
  }

  /** Whether it is the same finding, whatever its evidence says now. */
  public boolean same(Finding other) {
    return code == other.code && subject.equals(other.subject);
  }
}
