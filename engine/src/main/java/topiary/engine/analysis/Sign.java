package topiary.engine.analysis;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import topiary.engine.finding.Code;

/**
 * When a failure is found.
 *
 * @param code what
 * @param over what it takes the place of when both are so
 * @param when whether it is so
 */
record Sign(Code code, Set<Code> over, Predicate<Situation> when) {

  static Sign of(Code code, Predicate<Situation> when) {
    return new Sign(code, Set.of(), when);
  }

  /** The same, taking the place of these. */
  Sign over(Code first, Code... others) {
    return new Sign(code, EnumSet.of(first, others), when);
  }
}
