package topiary.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAddressTest {

  @Test
  void whatIsGivenCountsBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of("TOPIARY_API", "http://a:1", "ORCHESTRATOR_API", "http://b:2/api http://c:3/api");
    assertEquals("http://d:4", of(Optional.of("http://d:4/"), environment));
    assertEquals("http://a:1", of(Optional.empty(), environment));
    assertEquals(
        "http://b:2",
        of(Optional.empty(), Map.of("ORCHESTRATOR_API", environment.get("ORCHESTRATOR_API"))));
    assertEquals("http://127.0.0.1:3000", of(Optional.empty(), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:65536",
        "http://127.0.0.1:99999999999",
        "http://127.0.0.1:-1",
        "127.0.0.1:3000",
        "ftp://127.0.0.1",
        "http://",
        "http://[::1",
        "%",
        "\0"
      })
  void whatIsNoAddressIsToldAsSuch(String api) {
    var e = assertThrows(IllegalArgumentException.class, () -> of(Optional.of(api), Map.of()));
    assertTrue(e.getMessage().startsWith("not the address of a node: "), e.getMessage());
  }

  private static String of(Optional<String> api, Map<String, String> environment) {
    return NodeAddress.given(api, environment).toString();
  }
}
