package topiary.engine.probe;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.Detected;
import topiary.engine.policy.Detection;
import topiary.engine.policy.Detection.Trait;

/** Makes of what an operator's queries and patterns told what is known of a server. Pure. */
final class Detector {

  private static final List<String> RULES = List.of("prefer", "neutral", "prefer_not", "must_not");

  private final Detection detection;
  private final String host;
  private final Map<Trait, String> told = new EnumMap<>(Trait.class);
  private final List<String> complaints;

  /**
   * For one server.
   *
   * @param host its host name
   * @param complaints takes a sentence for each answer that cannot be used
   */
  Detector(Detection detection, String host, List<String> complaints) {
    this.detection = detection;
    this.host = host;
    this.complaints = complaints;
  }

  /** What a query answered; nothing counts as no answer. */
  void told(Trait trait, String answer) {
    if (!answer.isBlank()) {
      told.put(trait, answer.strip());
    }
  }

  Detected result() {
    return new Detected(
        text(Trait.DATA_CENTER),
        text(Trait.REGION),
        text(Trait.ENVIRONMENT),
        text(Trait.ALIAS),
        rule(),
        priority(),
        text(Trait.CLUSTER_ALIAS),
        text(Trait.CLUSTER_DOMAIN));
  }

  private String text(Trait trait) {
    String answer = told.get(trait);
    if (answer != null) {
      return answer;
    }
    Detection.Teller teller = detection.traits().get(trait);
    return teller == null ? "" : teller.in(host);
  }

  private Optional<String> rule() {
    Optional<String> rule = Optional.of(text(Trait.PROMOTION_RULE)).filter(r -> !r.isEmpty());
    if (rule.isPresent() && !RULES.contains(rule.get())) {
      complaints.add(
          "the query for its promotion rule tells \""
              + rule.get()
              + "\", which is none of "
              + RULES);
      return Optional.empty();
    }
    return rule;
  }

  private int priority() {
    String text = text(Trait.SEMI_SYNC_PRIORITY);
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("\\d{1,9}")) {
      complaints.add(
          "the query for its semi-sync priority tells \"" + text + "\", which is no whole number");
      return 0;
    }
    return Integer.parseInt(text);
  }
}
