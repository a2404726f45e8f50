package topiary.lab.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import topiary.lab.Fault;
import topiary.lab.Faults;
import topiary.lab.Lab;
import topiary.lab.base.LabException;
import topiary.lab.proxy.Direction;
import topiary.lab.proxy.Link;
import topiary.lab.proxy.Rule;

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
       of packets, in a lab that was started with --netns (A and B are servers or "others"; without --to,
       between A and everybody):
        lab partition --from A [--to B] [--one-way]
                                              lose every packet between A and B, or only those from A to B
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
          Map.entry("partition", new Syntax(Set.of("--from", "--to"), Set.of("--one-way"))),
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

  /**
   * Reads a command, as a deed on a lab.
   *
   * @throws Arguments.Misuse when it is not understood
   */
  Consumer<Lab> read(String command, Arguments arguments) {
    switch (command) {
      case "faults" -> {
        arguments.plain(0, "");
        return this::list;
      }
      case "heal" -> {
        List<String> words = arguments.plainUpTo(2);
        return lab -> heal(words, lab);
      }
      default -> {
        Function<Faults, Fault> making = making(command, arguments);
        return lab -> make(making, lab);
      }
    }
  }

  private void list(Lab lab) {
    List<Fault> all = lab.faults().standing();
    if (all.isEmpty()) {
      out.println("nothing is wrong on purpose in lab " + lab.name());
    }
    list(out, all);
  }

  private void make(Function<Faults, Fault> making, Lab lab) {
    Fault made = making.apply(lab.faults());
    out.println(made.sentence());
    out.println(
        "heal it with: lab heal "
            + made.id()
            + (lab.name().equals(LabCommand.DEFAULT_NAME) ? "" : " --name " + lab.name()));
  }

  private static Function<Faults, Fault> making(String command, Arguments arguments) {
    return switch (command) {
      case "cut", "black-hole", "one-way", "slow" -> {
        Rule rule = rule(command, arguments);
        Link[] links = links(arguments);
        yield faults -> faults.put(rule, links);
      }
      case "partition" -> partition(arguments);
      default -> {
        String server = arguments.plain(1, "the name of a server").getFirst();
        yield making(command, server, arguments);
      }
    };
  }

  private static Function<Faults, Fault> partition(Arguments arguments) {
    arguments.plain(0, "");
    String from =
        arguments
            .option("--from")
            .orElseThrow(() -> new Arguments.Misuse("the option --from is missing"));
    String to = arguments.option("--to").orElse(Link.ANYBODY);
    return arguments.flag("--one-way")
        ? faults -> faults.partitionOneWay(from, to)
        : faults -> faults.partition(from, to);
  }

  private static Rule rule(String command, Arguments arguments) {
    return switch (command) {
      case "cut" -> Rule.cut();
      case "black-hole" -> Rule.blackHole();
      case "one-way" -> Rule.oneWay(passing(arguments));
      default -> Rule.slow(millis(arguments), arguments.number("--rate", 0));
    };
  }

  private static Function<Faults, Fault> making(
      String command, String server, Arguments arguments) {
    return switch (command) {
      case "slow-handshakes" -> {
        Duration delay = millis(arguments);
        yield faults -> faults.slowHandshakes(server, delay);
      }
      case "lag" -> {
        Duration delay = Duration.ofSeconds(arguments.number("--by", LAG_SECONDS));
        yield faults -> faults.lag(server, delay);
      }
      case "wrong-clock" -> {
        Duration ahead = ahead(arguments);
        yield faults -> faults.wrongClock(server, ahead);
      }
      case "too-many-connections" -> faults -> faults.tooManyConnections(server);
      case "read-only" -> faults -> faults.readOnly(server);
      case "writable" -> faults -> faults.writable(server);
      case "stop-applier" -> faults -> faults.stopApplier(server);
      case "stop-receiver" -> faults -> faults.stopReceiver(server);
      case "full-disk" -> faults -> faults.fullDisk(server);
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

  private static Duration millis(Arguments arguments) {
    return Duration.ofMillis(arguments.number("--delay", 0));
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
