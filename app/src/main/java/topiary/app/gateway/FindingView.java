package topiary.app.gateway;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.analysis.Found;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;

/**
 * Something that is wrong with a server, as a node tells it.
 *
 * @param code what, in a word; newer nodes may know others than this program
 * @param severity how bad it is
 * @param words what, in a sentence without a full stop
 * @param since since when; empty where that is not told
 * @param certainAt when it becomes something worse if nothing changes; empty when it does not by
 *     itself
 * @param evidence who says so, the server itself first
 */
public record FindingView(
    String code,
    Severity severity,
    String words,
    Optional<Instant> since,
    Optional<Instant> certainAt,
    List<Evidence> evidence) {

  public FindingView {
    evidence = List.copyOf(evidence);
  }

  /** Whether something is broken, or may be; else everything works for now. */
  public boolean wrong() {
    return severity != Severity.WARNING;
  }

  /** Whether something is broken for certain. */
  public boolean certain() {
    return severity == Severity.FAILURE || severity == Severity.TROUBLE;
  }

  /** Whether it is the same finding, whatever its evidence says. */
  public boolean same(FindingView other) {
    return code.equals(other.code) && severity == other.severity && since.equals(other.since);
  }

  /** What is found of a server, the worst first. */
  static List<FindingView> of(Found found) {
    return found.judgement().findings().stream()
        .map(
            f ->
                new FindingView(
                    f.code().word(),
                    f.code().severity(),
                    f.code().words(),
                    Optional.ofNullable(found.since().get(f.code())),
                    f.certainAt(),
                    f.evidence()))
        .sorted((a, b) -> a.severity().compareTo(b.severity()))
        .toList();
  }

  /** The same of all of whom something is found. */
  static Map<InstanceKey, List<FindingView>> of(Map<InstanceKey, Found> found) {
    Map<InstanceKey, List<FindingView>> views = HashMap.newHashMap(found.size());
    found.forEach((key, of) -> views.put(key, of(of)));
    return views;
  }
}
