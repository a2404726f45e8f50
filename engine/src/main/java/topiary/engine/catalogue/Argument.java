package topiary.engine.catalogue;

/**
 * An argument of an operation.
 *
 * @param name in JSON, in a query and as {@code --name}
 * @param type what it holds
 * @param required whether it may be left out
 * @param positional whether the command line takes it without its name, in order
 * @param help what it is, without a full stop
 */
public record Argument(String name, Type type, boolean required, boolean positional, String help) {

  /** What an argument holds. */
  public enum Type {
    /** {@code host:port}. */
    INSTANCE("HOST:PORT"),
    /** A cluster's id, its head, or any member. */
    CLUSTER("CLUSTER"),
    /** The id of a plan that was run. */
    PLAN("PLAN"),
    /** The fingerprint of a plan that was shown. */
    FINGERPRINT("FINGERPRINT"),
    /** The name of an operation. */
    NAME("OPERATION"),
    /** A whole number. */
    NUMBER("N");

    private final String sample;

    Type(String sample) {
      this.sample = sample;
    }

    /** How help shows it. */
    public String sample() {
      return sample;
    }
  }

  static Argument required(String name, Type type, String help) {
    return new Argument(name, type, true, true, help);
  }

  static Argument optional(String name, Type type, String help) {
    return new Argument(name, type, false, true, help);
  }

  static Argument option(String name, Type type, boolean required, String help) {
    return new Argument(name, type, required, false, help);
  }
}
