package topiary.engine.model;

import java.util.Optional;

/** Which of a channel's threads a step is about. */
public enum Threads {
  BOTH("replication"),
  IO("receiving"),
  SQL("applying");

  private final String words;

  Threads(String words) {
    this.words = words;
  }

  /** These of a channel's threads; empty for none. */
  public static Optional<Threads> of(boolean io, boolean sql) {
    if (io && sql) {
      return Optional.of(BOTH);
    }
    return io ? Optional.of(IO) : sql ? Optional.of(SQL) : Optional.empty();
  }

  /** Whether the receiving thread is among them. */
  public boolean io() {
    return this != SQL;
  }

  /** Whether the applying thread is among them. */
  public boolean sql() {
    return this != IO;
  }

  public String words() {
    return words;
  }
}
