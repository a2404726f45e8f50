package topiary.app.config;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import topiary.engine.policy.HookList;

/**
 * What a node has run when something happens. It comes from the node's file and from nowhere else:
 * nobody can have a node run something over the network.
 *
 * @param shell what runs a command, given {@code -c} and its text; orchestrator's {@code
 *     ProcessesShellCommand}
 * @param limit how long one may run before it is ended, with all it has started
 * @param commands by list, in order; one that ends with {@code &} is not waited for
 */
public record HookConfig(String shell, Duration limit, Map<HookList, List<String>> commands) {

  public static final String SHELL = "bash";

  public static final Duration LIMIT = Duration.ofSeconds(60);

  public static final HookConfig NONE = new HookConfig(SHELL, LIMIT, Map.of());

  public HookConfig {
    var all = new EnumMap<HookList, List<String>>(HookList.class);
    commands.forEach((list, texts) -> all.put(list, List.copyOf(texts)));
    commands = Map.copyOf(all);
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("a limit of " + limit);
    }
  }

  /** The commands of a list. */
  public List<String> of(HookList list) {
    return commands.getOrDefault(list, List.of());
  }
}
