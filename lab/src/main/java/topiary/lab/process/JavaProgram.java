package topiary.lab.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import topiary.lab.base.LabException;

/** A small Java program on this JVM's class path, in a process that outlives this one. */
public final class JavaProgram {
  private JavaProgram() {}

  /**
   * Starts it. No secret may stand among the arguments.
   *
   * @param main the class with its {@code main}
   * @param log what it prints is appended there
   */
  public static ProcessId start(
      Class<?> main, List<String> arguments, Path directory, Path log, String purpose) {
    return start(main, arguments, directory, log, purpose, UnaryOperator.identity());
  }

  /**
   * The same, somewhere else.
   *
   * @param within makes of a command the one that runs it there
   */
  public static ProcessId start(
      Class<?> main,
      List<String> arguments,
      Path directory,
      Path log,
      String purpose,
      UnaryOperator<List<String>> within) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    if (!Files.isExecutable(java)) {
      throw new LabException(
          "there is no Java program at "
              + java
              + " to run "
              + purpose
              + " with; run Topiary on a full JDK");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                java.toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                main.getName()));
    command.addAll(arguments);
    return Launcher.detached(within.apply(command), directory, log);
  }

  /** Entries of a class path may be relative, and the process runs elsewhere. */
  private static String classPath() {
    String separator = System.getProperty("path.separator");
    return String.join(
        separator,
        List.of(System.getProperty("java.class.path").split(separator)).stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
