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
    /** A cluster's id, what people call it, its head, or any member. */
    CLUSTER("CLUSTER"),
    /** The id of a plan that was run. */
    PLAN("PLAN"),
    /** The fingerprint of a plan that was shown. */
    FINGERPRINT("FINGERPRINT"),
    /** The name of an operation. */
    NAME("OPERATION"),
    /** A whole number. */
    NUMBER("N"),
    /** A node of the cluster: its id, or its name. */
    NODE("NODE"),
    /** A moment: date and time with its offset from UTC, as in 2026-11-27T03:12:00Z. */
    MOMENT("TIME"),
    /** A hash of the audit's chain. */
    HASH("HASH"),
    /** A tag, or what is so of tags: see {@link topiary.engine.said.TagQuery}. */
    TAG("TAG"),
    /** How much a server is wanted: see {@link topiary.engine.said.Rule}. */
    RULE("RULE"),
    /** A span of time: see {@link topiary.engine.said.Span}. */
    DURATION("DURATION"),
    /** Yes or no: {@code true} or {@code false}; the command line takes its name alone for yes. */
    SWITCH(""),
    /** Replicas, each with its new source, with commas between. */
    MOVES("HOST:PORT=HOST:PORT,…"),
    /** Several servers, with commas between. */
    INSTANCES("HOST:PORT,…"),
    /** How a replica finds its place: see {@link topiary.engine.intent.Way}. */
    WAY("auto|gtid|file"),
    /** The name of a recovery. */
    RECOVERY("RECOVERY"),
    /** Whose death a recovery is for. */
    KIND("primary|intermediate"),
    /** Any words. */
    TEXT("TEXT");

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

  /** Of an operation that can be done with one of several channels of a replica. */
  static final Argument CHANNEL =
      option(
          "channel",
          Type.TEXT,
          false,
          "with this channel alone, for a replica that has several; - for the one without a name");

  static Argument option(String name, Type type, boolean required, String help) {
    return new Argument(name, type, required, false, help);
  }
}
