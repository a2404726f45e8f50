package topiary.app.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import topiary.app.config.Edition;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;

/** Help, from the catalogue. */
public final class Usage {

  private static final String LOCAL =
      """
      On this machine:
        (nothing)                            Open the window: on the node of --api or TOPIARY_API
                                             (several, when they are of one cluster), else where
                                             it was last, or on what is chosen in it
        demo [--headless] [--flavor NAME | --bin DIR] [--nodes N]
                                             Start a practice fleet, a node on it, or a cluster of
                                             up to 5, each a process, and its window
        demo [--headless] --simulated N      The same with N servers that are simulated
        lab …                                Start, watch and break practice fleets: topiary lab help
        node --config FILE                   Run a node
        node --no-discovery --sqlite FILE [--config NODE.JSON]
                                             Show what orchestrator has stored, and ask no server
        store export|import --config NODE.JSON [--replace] FILE
                                             Carry a node's state to a file, or from one
        import orchestrator --sqlite FILE --judge
                                             Tell what is found in what orchestrator has stored
        import orchestrator --sqlite FILE --config NODE.JSON
                                             Take its servers, and what is said of them, into a new
                                             node
        audit verify --config NODE.JSON [--noted HASH]
                                             Tell whether the audit of a node that does not run is
                                             as it was written
        grants --flavor NAME                 Print the grants Topiary's user needs on a server
        cert authority|node|person|show …    Make certificates for nodes and persons, and look at one
        doctor [FILE.zip] [--config NODE.JSON] [--log FILE]
                                             Look whether all is well, and write what a report of
                                             trouble needs, without passwords, to a file
        rehearse NAME|all|list [--flavor F] [--semi-sync] [--step N | --every N]
                                             Have servers die that are started for it, and look
                                             what comes of it
        bench [NAME [--minutes N] | list]    Measure
        help [OPERATION]                     This, or the help of one operation
        version                              What this is
      """;

  private static final String REST =
      """
      Options:
        --api URL     the node's address; else TOPIARY_API, else ORCHESTRATOR_API,
                      else http://127.0.0.1:3000. Of a cluster name several, with commas or by
                      several --api: when one does not answer, the next is asked
        --fresh       the node answers once it has all that was committed anywhere before
        --ignore-raft-setup    only the node that is asked may answer, and only what reads
        --user NAME --password-file FILE    who asks, for a node that wants to know (TOPIARY_USER,
                      TOPIARY_PASSWORD_FILE)
        --cert FILE --key FILE    the same by a certificate (TOPIARY_CERT, TOPIARY_KEY)
        --ca FILE     the authority of the node's own certificate (TOPIARY_CA)
        --json        print the answer as JSON
        --dry-run     show the plan and do nothing
        --yes         run the plan without asking
        --no-colour   no colour on a terminal either

      Exit status: 0 done, 1 refused or failed, 2 not a command, 3 no node answers (if it says so,
      what was sent may have been done), 4 the servers have changed since the plan was shown,
      5 bad configuration, 6 data folder.
      """;

  private Usage() {}

  /** The whole help. */
  public static String all() {
    String operations =
        Catalogue.all().stream()
            .map(o -> String.format(Locale.ROOT, "  %-36s %s%n", call(o), o.summary()))
            .collect(Collectors.joining());
    return "topiary: sees, reshapes and protects MySQL and MariaDB replication trees\n\n"
        + "Asked of a node:\n"
        + operations
        + "\n"
        + local(Edition.here())
        + "\n"
        + REST;
  }

  /** What can be done on this machine with what is installed. */
  static String local(Edition edition) {
    var text = new StringBuilder();
    boolean wanted = true;
    for (String line : LOCAL.lines().toList()) {
      if (line.startsWith("  ") && line.charAt(2) != ' ') {
        String first = line.strip().split("\\s+", 2)[0];
        wanted = edition.holds(first.equals("(nothing)") ? Edition.WINDOW : first);
      }
      if (wanted) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  /** The help of one operation. */
  public static String of(Operation o) {
    var text = new StringBuilder();
    text.append("topiary ").append(call(o)).append("\n\n").append(o.summary()).append(".\n");
    if (!o.arguments().isEmpty()) {
      text.append('\n');
    }
    for (Argument a : o.arguments()) {
      String name = a.positional() ? a.type().sample() : "--" + a.name();
      text.append(
          String.format(
              Locale.ROOT, "  %-14s %s%s%n", name, a.help(), a.required() ? "" : " (optional)"));
    }
    if (o.kind() == Operation.Kind.INTENT) {
      text.append(
          "\n"
              + "Shows the plan and asks before it runs it; --dry-run only shows, --yes does not"
              + " ask.\n");
    }
    return text.toString();
  }

  private static String call(Operation o) {
    var call = new StringBuilder(o.name());
    for (Argument a : o.arguments()) {
      String named = ("--" + a.name() + " " + a.type().sample()).strip();
      String part = a.positional() ? a.type().sample() : named;
      call.append(' ').append(a.required() ? part : "[" + part + "]");
    }
    return call.toString();
  }
}
