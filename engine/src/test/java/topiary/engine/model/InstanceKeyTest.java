package topiary.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceKeyTest {

  @ParameterizedTest
  @CsvSource({
    "db1:3307, db1, 3307, db1:3307",
    "db1, db1, 3306, db1:3306",
    "' db1.example.com:1 ', db1.example.com, 1, db1.example.com:1",
    "10.0.0.7:65535, 10.0.0.7, 65535, 10.0.0.7:65535",
    "[::1]:3307, ::1, 3307, [::1]:3307",
    "[2001:db8::7], 2001:db8::7, 3306, [2001:db8::7]:3306",
    "2001:db8::7, 2001:db8::7, 3306, [2001:db8::7]:3306",
    "fe80::1%eth0, fe80::1%eth0, 3306, [fe80::1%eth0]:3306",
  })
  void everyFormOfAnAddressIsReadAndPrintedInOne(
      String text, String host, int port, String printed) {
    InstanceKey key = InstanceKey.parse(text);
    assertEquals(new InstanceKey(host, port), key);
    assertEquals(printed, key.toString());
    assertEquals(key, InstanceKey.parse(printed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ":3306",
        "db1:",
        "db1:0",
        "db1:65536",
        "db1:-1",
        "db1:x",
        "db1:99999999999",
        "[::1",
        "[]:3306",
        "[::1]3306",
        "[::1]:",
        "[::1]:x",
        "db 1",
        "db1/x:3306",
        "db1\n:3306"
      })
  void whatIsNoAddressIsRefusedWithASentence(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> InstanceKey.parse(text));
    assertTrue(e.getMessage().startsWith("not a "), e.getMessage());
  }

  @Test
  void noHostCanCarrySqlOrControlCharacters() {
    for (char c = 0; c < 0x300; c++) {
      String host = "a" + c;
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "._:%-".indexOf(c) >= 0);
      if (!plain) {
        assertThrows(
            IllegalArgumentException.class, () -> new InstanceKey(host, 1), () -> "in " + host);
      }
    }
    for (String host : List.of("a'b", "a\"b", "a\\b", "a;b", "a`b", "a b", "a--b'", "ä")) {
      assertThrows(IllegalArgumentException.class, () -> InstanceKey.parse(host + ":3306"), host);
    }
  }

  @Test
  void aHugeOrHostileAddressIsNotEchoedWhole() {
    String text = "x'".repeat(10_000) + "\u001b[31m\r\n";
    var e = assertThrows(IllegalArgumentException.class, () -> InstanceKey.parse(text));
    assertTrue(e.getMessage().length() < 200, e.getMessage());
    var f = assertThrows(IllegalArgumentException.class, () -> InstanceKey.parse("a\u001b[31m"));
    assertFalse(f.getMessage().contains("\u001b"), f.getMessage());
  }

  @Test
  void theOrderAgreesWithEquality() {
    var random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      var a = new InstanceKey("h" + random.nextInt(3), 1 + random.nextInt(3));
      var b = new InstanceKey("h" + random.nextInt(3), 1 + random.nextInt(3));
      assertEquals(a.equals(b), a.compareTo(b) == 0);
      assertEquals(Integer.signum(a.compareTo(b)), -Integer.signum(b.compareTo(a)));
    }
  }
}
