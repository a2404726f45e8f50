package topiary.lab;

/**
 * Something that is wrong on purpose. Made by {@link Faults}; closing it heals it:
 *
 * <pre>{@code
 * try (var cut = lab.faults().cut("r1", "p")) {
 *   …
 * }
 * }</pre>
 *
 * <p>Closing does nothing when it is healed already, by this or another process, or when the lab is
 * down.
 */
public final class Fault implements AutoCloseable {
  private final String id;
  private final String sentence;
  private final Faults faults;

  Fault(String id, String sentence, Faults faults) {
    this.id = id;
    this.sentence = sentence;
    this.faults = faults;
  }

  /** By which a command names it, for example {@code link-3}, {@code lag-r1}. */
  public String id() {
    return id;
  }

  /** What is wrong, for example {@code the link from r1 to p is cut}. */
  public String sentence() {
    return sentence;
  }

  /** Whether it still stands. */
  public boolean stands() {
    return faults.standing().stream().anyMatch(f -> f.id.equals(id));
  }

  /**
   * Makes it good again; what that means for each kind is said in {@link Faults}.
   *
   * @throws topiary.lab.base.LabException when that fails; the fault then still stands
   */
  public void heal() {
    faults.heal(id);
  }

  /** As {@link #heal}. */
  @Override
  public void close() {
    heal();
  }

  /** Its sentence. */
  @Override
  public String toString() {
    return sentence;
  }
}
