package topiary.app.json;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Reads and writes JSON, always the same way. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Stands where something is to be filled in; in JSON itself it is always escaped. */
  static final byte MARK = 1;

  /** So many objects are worth being written while it is sent. */
  private static final int LARGE = 100;

  private static final JsonMapper MARKING =
      MAPPER
          .rebuild()
          .addModule(
              new SimpleModule()
                  .addSerializer(new Mark<>(Moving.class))
                  .addSerializer(new Mark<>(WrittenList.class)))
          .build();

  /** Leaves a mark for what is filled in. */
  private static final class Mark<T> extends StdSerializer<T> {

    Mark(Class<T> of) {
      super(of);
    }

    @Override
    public void serialize(T value, JsonGenerator to, SerializationContext context) {
      to.writeRawValue(Character.toString(MARK));
    }
  }

  private Json() {}

  /** Writes a tree with a mark for everything in it that is filled in. */
  static byte[] marked(Object tree) {
    return MARKING.writeValueAsBytes(tree);
  }

  /**
   * Writes a tree of the same kind as {@link #bytes}, with its lists that can be written as they
   * are.
   */
  public static void write(Object tree, OutputStream to) throws IOException {
    var lists = new ArrayList<WrittenList>();
    collect(tree, lists);
    var out = new JsonBytes(to);
    byte[] marked = marked(tree);
    int from = 0;
    int next = 0;
    for (int at = 0; at < marked.length; at++) {
      if (marked[at] == MARK) {
        out.raw(marked, from, at);
        lists.get(next++).write(out);
        from = at + 1;
      }
    }
    out.raw(marked, from, marked.length);
    out.end();
  }

  /** Whether there is so much in it that it is better written while it is sent. */
  public static boolean large(Object tree) {
    var lists = new ArrayList<WrittenList>();
    collect(tree, lists);
    return lists.stream().mapToInt(WrittenList::weight).sum() > LARGE;
  }

  private static void collect(Object tree, List<WrittenList> found) {
    switch (tree) {
      case WrittenList list -> found.add(list);
      case Map<?, ?> map -> map.values().forEach(value -> collect(value, found));
      case List<?> list -> list.forEach(value -> collect(value, found));
      case null, default -> {}
    }
  }

  /** Writes a tree of maps, lists, strings, numbers, booleans and nulls. */
  public static byte[] bytes(Object tree) {
    return MAPPER.writeValueAsBytes(tree);
  }

  /** Writes such a tree as text. */
  public static String text(Object tree) {
    return MAPPER.writeValueAsString(tree);
  }

  /**
   * Reads an object.
   *
   * @throws BadJson when it is none
   */
  public static Map<String, Object> object(byte[] bytes) throws BadJson {
    try {
      Map<String, Object> read =
          MAPPER.readValue(bytes, new TypeReference<LinkedHashMap<String, Object>>() {});
      if (read == null) {
        throw new BadJson("one object in braces is expected, not null", null);
      }
      return read;
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      // Well-formed, but something else, or more than one: the library's words name our classes. To
      // others it adds, in brackets, what it knows of the source, which is nothing.
      String words =
          e instanceof MismatchedInputException
              ? "one object in braces is expected"
              : e.getOriginalMessage()
                  .replaceAll("\\s*\\([^()]*\\[Source:.*", "")
                  .lines()
                  .findFirst()
                  .orElse("");
      throw new BadJson(words + where, e);
    }
  }

  /** Text that is not the JSON it should be. */
  public static final class BadJson extends Exception {

    private static final long serialVersionUID = 1L;

    BadJson(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }
}
