package topiary.engine.state;

import java.time.Instant;
import java.util.UUID;

/**
 * What every command carries.
 *
 * @param id equal for the same command sent twice, which is applied once
 * @param actor who wanted it: a person, or {@code topiary}
 * @param cause through which door: {@code http}, {@code command line}, {@code observation}, …
 * @param at stamped before the log, so that all nodes have the same time
 * @param level of features needed to understand it; a node that supports less stops
 */
public record Header(UUID id, String actor, String cause, Instant at, int level) {

  /** The highest level that this version understands. */
  public static final int LEVEL = 11;
}
