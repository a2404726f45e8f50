package topiary.app.main;

import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.app.bench.Bench;
import topiary.app.cert.CertCommand;
import topiary.app.cli.Exit;
import topiary.app.cli.NodeAddress;
import topiary.app.cli.RemoteCommand;
import topiary.app.cli.Usage;
import topiary.app.config.Edition;
import topiary.app.config.Version;
import topiary.app.demo.Demo;
import topiary.app.rehearse.RehearseCommand;
import topiary.app.wire.DesktopFace;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.lab.cli.LabCommand;

/** The program. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // Whatever the locale says: box drawings and names are UTF-8 here.
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int status = run(Arrays.asList(args), out, err);
    out.flush();
    System.exit(status);
  }

  /**
   * Runs one command line, to the exit status; some run until the process is told to end.
   *
   * @param args without the program's name
   */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    Edition here = Edition.here();
    if (args.isEmpty() && !here.holds(Edition.WINDOW)) {
      out.print(Usage.all());
      return Exit.OK.code();
    }
    Optional<String> elsewhere = here.refusal(local(args));
    if (elsewhere.isPresent()) {
      err.println("topiary: " + elsewhere.get());
      return Exit.USAGE.code();
    }
    if (args.isEmpty()
        && !NodeAddress.named(System.getenv())
        && !DesktopFace.possible(System.getenv())) {
      out.print(Usage.all());
      return Exit.OK.code();
    }
    if (args.isEmpty() || args.getFirst().equals("--api")) {
      return WindowCommand.run(args, err).code();
    }
    List<String> rest = args.subList(1, args.size());
    return switch (args.getFirst()) {
      case "help", "--help", "-h" -> help(rest, out, err);
      case "version", "--version" -> {
        out.println("topiary " + Version.words());
        yield Exit.OK.code();
      }
      case "lab" -> LabCommand.run(rest, out, err);
      case "cert" -> CertCommand.run(rest, out, err).code();
      case "grants" -> GrantsCommand.run(rest, out, err).code();
      case "history" -> history(args, out, err);
      case "node" -> NodeCommand.run(rest, out, err).code();
      case "audit" -> audit(args, out, err);
      case "store" -> StoreCommand.run(rest, out, err).code();
      case "import" -> ImportCommand.run(rest, out, err).code();
      case "demo" -> Demo.run(rest, out, err).code();
      case "picture-trial" -> TrialCommand.picture(rest, out, err).code();
      case "overview-trial" -> TrialCommand.overview(rest, out, err).code();
      case "doctor" -> DoctorCommand.run(rest, System.getenv(), out, err).code();
      case "rehearse" -> RehearseCommand.run(rest, out, err).code();
      case "bench" -> Bench.run(rest, out, err).code();
      default -> remote(args, out, err);
    };
  }

  /** Which of the commands that need more than a client is asked for; a word that is none else. */
  private static String local(List<String> args) {
    if (args.isEmpty() || args.getFirst().equals("--api")) {
      return Edition.WINDOW;
    }
    // Of "audit" only what reads a data folder. Nothing else is loaded for it: a client has not
    // all.
    String word = args.getFirst();
    return word.equals("audit") && !args.contains("--config") ? "audit of a node" : word;
  }

  /** "audit verify" is an operation of its own, and needs no node where none runs. */
  private static int audit(List<String> args, PrintStream out, PrintStream err) {
    if (args.size() < 2 || !args.get(1).equals("verify")) {
      return remote(args, out, err);
    }
    List<String> rest = args.subList(2, args.size());
    if (AuditCommand.offline(rest)) {
      return AuditCommand.run(rest, out, err).code();
    }
    var asked = new ArrayList<>(rest);
    asked.addFirst(Catalogue.AUDIT_VERIFY.name());
    return remote(asked, out, err);
  }

  /** "history changes" and "history counts" are operations of their own. */
  private static int history(List<String> args, PrintStream out, PrintStream err) {
    Optional<Operation> deeper =
        args.size() < 2
            ? Optional.empty()
            : Stream.of(Catalogue.HISTORY_CHANGES, Catalogue.HISTORY_COUNTS)
                .filter(o -> o.name().equals(args.getFirst() + "-" + args.get(1)))
                .findFirst();
    if (deeper.isEmpty()) {
      return remote(args, out, err);
    }
    var asked = new ArrayList<>(args.subList(2, args.size()));
    asked.addFirst(deeper.get().name());
    return remote(asked, out, err);
  }

  private static int help(List<String> rest, PrintStream out, PrintStream err) {
    if (rest.isEmpty()) {
      out.print(Usage.all());
      return Exit.OK.code();
    }
    return Catalogue.named(rest.getFirst())
        .map(
            operation -> {
              out.print(Usage.of(operation));
              return Exit.OK.code();
            })
        .orElseGet(
            () -> {
              err.println("topiary: there is no command \"" + rest.getFirst() + "\"");
              return Exit.USAGE.code();
            });
  }

  private static int remote(List<String> args, PrintStream out, PrintStream err) {
    if (args.contains("--help")) {
      return help(List.of(args.getFirst()), out, err);
    }
    boolean terminal = System.console() != null && System.console().isTerminal();
    var in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
    return new RemoteCommand(System.getenv(), terminal, in, out, err).run(args).code();
  }
}
