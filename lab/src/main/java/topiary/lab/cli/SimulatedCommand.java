package topiary.lab.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import topiary.lab.base.LabException;
import topiary.lab.sim.Address;
import topiary.lab.sim.Kind;
import topiary.lab.tree.Tree;
import topiary.lab.wire.SimulatedFleet;
import topiary.lab.wire.SimulatedSpec;

/** {@code lab simulated}: servers that are not real, in this process, until it is ended. */
final class SimulatedCommand {

  static final String HELP =
      """
        lab simulated N                       N servers that are simulated, in this process, until it is ended
            [--clusters K]                    in K trees; by default one for every ten of them
            [--tree T]                        trees of this shape, as many as N servers are enough for
            [--various]                       some clusters with co-masters, delays, filters, semi-sync, two sources
            [--flavor F,F...]                 like mysql-9.7, mariadb-11.4, or both in turns, which is the default
            [--writes R]                      R transactions a second on the head of each tree (1)
            [--port P] [--network M]          on 127.M.x.y:P (77, 13306), one address each
            [--seed S]                        other trees
            [--password-file F]               of the user topiary; its password is topiary otherwise
            [--seeds FILE]                    a server of each tree is written there, a line each
      """;

  private static final Set<String> VALUED =
      Set.of(
          "--clusters",
          "--tree",
          "--flavor",
          "--writes",
          "--port",
          "--network",
          "--seed",
          "--password-file",
          "--seeds");

  private static final int SHOWN = 10;

  private final PrintStream out;

  SimulatedCommand(PrintStream out) {
    this.out = out;
  }

  /**
   * Whether the words ask for simulated servers in the way of real ones: {@code up --simulated N}.
   */
  static boolean meant(List<String> words) {
    return words.stream().anyMatch(w -> w.equals("--simulated") || w.startsWith("--simulated="));
  }

  /** The words after {@code up} as those after {@code simulated}. */
  static List<String> plain(List<String> words) {
    var all = new ArrayList<String>();
    for (String word : words) {
      if (word.startsWith("--simulated=")) {
        all.add(word.substring("--simulated=".length()));
      } else if (!word.equals("--simulated")) {
        all.add(word);
      }
    }
    return all;
  }

  /** Runs them until the process is told to end. */
  int run(List<String> words) {
    var arguments = new Arguments(words, VALUED, Set.of("--various"));
    SimulatedSpec spec = spec(arguments);
    Optional<Path> seeds = arguments.option("--seeds").map(SimulatedCommand::path);
    try (SimulatedFleet fleet = SimulatedFleet.start(spec)) {
      seeds.ifPresent(file -> write(file, fleet.seeds()));
      show(fleet, seeds);
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** What the words ask for. */
  static SimulatedSpec spec(Arguments arguments) {
    String count = arguments.plain(1, "the number of servers").getFirst();
    if (!count.matches("[0-9]{1,6}")) {
      throw new Arguments.Misuse("\"" + count + "\" is no number of servers");
    }
    int servers = Integer.parseInt(count);
    var spec =
        arguments
            .option("--tree")
            .map(text -> shaped(Tree.parse(text), servers))
            .orElseGet(() -> SimulatedSpec.of(servers));
    if (arguments.flag("--various")) {
      spec = spec.asVariousAsReal();
    }
    spec = spec.clusters(arguments.number("--clusters", spec.clusters()));
    spec = spec.port(arguments.number("--port", spec.port()));
    spec = spec.network(arguments.number("--network", spec.network()));
    spec = spec.seed(arguments.number("--seed", 1));
    spec = spec.writes(arguments.number("--writes", 1));
    if (arguments.option("--flavor").isPresent()) {
      spec =
          spec.kinds(
              Arrays.stream(arguments.option("--flavor").get().split(","))
                  .map(Kind::named)
                  .toList());
    }
    if (arguments.option("--password-file").isPresent()) {
      spec = spec.account(spec.user(), password(path(arguments.option("--password-file").get())));
    }
    return spec;
  }

  private static SimulatedSpec shaped(Tree tree, int servers) {
    int size = tree.members().size();
    if (servers < size) {
      throw new Arguments.Misuse("a tree of this shape has " + size + " servers, not " + servers);
    }
    return SimulatedSpec.of(tree, servers / size);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new Arguments.Misuse("\"" + text + "\" is no name of a file");
    }
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw LabException.of("cannot read the password in " + file, e);
    }
  }

  private static void write(Path file, List<Address> seeds) {
    try {
      Files.writeString(file, seeds.stream().map(s -> s + "\n").collect(Collectors.joining()));
    } catch (IOException e) {
      throw LabException.of("cannot write " + file, e);
    }
  }

  private void show(SimulatedFleet fleet, Optional<Path> file) {
    List<Address> servers = fleet.servers();
    List<Address> seeds = fleet.seeds();
    out.println(
        servers.size()
            + " simulated servers in "
            + seeds.size()
            + (seeds.size() == 1 ? " tree" : " trees")
            + ", "
            + servers.getFirst()
            + " to "
            + servers.getLast());
    out.println(
        "user topiary, for whom the password is " + (usual(fleet) ? "topiary" : "in your file"));
    out.println("a server of each tree" + file.map(f -> ", all of them in " + f).orElse("") + ":");
    seeds.stream()
        .limit(file.isPresent() ? SHOWN : seeds.size())
        .forEach(s -> out.println("  " + s));
    if (file.isPresent() && seeds.size() > SHOWN) {
      out.println("  …");
    }
    out.println(
        "Faults are put on any of them by SQL, for example: CALL lab.kill('"
            + servers.getLast().host()
            + "')");
    out.println("Ctrl-C ends them.");
    out.println("ready " + seeds.getFirst());
    out.flush();
  }

  private static boolean usual(SimulatedFleet fleet) {
    return fleet.spec().password().equals(SimulatedSpec.of(1).password());
  }
}
