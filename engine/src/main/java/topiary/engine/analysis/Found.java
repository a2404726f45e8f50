package topiary.engine.analysis;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;

/**
 * What is found of a server, and since when each of it is.
 *
 * @param judgement what
 * @param since when each finding was made first, and has held from then on
 */
public record Found(Judgement judgement, Map<Code, Instant> since) {

  public Found {
    since = Map.copyOf(since);
  }

  /**
   * What is found now.
   *
   * @param before what was found until now; empty for nothing
   */
  public static Found now(Judgement judgement, Optional<Found> before, Instant now) {
    // Asked every half second of whoever something is found of, and mostly nothing is new.
    if (before.isPresent() && before.get().judgement.equals(judgement)) {
      return before.get();
    }
    var since = new EnumMap<Code, Instant>(Code.class);
    for (Finding finding : judgement.findings()) {
      since.put(
          finding.code(), before.map(Found::since).map(was -> was.get(finding.code())).orElse(now));
    }
    return new Found(judgement, since);
  }

  /** Whether the same is wrong, for as long; who says so may say it otherwise. */
  public boolean same(Found other) {
    return since.equals(other.since);
  }

  /** Since when it fails as it does; empty when it does not. */
  public Optional<Instant> failingSince() {
    return judgement.failure().map(Finding::code).map(since::get);
  }
}
