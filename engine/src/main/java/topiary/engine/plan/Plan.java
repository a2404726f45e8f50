package topiary.engine.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;

/**
 * An intent made into stages of steps: a value to be shown, checked and run.
 *
 * @param intent what it is for
 * @param stages in an order in which they can be done; those that do not come after one another are
 *     done side by side, and change different servers
 * @param basis what it was read from
 * @param outcome what will be so afterwards, a sentence each
 * @param warnings what is legal and yet worth a second look, a sentence each
 * @param undoing how to take it back
 */
public record Plan(
    Intent intent,
    List<Stage> stages,
    List<Basis> basis,
    List<String> outcome,
    List<String> warnings,
    Undoing undoing) {

  public Plan {
    stages = List.copyOf(stages);
    basis = List.copyOf(basis);
    outcome = List.copyOf(outcome);
    warnings = List.copyOf(warnings);
    StageOrder.check(stages);
  }

  /**
   * The stages that must have ended before a stage begins, by their places in the plan.
   *
   * @param stage its place in the plan
   */
  public List<Integer> before(int stage) {
    return StageOrder.before(stages, stage);
  }

  /**
   * A stage's title; with its number and when it begins where stages are done side by side.
   *
   * @param stage its place in the plan
   */
  public String title(int stage) {
    String title = stages.get(stage).title();
    if (oneAfterTheOther()) {
      return title;
    }
    boolean always = stages.get(stage).start().map(Stage.Start::inAnyCase).orElse(false);
    List<String> after = before(stage).stream().map(i -> "stage " + (i + 1)).toList();
    String when =
        after.isEmpty()
            ? "at once"
            : (always ? "in any case, after " : "after ") + String.join(", ", after);
    return "Stage " + (stage + 1) + ", " + when + ": " + title;
  }

  /** Whether its stages are done one after the other. */
  public boolean oneAfterTheOther() {
    return stages.stream().allMatch(stage -> stage.start().isEmpty());
  }

  /** How many steps it has when none fails. */
  public int length() {
    return stages.stream().mapToInt(stage -> stage.steps().size()).sum();
  }

  /** Every server it goes to, to change it or to wait for it. */
  public SortedSet<InstanceKey> targets() {
    var targets = new TreeSet<InstanceKey>();
    steps().map(Step::target).forEach(targets::add);
    return targets;
  }

  /** The servers it changes. */
  public SortedSet<InstanceKey> changed() {
    var changed = new TreeSet<InstanceKey>();
    steps().filter(Step::changes).map(Step::target).forEach(changed::add);
    return changed;
  }

  /** The servers it was read from, or waits for. */
  public SortedSet<InstanceKey> read() {
    var read = targets();
    basis.forEach(b -> read.add(b.instance()));
    return read;
  }

  private Stream<Step> steps() {
    return stages.stream().flatMap(s -> Stream.concat(s.steps().stream(), s.lastly().stream()));
  }

  /**
   * Equal for equal plans: the same intent, the same steps, read from the same basis. This is what
   * somebody approves; a plan made later runs only when its fingerprint is this one.
   */
  public String fingerprint() {
    // Records print all they hold, in order; run-time values are slots and have no value here.
    String whole = intent + "\n" + stages + "\n" + basis;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
