package topiary.app.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is written without making trees of it is what Json makes of the tree. */
class JsonBytesTest {

  private static String written(Object value) throws IOException {
    var to = new ByteArrayOutputStream();
    var out = new JsonBytes(to);
    out.value(value);
    out.end();
    return to.toString(StandardCharsets.UTF_8);
  }

  @Test
  void plainValuesAreAsEver() throws IOException {
    var values = new ArrayList<Object>();
    values.addAll(List.of(true, false, 0, -1, 9, 10, 99, 100, Integer.MIN_VALUE, 0L, 7L));
    values.addAll(List.of(Long.MAX_VALUE, Long.MIN_VALUE, 1_000_000_000_000L, 0.0, 1.5, 1e-9));
    values.addAll(
        List.of(1234567.890625, Double.NaN, "", "plain", "\"\\/", "\u0000\u0001\n\t\u007f"));
    values.addAll(List.of("Zoë", "😀", " \u2028", "x".repeat(70_000), "ü".repeat(70_000)));
    values.addAll(List.of(List.of(), List.of("a", 1), Map.of("k", List.of(1L))));
    values.add(null);
    var random = new Random(27);
    for (int i = 0; i < 1000; i++) {
      values.add(random.nextLong() >> random.nextInt(64));
      values.add(random.nextDouble() * Math.pow(10, random.nextInt(12) - 3));
      values.add(
          random
              .ints(random.nextInt(9), 0, 0x300)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString());
    }
    for (Object value : values) {
      assertEquals(Json.text(value), written(value));
      assertEquals(Json.text(value), written(Optional.ofNullable(value)));
    }
  }

  @Test
  void momentsAreAsTheyAreNamed() throws IOException {
    for (String moment :
        List.of(
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00.250Z",
            "2026-11-22T10:00:00.000001Z",
            "2026-11-22T10:00:00.100000Z",
            "2026-11-22T10:00:00.000000009Z",
            "2026-11-22T10:00:59.123456789Z",
            "1969-12-31T23:59:59.5Z",
            "-0001-01-01T00:00:00Z")) {
      Instant at = Instant.parse(moment);
      assertEquals(Json.text(at.toString()), written(at));
    }
  }

  @Test
  void whatIsLongerThanTheBufferComesWhole() throws IOException {
    var to = new ByteArrayOutputStream();
    var list = new ArrayList<String>();
    var out = new JsonBytes(to);
    for (int i = 0; i < 5_000; i++) {
      String text = "x".repeat(i % 97) + i;
      list.add(text);
      out.raw((byte) (i == 0 ? '[' : ','));
      out.value(text);
    }
    out.raw((byte) ']');
    out.end();
    assertEquals(Json.text(list), to.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatALookTellsIsFilledInOnce() throws IOException {
    Form<int[]> form =
        Form.of(
            List.of(
                Moving.<int[]>ofLook(n -> "look" + n[0]),
                new Moving<int[]>(n -> n[1]),
                "still",
                Moving.<int[]>ofLook(n -> n[0]),
                Map.of("now", new Moving<int[]>(n -> "" + n[1]))));
    // At the end of a full buffer as well.
    for (int before : List.of(0, (1 << 16) - 5)) {
      var to = new ByteArrayOutputStream();
      var out = new JsonBytes(to);
      out.list(new byte[before]);
      Form<int[]> looked = form.writeLooked(new int[] {7, 1}, out);
      looked.write(new int[] {-1, 1234}, out);
      out.end();
      String written = to.toString(StandardCharsets.UTF_8).substring(before);
      assertEquals(
          "[\"look7\",1,\"still\",7,{\"now\":\"1\"}]"
              + "[\"look7\",1234,\"still\",7,{\"now\":\"1234\"}]",
          written);
    }
  }

  @Test
  void aFormIsFilledInWhereItsTreeMoves() throws IOException {
    Form<Integer> form =
        Form.of(
            List.of(
                Map.of("a", new Moving<Integer>(n -> n + 1)),
                "still",
                new Moving<Integer>(n -> "n" + n),
                List.of(new Moving<Integer>(n -> n > 1))));
    for (int n : List.of(1, 41)) {
      var to = new ByteArrayOutputStream();
      var out = new JsonBytes(to);
      form.write(n, out);
      out.end();
      assertEquals(
          "[{\"a\":" + (n + 1) + "},\"still\",\"n" + n + "\",[" + (n > 1) + "]]",
          to.toString(StandardCharsets.UTF_8));
    }
  }
}
