package topiary.app.rehearse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    Series.all()
        .values()
        .forEach(s -> assertTrue(listed.contains(s.name()) && listed.contains(s.what()), listed));
  }

  @Test
  void whatTakesLongIsNoneOfAll() {
    Series.all().keySet().forEach(name -> assertFalse(Rehearsal.all().containsKey(name), name));
  }

  @Test
  void momentsAreChosenOfASeriesOnly() {
    assertEquals(Exit.USAGE, run("kill", "--step", "3"));
    assertTrue(
        err.toString(StandardCharsets.UTF_8).contains("only node-steps and leader-steps have"));
    assertEquals(Exit.USAGE, run("all", "--every", "3"));
    assertEquals(Exit.USAGE, run("node-steps", "--step", "0"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("\"0\" is no number from 1"));
    assertEquals(Exit.USAGE, run("node-steps", "--every"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("--every says nothing"));
    // As far as it comes without the program as users start it.
    assertEquals(Exit.FAILED, run("node-steps", "--step", "3"));
  }

  @Test
  void whatIsNoneIsRefusedWithThoseThereAre() {
    assertEquals(Exit.USAGE, run("fire"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("\"fire\"; there are: all, kill, "));
    assertEquals(Exit.USAGE, run("kill", "--flavor", "postgres"));
  }
}
