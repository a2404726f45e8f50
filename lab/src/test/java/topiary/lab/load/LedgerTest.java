package topiary.lab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import topiary.lab.Scratch;
import topiary.lab.base.LabException;

class LedgerTest {
  private final Path file = Scratch.directory().resolve("ledger");

  @Test
  void entriesAreReadableAsSoonAsWritten() {
    try (Ledger ledger = Ledger.append(file)) {
      ledger.acknowledged(1);
      ledger.unknown(2);
      ledger.acknowledged(3);
      Ledger.Entries entries = Ledger.read(file);
      assertEquals("{1, 3}", entries.acknowledged().toString());
      assertEquals("{2}", entries.unknown().toString());
      assertEquals(3, entries.last());
    }
  }

  @Test
  void aMissingLedgerIsEmpty() {
    assertEquals(0, Ledger.read(file).last());
  }

  @Test
  void halfALineWasNeverAcknowledged() throws IOException {
    Files.writeString(file, "a 1\na 2\na 31");
    assertEquals("{1, 2}", Ledger.read(file).acknowledged().toString());
    try (Ledger ledger = Ledger.append(file)) {
      ledger.acknowledged(4);
    }
    assertEquals("a 1\na 2\na 4\n", Files.readString(file));
  }

  @Test
  void aLedgerOfHalfALineIsCutToNothing() throws IOException {
    Files.writeString(file, "a");
    Ledger.append(file).close();
    assertEquals(0, Files.size(file));
  }

  @Test
  void aBrokenLineIsNamed() throws IOException {
    Files.writeString(file, "a 1\nb 2\n");
    var e = assertThrows(LabException.class, () -> Ledger.read(file));
    assertTrue(e.getMessage().startsWith("line 2 "), e.getMessage());
  }
}
