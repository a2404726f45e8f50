package topiary.app.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import topiary.engine.policy.HookList;

/** Reads the keys of a node's file that say what it does outside: hooks, and keys and values. */
final class OutsideReader {

  static final String HOOKS = "hooks";
  static final String KEY_VALUES = "keyValues";

  /** A day, in seconds. */
  private static final double LONGEST = 86_400;

  private final Path file;
  private final Map<String, Object> json;

  OutsideReader(Path file, Map<String, Object> json) {
    this.file = file;
    this.json = json;
  }

  HookConfig hooks() throws BadConfig {
    if (!json.containsKey(HOOKS)) {
      return HookConfig.NONE;
    }
    if (!(json.get(HOOKS) instanceof Map<?, ?> hooks)) {
      throw bad(HOOKS, "is an object, with lists of commands by their names: " + lists());
    }
    String shell = HookConfig.SHELL;
    Duration limit = HookConfig.LIMIT;
    var commands = new EnumMap<HookList, List<String>>(HookList.class);
    for (Map.Entry<?, ?> one : hooks.entrySet()) {
      String key = String.valueOf(one.getKey());
      switch (key) {
        case "shell", "ProcessesShellCommand" -> shell = shell(key, one.getValue());
        case "seconds" -> limit = limit(one.getValue());
        default -> {
          HookList list =
              HookList.of(key)
                  .orElseThrow(
                      () ->
                          bad(
                              HOOKS,
                              "has an unknown key \""
                                  + key
                                  + "\"; there are shell, seconds, and the lists "
                                  + lists()
                                  + ", which orchestrator's names mean, too"));
          if (commands.put(list, commands(key, one.getValue())) != null) {
            throw bad(HOOKS, "has the list " + list.word() + " twice, by both of its names");
          }
        }
      }
    }
    return new HookConfig(shell, limit, commands);
  }

  private static Set<String> lists() {
    var names = new TreeSet<String>();
    Stream.of(HookList.values()).forEach(list -> names.add(list.word()));
    return names;
  }

  private String shell(String key, Object value) throws BadConfig {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw bad(HOOKS, "takes as \"" + key + "\" the name or the path of a shell");
  }

  private Duration limit(Object value) throws BadConfig {
    if (value instanceof Number n && n.doubleValue() >= 0.1 && n.doubleValue() <= LONGEST) {
      return Duration.ofMillis(Math.round(n.doubleValue() * 1000));
    }
    throw bad(HOOKS, "takes as \"seconds\" a number of seconds from 0.1 to a day");
  }

  private List<String> commands(String key, Object value) throws BadConfig {
    if (!(value instanceof List<?> list)) {
      throw bad(HOOKS, "takes as \"" + key + "\" a list of commands");
    }
    var commands = new ArrayList<String>();
    for (Object item : list) {
      if (!(item instanceof String text) || text.isBlank() || text.indexOf('\0') >= 0) {
        throw bad(HOOKS, "takes as \"" + key + "\" a list of commands, each a text");
      }
      commands.add(text);
    }
    return commands;
  }

  /** Where all keys and values are written; empty for nowhere. */
  Optional<Path> keyValues() throws BadConfig {
    if (!json.containsKey(KEY_VALUES)) {
      return Optional.empty();
    }
    if (!(json.get(KEY_VALUES) instanceof Map<?, ?> map) || !map.keySet().equals(Set.of("file"))) {
      throw bad(KEY_VALUES, "is {\"file\": the path of a file}");
    }
    return path(map.get("file"));
  }

  private Optional<Path> path(Object value) throws BadConfig {
    if (!(value instanceof String text) || text.isBlank()) {
      throw bad(KEY_VALUES, "takes as \"file\" the path of a file");
    }
    try {
      return Optional.of(Path.of(text).toAbsolutePath());
    } catch (InvalidPathException e) {
      throw new BadConfig(file + ": \"keyValues\": \"file\" is no path: " + e.getReason(), e);
    }
  }

  private BadConfig bad(String key, String sentence) {
    return new BadConfig(file + ": \"" + key + "\" " + sentence);
  }
}
