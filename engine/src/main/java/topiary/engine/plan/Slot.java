package topiary.engine.plan;

/**
 * A place for a value that is known only while a plan runs: written by one step, read by a later
 * one of the same stage. The kind is part of the type, so that what a replica has executed and
 * where a log ends cannot be mixed up.
 *
 * @param name unique within its stage
 * @param <K> the kind of value
 */
public record Slot<K extends Slot.Kind>(String name) {

  /** The kinds of values that travel between steps. */
  public sealed interface Kind {

    /**
     * How far a replica has executed.
     *
     * @param gtid in the server's own notation
     */
    record Executed(String gtid) implements Kind {}

    /**
     * What a replica has received and not applied.
     *
     * @param gtid in the server's own notation
     */
    record Pending(String gtid) implements Kind {}

    /**
     * A place in a source's binary log.
     *
     * @param file the log's file
     * @param position bytes from its start
     */
    record Coordinates(String file, long position) implements Kind {}
  }
}
