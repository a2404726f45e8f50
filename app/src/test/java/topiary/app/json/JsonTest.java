package topiary.app.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void anObjectKeepsItsOrderAndItsTypes() throws Exception {
    Map<String, Object> read =
        object("{\"b\": 1, \"a\": [true, null, \"é\"], \"c\": {\"d\": 0.5}}");
    assertEquals(List.of("b", "a", "c"), List.copyOf(read.keySet()));
    assertEquals("{\"b\":1,\"a\":[true,null,\"é\"],\"c\":{\"d\":0.5}}", Json.text(read));
    assertEquals(Json.text(read), new String(Json.bytes(read), StandardCharsets.UTF_8));
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    String said = complaint("{\"a\": 1, \"a\": 2}");
    assertTrue(said.contains("\"a\""), said);
    assertTrue(said.matches(".*\\(line 1, column \\d+\\)"), said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": }|(line 1, column 7)",
        "{\"a\" 1}|(line 1, column 6)",
        "{'a': 1}|(line 1, column 2)",
      })
  void aMistakeIsToldWithItsPlace(String json, String place) {
    String said = complaint(json);
    assertTrue(said.endsWith(place), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "null",
        "[]",
        "1",
        "\"text\"",
        "true",
        "{} {}",
        "{}]",
        "{\"a\":1",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "// no\n{}"
      })
  void whatIsNoSingleObjectIsRefusedInWordsForPeople(String json) {
    String said = complaint(json);
    assertFalse(said.isBlank());
    assertFalse(said.contains("java."), said);
    assertFalse(said.contains("JsonToken"), said);
    assertFalse(said.contains("\n"), said);
  }

  @Test
  void endlessNestingIsRefusedRatherThanFollowed() {
    complaint("{\"a\":" + "[".repeat(100_000));
    complaint("{\"a\":".repeat(100_000));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    assertThrows(
        Json.BadJson.class, () -> Json.object(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1'}));
  }

  private static Map<String, Object> object(String json) throws Json.BadJson {
    return Json.object(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String complaint(String json) {
    return assertThrows(Json.BadJson.class, () -> object(json)).getMessage();
  }
}
