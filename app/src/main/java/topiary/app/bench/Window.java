package topiary.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The window on a node, as a process of its own; without a display on JavaFX's headless one. */
final class Window implements AutoCloseable {

  private static final String HEADLESS = "-Dglass.platform=Headless -Dprism.order=sw ";
  private static final boolean DISPLAY = !System.getenv().getOrDefault("DISPLAY", "").isEmpty();

  private final long began = System.nanoTime();
  private final Process process;
  private final BufferedReader says;

  Window(Program program, String address) throws IOException {
    process =
        program
            .with(List.of("--api", address), glass("-Dtopiary.trace=start"))
            .redirectError(ProcessBuilder.Redirect.PIPE)
            .start();
    says = process.errorReader(StandardCharsets.UTF_8);
  }

  /** The environment that has a window painted where it can be, with further options. */
  static Map<String, String> glass(String options) {
    return Map.of("JAVA_TOOL_OPTIONS", (DISPLAY ? "" : HEADLESS) + options);
  }

  /** On what it is painted, for people. */
  static String where() {
    return DISPLAY ? "on a display" : "without a display";
  }

  /** Waits until something is painted; the seconds since the command. */
  double painted(String what) throws IOException {
    for (String line = says.readLine(); line != null; line = says.readLine()) {
      if (line.startsWith(what + " painted ")) {
        return (System.nanoTime() - began) / 1e9;
      }
    }
    throw new IOException("the window ended before its " + what + " was painted");
  }

  Duration processorTime() throws IOException {
    return Usage.processorTime(process.pid());
  }

  double residentMegabytes() throws IOException {
    return Usage.residentMegabytes(process.pid());
  }

  @Override
  public void close() throws IOException {
    Program.end(process, "the window");
  }
}
