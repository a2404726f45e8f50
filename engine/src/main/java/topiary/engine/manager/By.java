package topiary.engine.manager;

/**
 * On whose behalf something is done.
 *
 * @param actor a person's name, or {@code topiary}
 * @param cause through which door it came
 */
public record By(String actor, String cause) {

  /** What Topiary does by itself because of what it saw. */
  public static final By OBSERVATION = new By("topiary", "observation");
}
