package topiary.lab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.lab.Scratch;
import topiary.lab.base.Cache;

class LabCommandTest {
  private final Terminal terminal = new Terminal(Optional.of(Cache.at(Scratch.directory())));

  @Test
  void helpIsNoError() {
    assertEquals(0, terminal.run("help"));
    assertTrue(terminal.out().contains("lab load check"), terminal.out());
    assertTrue(terminal.out().contains("\n  lab heal "), terminal.out());
    assertEquals(2, terminal.run());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fly                   | there is no command "fly"
          kill                  | the name of a server is missing
          kill a b              | "b" is one word too many
          up --tree             | the option --tree needs a value
          up --colour red       | there is no option --colour here
          status --json --json  | the option --json is given twice
          up --flavor a --bin b | --flavor and --bin exclude each other
          up --no-gtid=x        | there is no option --no-gtid=x here
          flavors all           | "all" is one word too many
          fetch                 | fetch needs names of flavours: mariadb-11.4, mariadb-10.11, mysql-9.7, mysql-5.6
          load                  | load needs one of
          cut                   | the name of a server is missing
          cut a b c             | "c" is one word too many
          one-way a b           | the option --passing is missing
          one-way a --passing x | --passing needs to-server or to-client, not x
          wrong-clock a         | needs one of --ahead and --behind
          load fly              | load has no command "fly"
          load start --rate x   | needs a whole number
          """)
  void whatIsNotUnderstoodIsExplainedWithTwo(String line, String answer) {
    assertEquals(2, terminal.run(line.strip().split(" ")));
    assertTrue(terminal.err().contains(answer.strip()), terminal.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          status              | there is no lab named lab; start one with
          down --name=other   | there is no lab named other
          up --tree p(r1      | position 5
          up --name ../x      | cannot name a lab
          up --flavor oracle  | there is no flavour "oracle"; there are mariadb-11.4,
          up --bin /nowhere   | there is no /nowhere
          fetch oracle        | oracle could not be fetched: there is no flavour
          """)
  void whatCannotBeDoneIsExplainedWithOne(String line, String answer) {
    assertEquals(1, terminal.run(line.strip().split(" ")));
    assertTrue(terminal.err().contains(answer.strip()), terminal.err());
  }

  @Test
  void theFlavoursAreListedWithWhatIsHere() {
    assertEquals(0, terminal.run("flavors"), terminal::err);
    assertTrue(
        terminal.out().matches("(?s).*\nmysql-9\\.7 +MySQL 9\\.7 or later +- +Debian's packages.*"),
        terminal.out());
  }
}
