package topiary.store.json;

import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

/**
 * Log entries, answers and rows as JSON. Reading is strict: an unknown type, an unknown field, a
 * missing field or a higher feature level is a {@link StoreException}, as a node that skipped what
 * it does not understand would differ from the others from there on. Safe for many threads.
 */
public final class JsonCodec {

  /** The version of the format, in every log entry as {@code v} and once in a database. */
  public static final int FORMAT = 1;

  private static final TypeReference<TreeMap<String, String>> NAMES = new TypeReference<>() {};

  private final JsonMapper mapper = Mapper.make();
  private final int supported;

  /** Understands every feature level of this version. */
  public JsonCodec() {
    this(Header.LEVEL);
  }

  /**
   * Understands no more than this.
   *
   * @param supported the highest feature level of an entry that is read, lower than this version's
   *     for a node that is held back
   */
  public JsonCodec(int supported) {
    this.supported = supported;
  }

  private record Envelope(int v, Header header, Command command) {}

  /** An entry as it stands in a log: UTF-8. */
  public byte[] encode(Entry entry) {
    return mapper.writeValueAsBytes(new Envelope(FORMAT, entry.header(), entry.command()));
  }

  /**
   * Reads an entry.
   *
   * @throws StoreException of kind NEWER when a newer version wrote it, BROKEN when it is no entry
   */
  public Entry decodeEntry(byte[] bytes) {
    String what = "a log entry";
    JsonNode tree = read(what, () -> mapper.readTree(bytes));
    checkLevel("format", tree.path("v").asInt(0), FORMAT);
    checkLevel("feature level", tree.path("header").path("level").asInt(0), supported);
    Envelope envelope = read(what, () -> mapper.treeToValue(tree, Envelope.class));
    if (envelope.v() != FORMAT) {
      throw new StoreException(
          Kind.BROKEN, "a log entry says it has format " + envelope.v() + ", which never was");
    }
    return new Entry(envelope.header(), envelope.command());
  }

  /** An answer as it goes back to the one who proposed: UTF-8. */
  public byte[] encode(Verdict verdict) {
    return mapper.writeValueAsBytes(verdict);
  }

  /**
   * Reads an answer.
   *
   * @throws StoreException as above
   */
  public Verdict decodeVerdict(byte[] bytes) {
    return read("an answer", () -> mapper.readValue(bytes, Verdict.class));
  }

  /** The name a command's type goes by. */
  public String typeOf(Command command) {
    return TypeNames.of(command);
  }

  /** A command, a plan or a step as it stands in a row. */
  public String text(Command command) {
    return mapper.writeValueAsString(command);
  }

  /**
   * Reads a command.
   *
   * @throws StoreException as above
   */
  public Command command(String text) {
    return read("a command", () -> mapper.readValue(text, Command.class));
  }

  public String text(Plan plan) {
    return mapper.writeValueAsString(plan);
  }

  public String text(Step step) {
    return mapper.writeValueAsString(step);
  }

  /** Names and their values as they stand in a row. */
  public String text(SortedMap<String, String> names) {
    return mapper.writeValueAsString(names);
  }

  /**
   * Reads names and their values.
   *
   * @throws StoreException as above
   */
  public SortedMap<String, String> names(String text) {
    return read("names", () -> mapper.readValue(text, NAMES));
  }

  /**
   * Reads a plan.
   *
   * @throws StoreException as above
   */
  public Plan plan(String text) {
    return read("a plan", () -> mapper.readValue(text, Plan.class));
  }

  /**
   * Reads a step.
   *
   * @throws StoreException as above
   */
  public Step step(String text) {
    return read("a step", () -> mapper.readValue(text, Step.class));
  }

  private interface Reading<T> {
    T value();
  }

  private static <T> T read(String what, Reading<T> reading) {
    try {
      T value = reading.value();
      if (value == null) {
        throw new StoreException(Kind.BROKEN, what + " is empty and cannot be read");
      }
      return value;
    } catch (InvalidTypeIdException e) {
      if (e.getTypeId() == null) {
        throw new StoreException(Kind.BROKEN, what + " cannot be read: a type is missing", e);
      }
      throw newer(what + " has the type \"" + e.getTypeId() + "\"", e);
    } catch (UnrecognizedPropertyException e) {
      throw newer(what + " has the field \"" + e.getPropertyName() + "\"", e);
    } catch (JacksonException e) {
      throw new StoreException(Kind.BROKEN, what + " cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  private static void checkLevel(String what, int found, int known) {
    if (found > known) {
      throw newer("a log entry has " + what + " " + found, null);
    }
  }

  private static StoreException newer(String what, JacksonException cause) {
    return new StoreException(
        Kind.NEWER,
        what + ", which this version of Topiary does not know; update this node",
        cause);
  }
}
