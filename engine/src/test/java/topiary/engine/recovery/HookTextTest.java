package topiary.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HookTextTest {

  @Test
  void placeholdersAreOrchestratorsAlsoTheFormerOnes() {
    HookText text =
        HookText.of(
            "move.sh {failedHost} {successorHost}:{successorPort} '{slaveHosts}' {countSlaves}",
            Map.of(
                "failedHost", "db1.example",
                "successorHost", "db2",
                "successorPort", "3306",
                "replicaHosts", "db2:3306,db3:3306",
                "countReplicas", "2"));
    assertEquals("move.sh db1.example db2:3306 'db2:3306,db3:3306' 2", text.command());
  }

  @Test
  void theEnvironmentHasOrchestratorsNamesAndOurs() {
    HookText text =
        HookText.of(
            "true",
            Map.of(
                "failureClusterAlias", "shop; rm -rf /",
                "recoveryUID", "r1",
                "isCoMaster", "false",
                "autoIntermediateMasterRecovery", "true",
                "orchestratorHost", "n1"));
    assertEquals("shop; rm -rf /", text.environment().get("ORC_FAILURE_CLUSTER_ALIAS"));
    assertEquals("shop; rm -rf /", text.environment().get("TOPIARY_FAILURE_CLUSTER_ALIAS"));
    assertEquals("r1", text.environment().get("ORC_RECOVERY_UID"));
    assertEquals("false", text.environment().get("ORC_IS_CO_MASTER"));
    assertEquals("true", text.environment().get("ORC_AUTO_INTERMEDIATE_MASTER_RECOVERY"));
    assertEquals("n1", text.environment().get("ORC_ORCHESTRATOR_HOST"));
    assertFalse(text.environment().containsKey("ORC_SUCCESSOR_HOST"));
  }

  @Test
  void whatIsNotKnownOrCouldDoHarmStaysAsItIsWritten() {
    HookText text =
        HookText.of(
            "say \"{failureDescription}\" {successorHost} {failedHost} {command}",
            Map.of("failureDescription", "it's dead", "failedHost", "-rf", "command", ""));
    assertEquals("say \"{failureDescription}\" {successorHost} {failedHost} ", text.command());
    assertEquals("it's dead", text.environment().get("ORC_FAILURE_DESCRIPTION"));
  }

  @Test
  void aValueIsNeverReadForPlaceholders() {
    HookText text = HookText.of("{a} {b}", Map.of("a", "{b}", "b", "x"));
    assertEquals("{a} x", text.command());
  }

  /** Whatever servers and clusters are called, a shell reads what the operator wrote. */
  @Test
  void noValueBringsInWhatAShellReads() {
    var random = new Random(7);
    String dangerous = "'\"`$\\;&|<>(){}[]*?!#~\n\r\t\0=%^éａ\u2028";
    for (int i = 0; i < 20_000; i++) {
      var value = new StringBuilder();
      int length = random.nextInt(12);
      for (int n = 0; n < length; n++) {
        value.append(
            random.nextBoolean()
                ? dangerous.charAt(random.nextInt(dangerous.length()))
                : (char) (32 + random.nextInt(95)));
      }
      String is = value.toString();
      String command =
          HookText.of("say <{failureDescription}>", Map.of("failureDescription", is)).command();
      String inside = command.substring("say <".length(), command.length() - 1);
      assertTrue(
          inside.equals("{failureDescription}")
              || inside.equals(is) && inside.matches("[A-Za-z0-9._:,/@+ -]*"),
          () -> "\"" + is + "\" became " + command);
      assertEquals(
          is.replace("\0", ""),
          HookText.of("", Map.of("failureDescription", is))
              .environment()
              .get("ORC_FAILURE_DESCRIPTION"));
    }
  }
}
