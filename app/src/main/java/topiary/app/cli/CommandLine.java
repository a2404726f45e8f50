package topiary.app.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.app.security.NodeLogin;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;

/**
 * A command line, read by the catalogue.
 *
 * @param operation what is asked
 * @param arguments by name
 * @param api the addresses of nodes that are given, each one or several
 * @param login how a node is shown who asks, by the options of {@link NodeLogin}
 * @param local whether only the node that is asked may answer
 * @param fresh whether it has to know all that was committed before
 * @param json whether JSON is wanted
 * @param dryRun whether only the plan is wanted
 * @param yes whether it runs without asking
 * @param colour whether colour is allowed
 */
record CommandLine(
    Operation operation,
    Map<String, String> arguments,
    List<String> api,
    Map<String, String> login,
    boolean local,
    boolean fresh,
    boolean json,
    boolean dryRun,
    boolean yes,
    boolean colour) {

  /** A command line that is not one of ours; the message says why. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String sentence) {
      super(sentence);
    }
  }

  /** What has been read so far. */
  private static final class Reading {
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();
    private final List<String> api = new ArrayList<>();
    private final Map<String, String> login = new LinkedHashMap<>();
    private boolean local;
    private boolean fresh;
    private boolean json;
    private boolean dryRun;
    private boolean yes;
    private boolean colour = true;

    private void read(List<String> args) throws Wrong {
      for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
        String arg = rest.next();
        switch (arg) {
          case "--json" -> json = true;
          case "--dry-run" -> dryRun = true;
          case "--yes", "-y" -> yes = true;
          case "--no-colour", "--no-color" -> colour = false;
          case "--api" -> api.add(value(arg, rest));
          case "--fresh" -> fresh = true;
          // orchestrator's own word for it, with one dash as it has it, too.
          case "--ignore-raft-setup", "-ignore-raft-setup" -> local = true;
          default -> {
            if (arg.startsWith("--")) {
              int equals = arg.indexOf('=');
              String name = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
              String value =
                  equals >= 0
                      ? arg.substring(equals + 1)
                      : Catalogue.isSwitch(name) ? "true" : value(arg, rest);
              boolean ours = NodeLogin.OPTIONS.contains(name);
              if ((ours ? login : options).put(name, value) != null) {
                throw new Wrong("--" + name + " is given twice");
              }
            } else {
              words.add(arg);
            }
          }
        }
      }
    }

    private static String value(String option, Iterator<String> rest) throws Wrong {
      // What looks like an option is one: "--below --dry-run" must not swallow the --dry-run.
      String value = rest.hasNext() ? rest.next() : "--";
      if (value.startsWith("--")) {
        throw new Wrong(option + " needs a value");
      }
      return value;
    }
  }

  /** Reads the arguments after the program's name. */
  static CommandLine read(List<String> args) throws Wrong {
    var reading = new Reading();
    reading.read(args.subList(1, args.size()));
    String name = args.getFirst();
    boolean planOnly = name.equals(Catalogue.PLAN_FOR.name());
    if (planOnly) {
      // "plan relocate …" is "relocate … --dry-run".
      if (reading.words.isEmpty()) {
        throw new Wrong("plan needs the operation to plan, for example: plan relocate …");
      }
      name = reading.words.removeFirst();
    }
    String called = name;
    Operation operation =
        Catalogue.named(called)
            .orElseThrow(() -> new Wrong("there is no command \"" + called + "\"" + like(called)));
    boolean dryRun = reading.dryRun || planOnly;
    if (dryRun && operation.kind() != Operation.Kind.INTENT) {
      throw new Wrong(called + " changes no server, so there is nothing to plan");
    }
    if (reading.fresh && operation.kind() != Operation.Kind.QUERY) {
      throw new Wrong(called + " is done by the node that leads, which knows all there is to know");
    }
    Map<String, String> arguments = arguments(operation, reading);
    return new CommandLine(
        operation,
        arguments,
        List.copyOf(reading.api),
        reading.login,
        reading.local,
        reading.fresh,
        reading.json,
        dryRun,
        reading.yes,
        reading.colour);
  }

  private static Map<String, String> arguments(Operation operation, Reading reading) throws Wrong {
    Map<String, String> arguments = new LinkedHashMap<>(reading.options);
    for (String given : reading.options.keySet()) {
      if (operation.argument(given).isEmpty()) {
        throw new Wrong(operation.name() + " has no option --" + given);
      }
    }
    List<String> words = new ArrayList<>(reading.words);
    for (Argument a : operation.arguments()) {
      if (a.positional() && !words.isEmpty() && !arguments.containsKey(a.name())) {
        arguments.put(a.name(), words.removeFirst());
      }
      if (a.required() && !arguments.containsKey(a.name())) {
        String missing = a.positional() ? a.type().sample() : "--" + a.name();
        throw new Wrong(operation.name() + " needs " + missing + ": " + a.help());
      }
    }
    if (!words.isEmpty()) {
      throw new Wrong(operation.name() + " does not take \"" + words.getFirst() + "\"");
    }
    return arguments;
  }

  private static String like(String name) {
    return Catalogue.all().stream()
        .map(Operation::name)
        .filter(n -> name.length() > 2 && (n.startsWith(name) || n.contains(name)))
        .findFirst()
        .map(n -> "; did you mean " + n + "?")
        .orElse("; see topiary help");
  }
}
