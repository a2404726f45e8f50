package topiary.engine.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * Something that can be asked of Topiary.
 *
 * @param name as users type it
 * @param kind what it does to the world
 * @param summary one line of help, without a full stop
 * @param arguments in the order the command line takes them
 */
public record Operation(String name, Kind kind, String summary, List<Argument> arguments) {

  /** What an operation does to the world, and so what it needs. */
  public enum Kind {
    /** Tells something; anybody may. */
    QUERY(false),
    /** Changes what Topiary knows; needs the right to write. */
    COMMAND(true),
    /** Changes servers: is planned, shown, approved and run; needs the right to write. */
    INTENT(true);

    private final boolean writes;

    Kind(boolean writes) {
      this.writes = writes;
    }

    /** Whether it needs the right to write. */
    public boolean writes() {
      return writes;
    }
  }

  public Operation {
    arguments = List.copyOf(arguments);
  }

  /** The argument of this name. */
  public Optional<Argument> argument(String called) {
    return arguments.stream().filter(a -> a.name().equals(called)).findFirst();
  }
}
