package topiary.lab.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import topiary.lab.Fault;
import topiary.lab.Faults;
import topiary.lab.Lab;
import topiary.lab.base.LabException;
import topiary.lab.proxy.Direction;
import topiary.lab.proxy.Link;

/** The commands that make something go wrong, or right again. */
final class FaultCommand {
  static final String HELP =
      """
        lab faults                            everything that is wrong on purpose, with the name of each fault
        lab heal [FAULT | CLIENT SERVER]      make everything good again, or one fault, or one link
       of links, in a lab that was started with --proxied (CLIENT is a server that connects, as a replica does to
       its source, or "others": Topiary, the load, anybody; without CLIENT, everybody; --out: also the links
       from SERVER to others):
        lab cut [CLIENT] SERVER [--out]       reset its connections, refuse or reset new ones
        lab black-hole [CLIENT] SERVER [--out]
                                              let nothing pass and close nothing; new connections get no greeting
        lab one-way [CLIENT] SERVER --passing to-server|to-client [--out]
                                              let pass only what the client says, or only what the server says
        lab slow [CLIENT] SERVER [--delay MS] [--rate BYTES] [--out]
                                              hold everything back, each way; limit the bytes a second
        lab slow-handshakes SERVER --delay MS greet every new connection late
        lab too-many-connections SERVER       take every connection that the server admits
       of servers, in any lab:
        lab read-only SERVER                  make it refuse writes
        lab writable SERVER                   make it take writes, though it may be a replica
        lab lag SERVER [--by SECONDS]         apply what it receives late, by default 60 s
        lab stop-applier SERVER               receive, and not apply
        lab stop-receiver SERVER              apply what is there, and not receive
        lab wrong-clock SERVER --ahead S | --behind S
                                              restart it with a clock that is so many seconds wrong
        lab full-disk SERVER                  leave no byte free; in a lab that was started with --small-disks
      """;

  /** The options that each command has, those with a value and those without. */
  private record Syntax(Set<String> valued, Set<String> flags) {}

  private static final Set<String> NONE = Set.of();
  private static final Syntax PLAIN = new Syntax(NONE, NONE);
  private static final Set<String> OUT = Set.of("--out");
  private static final Map<String, Syntax> COMMANDS =
      Map.ofEntries(
          Map.entry("faults", PLAIN),
          Map.entry("heal", PLAIN),
          Map.entry("cut", new Syntax(NONE, OUT)),
          Map.entry("black-hole", new Syntax(NONE, OUT)),
          Map.entry("one-way", new Syntax(Set.of("--passing"), OUT)),
          Map.entry("slow", new Syntax(Set.of("--delay", "--rate"), OUT)),
          Map.entry("slow-handshakes", new Syntax(Set.of("--delay"), NONE)),
          Map.entry("too-many-connections", PLAIN),
          Map.entry("read-only", PLAIN),
          Map.entry("writable", PLAIN),
          Map.entry("lag", new Syntax(Set.of("--by"), NONE)),
          Map.entry("stop-applier", PLAIN),
          Map.entry("stop-receiver", PLAIN),
          Map.entry("wrong-clock", new Syntax(Set.of("--ahead", "--behind"), NONE)),
          Map.entry("full-disk", PLAIN));

  private static final int LAG_SECONDS = 60;

  private final PrintStream out;

  FaultCommand(PrintStream out) {
    this.out = out;
  }

  static boolean knows(String command) {
    return COMMANDS.containsKey(command);
  }

  static Set<String> valued(String command) {
    return COMMANDS.get(command).valued();
  }

  static Set<String> flags(String command) {
    return COMMANDS.get(command).flags();
  }

  /** Prints what is wrong on purpose, one line each. */
  static void list(PrintStream out, List<Fault> faults) {
    int width = faults.stream().mapToInt(f -> f.id().length()).max().orElse(0);
    faults.forEach(f -> out.printf("  %-" + width + "s  %s%n", f.id(), f.sentence()));
  }

  int run(String command, Arguments arguments, Lab lab) {
    Faults faults = lab.faults();
    switch (command) {
      case "faults" -> {
        arguments.plain(0, "");
        List<Fault> all = faults.standing();
        if (all.isEmpty()) {
          out.println("nothing is wrong on purpose in lab " + lab.name());
        }
        list(out, all);
      }
      case "heal" -> heal(arguments.plainUpTo(2), lab);
      default -> {
        Fault made = make(command, arguments, faults);
        out.println(made.sentence());
        out.println(
            "heal it with: lab heal "
                + made.id()
                + (lab.name().equals(LabCommand.DEFAULT_NAME) ? "" : " --name " + lab.name()));
      }
    }
    return 0;
  }

  private static Fault make(String command, Arguments arguments, Faults faults) {
    return switch (command) {
      case "cut" -> faults.cut(links(arguments));
      case "black-hole" -> faults.blackHole(links(arguments));
      case "one-way" -> faults.oneWay(passing(arguments), links(arguments));
      case "slow" ->
          faults.slow(millis(arguments, 0), arguments.number("--rate", 0), links(arguments));
      case "slow-handshakes" -> faults.slowHandshakes(server(arguments), millis(arguments, 0));
      case "too-many-connections" -> faults.tooManyConnections(server(arguments));
      case "read-only" -> faults.readOnly(server(arguments));
      case "writable" -> faults.writable(server(arguments));
      case "lag" ->
          faults.lag(server(arguments), Duration.ofSeconds(arguments.number("--by", LAG_SECONDS)));
      case "stop-applier" -> faults.stopApplier(server(arguments));
      case "stop-receiver" -> faults.stopReceiver(server(arguments));
      case "wrong-clock" -> faults.wrongClock(server(arguments), ahead(arguments));
      case "full-disk" -> faults.fullDisk(server(arguments));
      default -> throw new IllegalArgumentException(command);
    };
  }

  private void heal(List<String> words, Lab lab) {
    Faults faults = lab.faults();
    List<Fault> healed =
        switch (words.size()) {
          case 0 -> faults.healAll();
          case 1 -> List.of(one(words.getFirst(), lab));
          default -> faults.heal(Link.from(words.get(0)).to(words.get(1)));
        };
    if (words.size() == 1) {
      healed.getFirst().heal();
    }
    out.println(healed.isEmpty() ? "there was nothing to heal" : "healed:");
    list(out, healed);
  }

  private static Fault one(String id, Lab lab) {
    List<Fault> all = lab.faults().standing();
    return all.stream()
        .filter(f -> f.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "there is no fault "
                        + id
                        + (all.isEmpty()
                            ? "; nothing is wrong on purpose"
                            : "; there is "
                                + String.join(", ", all.stream().map(Fault::id).toList()))));
  }

  private static String server(Arguments arguments) {
    return arguments.plain(1, "the name of a server").getFirst();
  }

  private static Link[] links(Arguments arguments) {
    List<String> words = arguments.plainUpTo(2);
    if (words.isEmpty()) {
      throw new Arguments.Misuse("the name of a server is missing");
    }
    Link to = words.size() == 1 ? Link.to(words.get(0)) : Link.from(words.get(0)).to(words.get(1));
    return arguments.flag("--out")
        ? new Link[] {to, Link.from(to.to()).toAnybody()}
        : new Link[] {to};
  }

  private static Duration millis(Arguments arguments, int otherwise) {
    return Duration.ofMillis(arguments.number("--delay", otherwise));
  }

  private static Duration ahead(Arguments arguments) {
    if (arguments.flag("--ahead") == arguments.flag("--behind")) {
      throw new Arguments.Misuse("wrong-clock needs one of --ahead and --behind");
    }
    return Duration.ofSeconds(arguments.number("--ahead", 0) - arguments.number("--behind", 0));
  }

  private static Direction passing(Arguments arguments) {
    String text =
        arguments
            .option("--passing")
            .orElseThrow(() -> new Arguments.Misuse("the option --passing is missing"));
    for (Direction direction : Direction.values()) {
      if (direction.toString().equals(text)) {
        return direction;
      }
    }
    throw new Arguments.Misuse("--passing needs to-server or to-client, not " + text);
  }
}
