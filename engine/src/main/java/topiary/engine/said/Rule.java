package topiary.engine.said;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How much a server is wanted as a primary, most first. */
public enum Rule {
  /** Before all others. */
  PREFER,
  /** Nobody has said anything of it. */
  NEUTRAL,
  /** When there is no other. */
  PREFER_NOT,
  /** Never. */
  MUST_NOT;

  /** As people write it, for example {@code prefer_not}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a rule. orchestrator's {@code must} is refused as it refuses it: it promises a server
   * that may be dead.
   *
   * @throws IllegalArgumentException with a sentence, when it is none
   */
  public static Rule parse(String word) {
    if (word.equals("must")) {
      throw new IllegalArgumentException("CandidatePromotionRule: must not supported yet");
    }
    return Arrays.stream(values())
        .filter(rule -> rule.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "not a promotion rule: \""
                        + SaidText.shown(word)
                        + "\"; the rules are "
                        + Arrays.stream(values())
                            .map(Rule::word)
                            .collect(Collectors.joining(", "))));
  }
}
