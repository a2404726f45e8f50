package topiary.app.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import topiary.engine.finding.Evidence;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.InstanceKey;

/**
 * A recovery, as a node tells it.
 *
 * @param id by what it is asked for
 * @param cluster the id of the cluster it was in
 * @param failed whose place it was for
 * @param kind which place
 * @param code what was found
 * @param forced whether somebody asked for it
 * @param actor who did, or which node began it
 * @param opened when
 * @param evidence who said so
 * @param choice who was to take the place; empty while nobody is chosen
 * @param end what came of it; empty while it is under way
 * @param acknowledged who saw to it; empty while nobody has
 * @param plans what was done; empty in a list of several
 * @param hooks what was run of an operator's commands; empty in a list of several
 * @param former how the one stands whose place was taken, in sentences; empty while it is away
 */
public record RecoveryView(
    String id,
    String cluster,
    InstanceKey failed,
    RecoveryKind kind,
    String code,
    boolean forced,
    String actor,
    Instant opened,
    List<Evidence> evidence,
    Optional<Choice> choice,
    Optional<End> end,
    Optional<Acknowledged> acknowledged,
    List<Plan> plans,
    List<Hook> hooks,
    Optional<String> former) {

  /**
   * Who was chosen last.
   *
   * @param why in a sentence
   * @param lost what is lost by it, in a sentence
   */
  public record Choice(InstanceKey successor, Instant at, String why, String lost) {}

  /**
   * What came of it.
   *
   * @param successful whether another has the place
   * @param needed whether another had to have it; not when the dead one was back before that
   * @param words the same in a word
   * @param report in sentences
   */
  public record End(Instant at, boolean successful, boolean needed, String words, String report) {}

  /** Who saw to it, and what they said. */
  public record Acknowledged(Instant at, String actor, String comment) {}

  /**
   * A plan that was carried out for it.
   *
   * @param words what it was for
   */
  public record Plan(String id, String words, List<Step> steps) {
    public Plan {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A step of one.
   *
   * @param words what, with whom
   * @param ended empty while it lasts
   * @param failure why it failed; empty when it did not
   */
  public record Step(
      String words, Instant begun, Optional<Instant> ended, Optional<String> failure) {}

  /**
   * A command of an operator.
   *
   * @param words which list, which of it, which attempt
   * @param ended empty while it runs, and when its node was gone by then
   * @param failure why it failed; empty when it did not
   * @param output what it said, cut where it was long
   */
  public record Hook(
      String words,
      Instant begun,
      Optional<Instant> ended,
      Optional<String> failure,
      String output) {}

  public RecoveryView {
    evidence = List.copyOf(evidence);
    plans = List.copyOf(plans);
    hooks = List.copyOf(hooks);
  }

  /** Whether it goes on. */
  public boolean underWay() {
    return end.isEmpty();
  }

  /**
   * Whether somebody has to see to it: one that took a place or failed, and is not acknowledged.
   */
  public boolean open() {
    return acknowledged.isEmpty() && end.map(End::needed).orElse(true);
  }

  /** How long it took; empty while it is under way. */
  public Optional<Duration> took() {
    return end.map(e -> Duration.between(opened, e.at()));
  }
}
