package topiary.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Mode;
import topiary.lab.process.ProcessId;

class LabStateTest {
  private final Path file = Scratch.directory().resolve("lab.json");
  private final LabState state =
      new LabState(
          LabState.FORMAT,
          "demo",
          "mysql-9.7",
          "/servers/mysql-9.7",
          Mode.STANDARD.withoutGtid(),
          true,
          false,
          new ProcessId(1, 2),
          List.of(
              new LabState.Server("p", "/l/p", 20001, List.of(), new ProcessId(3, 4)),
              new LabState.Server("r1", "/l/r1", 0, List.of("p", "q"), null)),
          List.of());

  @Test
  void comesBackAsWritten() {
    assertEquals(Optional.empty(), LabState.read(file));
    var changed =
        state
            .with("r1", s -> s.at(20002, new ProcessId(5, 6)))
            .withHelper(new LabState.Helper("load", new ProcessId(7, 8), "x"))
            .withHelper(new LabState.Helper("load", new ProcessId(9, 10), "x"))
            .asReady();
    changed.write(file);
    assertEquals(Optional.of(changed), LabState.read(file));
    assertEquals(1, changed.helpers().size());
  }

  @Test
  void anUnknownMemberIsAnsweredWithTheKnownOnes() {
    var e = assertThrows(LabException.class, () -> state.server("r9"));
    assertEquals("lab demo has no member r9; it has p, r1", e.getMessage());
  }

  @Test
  void rubbishAndOtherFormatsAreToldFromAbsence() throws IOException {
    Files.writeString(file, "{");
    assertTrue(
        assertThrows(LabException.class, () -> LabState.read(file))
            .getMessage()
            .contains("cannot be read"));
    Files.writeString(file, "{\"format\": 1, \"lab\": \"demo\", \"flavor\": \"mariadb-11.4.5\"}");
    assertTrue(
        assertThrows(LabException.class, () -> LabState.read(file))
            .getMessage()
            .contains("another version"));
  }
}
