package topiary.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;

class UsageTest {

  @Test
  void everyOperationIsMentionedWithWhatItDoes() {
    for (Operation o : Catalogue.all()) {
      assertTrue(
          Usage.all()
              .lines()
              .anyMatch(l -> l.startsWith("  " + o.name()) && l.endsWith(o.summary())),
          o.name());
    }
  }

  @Test
  void everyExitStatusIsMentioned() {
    String tail = Usage.all().substring(Usage.all().indexOf("Exit status:"));
    for (Exit exit : Exit.values()) {
      assertTrue(tail.matches("(?s).*[ \n]" + exit.code() + " [a-z].*"), exit.name());
    }
  }

  @Test
  void everyArgumentHasItsHelp() {
    for (Operation o : Catalogue.all()) {
      for (Argument a : o.arguments()) {
        assertTrue(Usage.of(o).contains(a.help()), o.name() + " " + a.name());
      }
    }
  }

  @Test
  void theHelpOfOneOperationIsExact() {
    assertEquals(
        """
        topiary relocate HOST:PORT --below HOST:PORT [--way auto|gtid|file] [--channel TEXT]

        Move a replica, with all below it, below another server of its tree.

          HOST:PORT      the replica to move
          --below        its new source
          --way          how it finds its place there; as it replicates now, when left out (optional)
          --channel      with this channel alone, for a replica that has several; - for the one without a name (optional)

        Shows the plan and asks before it runs it; --dry-run only shows, --yes does not ask.
        """,
        Usage.of(Catalogue.RELOCATE));
    assertEquals(
        """
        topiary runs [--limit N]

        List the latest plans that were run.

          --limit        at most so many, 20 when left out (optional)
        """,
        Usage.of(Catalogue.RUNS));
    assertEquals(
        """
        topiary health

        Tell how this node is.
        """,
        Usage.of(Catalogue.HEALTH));
  }
}
