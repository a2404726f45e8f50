package topiary.app.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names a node answers to when other machines reach it. */
final class HostsTest {

  private static Hosts on(String address) {
    return new Hosts(
        InetAddress.ofLiteral(address),
        () -> List.of("db1.example", "10.0.0.5", "*.wild.example", "0:0:0:0:0:0:0:5"),
        List.of("Front"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.7:3000",
        "192.0.2.7",
        "db1.example",
        "DB1.Example:3000",
        "10.0.0.5:1",
        "a.wild.example",
        "[::5]:3000",
        "front",
        "FRONT:80",
        "localhost:3000",
        "127.0.0.1"
      })
  void itsOwnNamesAreKnown(String host) {
    assertTrue(on("192.0.2.7").test(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "192.0.2.8",
        "evil.example",
        "db1.example.evil.example",
        "xdb1.example",
        "a.b.wild.example",
        "wild.example",
        "*.wild.example",
        "[::6]",
        "::5",
        "[::5",
        "999.1.1.1",
        "db1.example:port",
        "db1.example:3000:1",
        "front@evil.example"
      })
  void othersAreNot(String host) {
    assertFalse(on("192.0.2.7").test(host));
  }

  @Test
  void whoeverListensEverywhereHasEachAddressOfItsMachine() {
    assertTrue(on("0.0.0.0").test("127.0.0.1:3000"));
    assertTrue(on("::").test("10.0.0.5"), "the certificate says so");
    // No machine has this one: it is for examples.
    assertFalse(on("0.0.0.0").test("192.0.2.7"));
    assertFalse(on("0.0.0.0").test("evil.example"));
  }
}
