package topiary.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
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

  @Test
  void severalNodesAreNamedInAnyWay() {
    List<String> all = List.of("http://a:1", "http://b:2", "http://c:3");
    assertEquals(all, several(List.of("http://a:1", "http://b:2/", "http://c:3/api"), Map.of()));
    assertEquals(
        all, several(List.of(" http://a:1 http://b:2,", "http://c:3,,http://a:1"), Map.of()));
    var theirs = Map.of("ORCHESTRATOR_API", "http://a:1/api http://b:2/api  http://c:3/api");
    assertEquals(all, several(List.of(), theirs));
    var both =
        Map.of(
            "ORCHESTRATOR_API", "http://x:1", "TOPIARY_API", "http://a:1, http://b:2,http://c:3");
    assertEquals(all, several(List.of(), both));
    assertEquals(List.of("http://d:4"), several(List.of("http://d:4"), both));
    assertEquals(List.of("http://127.0.0.1:3000"), several(List.of(), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "", " , ", "http://a:1 b:2", "b:2,http://a:1", "http://a:1,%"})
  void oneThatIsNoneAmongSeveralIsToldAsSuch(String api) {
    var e = assertThrows(IllegalArgumentException.class, () -> several(List.of(api), Map.of()));
    assertTrue(e.getMessage().startsWith("not the address of a node: "), e.getMessage());
  }

  private static List<String> several(List<String> api, Map<String, String> environment) {
    return NodeAddress.several(api, environment).stream().map(URI::toString).toList();
  }

  private static String of(Optional<String> api, Map<String, String> environment) {
    return NodeAddress.given(api, environment).toString();
  }
}
