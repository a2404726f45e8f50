package topiary.app.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes whose files differ in what counts for all. */
class AgreementTest {

  private static final URI TWO = URI.create("http://two");
  private static final URI THREE = URI.create("http://three");

  private Map<String, URI> others = Map.of("n2", TWO, "n3", THREE);
  private final Map<URI, Optional<Integer>> says = new HashMap<>();

  private final Agreement agreement =
      new Agreement(
          400,
          () -> others,
          node -> {
            if (!says.containsKey(node)) {
              throw new IOException("nobody listens there");
            }
            return says.get(node);
          });

  private List<String> warnings() {
    agreement.look();
    return agreement.warnings();
  }

  @Test
  void whoeverHasAnotherSpanIsNamedUntilTheyAgree() {
    assertEquals(List.of(), agreement.warnings());
    assertEquals(List.of(), warnings(), "nobody is there yet");
    says.put(TWO, Optional.of(400));
    says.put(THREE, Optional.empty());
    assertEquals(List.of(), warnings(), "one agrees, one is of an earlier version");
    says.put(TWO, Optional.of(1));
    says.put(THREE, Optional.of(30));
    List<String> differ =
        List.of(
            "n2 keeps who did what for 1 day by its file, this node for 400 days: whichever leads"
                + " decides for all; give both the same auditDays",
            "n3 keeps who did what for 30 days by its file, this node for 400 days: whichever leads"
                + " decides for all; give both the same auditDays");
    assertEquals(differ, warnings());
    says.remove(TWO);
    assertEquals(differ, warnings(), "one that does not answer now has not changed its file");
    others = Map.of("n3", THREE);
    says.put(THREE, Optional.of(400));
    assertEquals(List.of(), warnings());
  }
}
