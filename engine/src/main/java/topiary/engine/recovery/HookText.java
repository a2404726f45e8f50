package topiary.engine.recovery;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of an operator with what it is told. Placeholders become text only where that cannot
 * mean anything to a shell; all of it, as it is, stands in the environment. Pure.
 *
 * @param command for a shell
 * @param environment what it is told, beside what the node itself was started with
 */
public record HookText(String command, SortedMap<String, String> environment) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z]{1,64})\\}");

  /** Nothing of this means anything to a shell; what begins with a dash could to a program. */
  private static final Pattern HARMLESS = Pattern.compile("(?!-)[A-Za-z0-9._:,/@+ -]*");

  /** Former names of orchestrator's. */
  private static final Map<String, String> FORMER =
      Map.of(
          "countSlaves", "countReplicas",
          "slaveHosts", "replicaHosts",
          "lostSlaves", "lostReplicas",
          "countLostSlaves", "countLostReplicas");

  /** Orchestrator's variables that are not written as their placeholder is. */
  private static final Map<String, String> VARIABLES = Map.of("recoveryUID", "RECOVERY_UID");

  public HookText {
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }

  /**
   * A command with what it is told.
   *
   * @param facts by the names of orchestrator's placeholders
   */
  public static HookText of(String command, Map<String, String> facts) {
    var text = new StringBuilder();
    Matcher placeholder = PLACEHOLDER.matcher(command);
    while (placeholder.find()) {
      String name = placeholder.group(1);
      // What is not known, and what could do harm, stays as it is written: that is no command.
      String value =
          Optional.ofNullable(facts.get(FORMER.getOrDefault(name, name)))
              .filter(HookText::harmless)
              .orElse(placeholder.group());
      placeholder.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    placeholder.appendTail(text);
    var environment = new TreeMap<String, String>();
    facts.forEach(
        (name, value) -> {
          // No environment can have that character.
          String whole = value.replace("\0", "");
          environment.put("ORC_" + variable(name), whole);
          environment.put("TOPIARY_" + variable(name), whole);
        });
    return new HookText(text.toString(), environment);
  }

  /** Whether a value means nothing to a shell, wherever it stands. */
  public static boolean harmless(String value) {
    return HARMLESS.matcher(value).matches();
  }

  private static String variable(String name) {
    return VARIABLES.getOrDefault(
        name, name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
  }
}
