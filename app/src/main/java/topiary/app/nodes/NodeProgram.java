package topiary.app.nodes;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that runs a node.
 *
 * @param command its first words; the node's own arguments come behind them
 */
public record NodeProgram(List<String> command) {

  private static final String LAUNCHER = "topiary.launcher";
  private static final String OPTIONS = "topiary.node.options";

  public NodeProgram {
    command = List.copyOf(command);
  }

  /** As users run it: by the launcher; where this process has none, from its own class path. */
  public static NodeProgram standard() {
    return new NodeProgram(
        launcher()
            .map(path -> List.of(path, "node"))
            .orElseGet(() -> java("topiary.app.main.Main", List.of("node"))));
  }

  /** What starts the program as users do; empty where this process was started otherwise. */
  public static Optional<String> launcher() {
    return Optional.ofNullable(System.getProperty(LAUNCHER));
  }

  /**
   * Another program, in a JVM with the options that the launcher gives a node.
   *
   * @param main the class with its {@code main}
   */
  public static List<String> java(String main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String options =
        System.getProperty(
            OPTIONS,
            "-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED"
                + " --sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of(options.strip().split("\\s+")));
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(arguments);
    return command;
  }

  /** Entries of a class path may be relative, and the process runs elsewhere. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
