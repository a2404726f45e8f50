package topiary.app.gateway;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * What would come of it if a server died now, as a node tells it.
 *
 * @param server which
 * @param finding what would be found; empty when nobody would miss it
 * @param silence how long it would have to be silent if it did not die but hang
 * @param successor who would take its place; empty when nobody could, or nobody has to
 * @param drain how long the successor would have to apply what it has received
 * @param others everybody else who might have taken its place, and why not
 * @param moves who would be moved below whom
 * @param left those that could not follow, and why
 * @param lost what would be lost, in a sentence without a full stop
 */
public record OutlookView(
    InstanceKey server,
    Optional<FindingView> finding,
    Duration silence,
    Optional<InstanceKey> successor,
    Duration drain,
    Map<InstanceKey, String> others,
    Map<InstanceKey, InstanceKey> moves,
    Map<InstanceKey, String> left,
    String lost) {

  public OutlookView {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    moves = Collections.unmodifiableMap(new LinkedHashMap<>(moves));
    left = Collections.unmodifiableMap(new LinkedHashMap<>(left));
  }
}
