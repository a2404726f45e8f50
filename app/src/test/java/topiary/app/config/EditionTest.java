package topiary.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EditionTest {

  @Test
  void theSourcesHoldEverything() {
    assertEquals(Edition.SOURCES, Edition.here());
    assertEquals(Optional.empty(), Edition.SOURCES.refusal("bench"));
    assertEquals(Optional.empty(), Edition.SOURCES.refusal(Edition.WINDOW));
  }

  @Test
  void eachPackageHoldsWhatItIsForAndNamesTheOther() {
    assertTrue(Edition.CLIENT.holds("cert"));
    assertTrue(Edition.CLIENT.holds("topology"));
    assertEquals(
        Optional.of(
            "\"store\" is not in this package; it is in topiary-node, as: topiary-node store"),
        Edition.CLIENT.refusal("store"));
    assertEquals(
        Optional.of(
            "\"demo\" is not in this package; it is in topiary-desktop, as: topiary-desktop demo"),
        Edition.NODE.refusal("demo"));
    assertEquals(
        Optional.of(
            "the window is not in this package; it is in topiary-desktop, as:"
                + " topiary-desktop"),
        Edition.CLIENT.refusal(Edition.WINDOW));
    assertEquals(
        Optional.of("\"bench\" is in no package, only in the sources"),
        Edition.DESKTOP.refusal("bench"));
    assertFalse(Edition.NODE.holds(Edition.WINDOW));
    assertTrue(Edition.DESKTOP.holds(Edition.WINDOW));
  }
}
