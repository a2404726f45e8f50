package topiary.app.json;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON, always the same way. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

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
