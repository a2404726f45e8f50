package topiary.app.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What this program was installed by, and so which commands it holds: each package has its own. */
public enum Edition {
  /** No package: everything, from the sources. */
  SOURCES("./topiary", Set.of()),
  /** The command line: what is asked of nodes, certificates and grants. */
  CLIENT(
      "topiary",
      Set.of(
          Edition.WINDOW,
          "node",
          "store",
          "import",
          "audit",
          "demo",
          "lab",
          "bench",
          "rehearse",
          "picture-trial",
          "overview-trial")),
  /** The node. */
  NODE(
      "topiary-node",
      Set.of(
          Edition.WINDOW, "demo", "lab", "bench", "rehearse", "picture-trial", "overview-trial")),
  /** The window, with a node of its own in it, and practice fleets. */
  DESKTOP("topiary-desktop", Set.of("bench", "rehearse", "picture-trial", "overview-trial"));

  /** What is typed for the window: nothing. */
  public static final String WINDOW = "";

  private final String program;
  private final Set<String> elsewhere;

  Edition(String program, Set<String> elsewhere) {
    this.program = program;
    this.elsewhere = elsewhere;
  }

  /** The one that runs; its launcher says so. */
  public static Edition here() {
    String word = System.getProperty("topiary.package", "");
    return word.isEmpty() ? SOURCES : valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** What is typed to start it. */
  public String program() {
    return program;
  }

  /**
   * Whether it holds a command that runs on this machine.
   *
   * @param command its first word, or {@link #WINDOW}
   */
  public boolean holds(String command) {
    return !elsewhere.contains(command);
  }

  /** Why a command cannot be had here, in a sentence; empty when it can. */
  public Optional<String> refusal(String command) {
    if (holds(command)) {
      return Optional.empty();
    }
    String what = command.equals(WINDOW) ? "the window" : "\"" + command + "\"";
    for (Edition other : new Edition[] {NODE, DESKTOP}) {
      if (other.holds(command)) {
        return Optional.of(
            what
                + " is not in this package; it is in "
                + other.program
                + ", as: "
                + (other.program + " " + command).strip());
      }
    }
    return Optional.of(what + " is in no package, only in the sources");
  }
}
