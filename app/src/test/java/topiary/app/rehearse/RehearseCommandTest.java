package topiary.app.rehearse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.app.cli.Exit;

/** What is asked of rehearsals before any server is started. */
class RehearseCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Exit run(String... args) {
    return RehearseCommand.run(
        List.of(args),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void eachIsListedWithWhatHappens() {
    assertEquals(Exit.OK, run("list"));
    String listed = out.toString(StandardCharsets.UTF_8);
    Rehearsal.all()
        .values()
        .forEach(r -> assertTrue(listed.contains(r.name()) && listed.contains(r.what()), listed));
  }

  @Test
  void whatIsNoneIsRefusedWithThoseThereAre() {
    assertEquals(Exit.USAGE, run("fire"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("\"fire\"; there are: all, kill, "));
    assertEquals(Exit.USAGE, run("kill", "--flavor", "postgres"));
  }
}
