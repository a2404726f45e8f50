package topiary.lab.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import topiary.lab.Fault;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Member;
import topiary.lab.MemberStatus;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.flavor.ServerView;
import topiary.lab.load.Check;
import topiary.lab.load.Ledger;
import topiary.lab.load.Load;
import topiary.lab.load.LoadProcess;

/** The lab's commands as words. */
public final class LabCommand {
  static final String DEFAULT_NAME = "lab";
  private static final String DEFAULT_TREE = "p(r1,r2(r3,r4))";
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int WAIT_SECONDS = 10;

  private static final String HELP =
      """
      lab: practice fleets of real MariaDB and MySQL servers on this machine

        lab up [--tree T] [--name N]          start the servers of a tree, by default p(r1,r2(r3,r4))
            [--flavor F | --bin DIR]          of this kind (lab flavors), or the server in a folder
            [--no-gtid]                       replicating by file and position
            [--semi-sync]                     with commits that wait for a replica, 10 s at most
            [--proxied]                       with a proxy before each, so that links can be disturbed
            [--netns]                         each a host of a network of their own, in which packets can be
                                              lost; does not go with --proxied
            [--small-disks]                   each on a disk of its own, which can be full
      %s  lab flavors                           the kinds of servers there are
        lab fetch FLAVOUR...                  get the programs of these now, for later without a network
        lab status [--json]                   every server: process, source, position
        lab kill SERVER                       end a server at once, as a crash would
        lab hang SERVER                       freeze a server; it keeps its connections and answers nothing
        lab resume SERVER                     thaw it
        lab start SERVER [--writable]         start a killed server, read-only unless told otherwise
        lab restart SERVER [--writable]       end it and start it again
        lab load start [--rate R]             write R rows a second (200) on the writable server, in the background
        lab load stop | status
        lab load check [--on SERVER] [--wait S]
                                              compare the ledger of acknowledged rows with each server; 1 if any miss
        lab netns [--name N] [--] COMMAND...  run a command on the network of a lab that was started with --netns
        lab down                              end everything and delete it
        lab help

      Trees: p(r1,r2) is p with two replicas; p<>q(r1) co-masters, p writable, r1 below q; p(m),q(m) two
      heads, and m, named again, replicates from both.

      Faults
      %s
      Every command takes --name N for another lab than "lab". The servers stay up until "lab down".
      Files are kept in $TOPIARY_CACHE, else $XDG_CACHE_HOME/topiary, else ~/.cache/topiary.
      Exit codes: 0 done, 1 failed, 2 not understood; of lab netns that of the command.
      """
          .formatted(SimulatedCommand.HELP, FaultCommand.HELP);

  private final PrintStream out;
  private final Cache cache;

  private LabCommand(PrintStream out, Cache cache) {
    this.out = out;
    this.cache = cache;
  }

  /**
   * Runs one command in the user's cache.
   *
   * @param args without the word {@code lab}
   * @return the exit code: 0 done, 1 failed (a sentence on {@code err}), 2 not understood
   */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    return run(args, out, err, Optional.empty());
  }

  /** As {@link #run(List, PrintStream, PrintStream)}, in another cache. */
  static int run(List<String> args, PrintStream out, PrintStream err, Optional<Cache> cache) {
    if (args.isEmpty()) {
      err.print(HELP);
      return 2;
    }
    if (Set.of("help", "--help", "-h").contains(args.getFirst())) {
      out.print(HELP);
      return 0;
    }
    try {
      List<String> rest = args.subList(1, args.size());
      return switch (args.getFirst()) {
        case "simulated" -> new SimulatedCommand(out).run(rest);
        case String simulated when SimulatedCommand.meant(List.of(simulated)) ->
            new SimulatedCommand(out).run(SimulatedCommand.plain(args));
        case "up" ->
            SimulatedCommand.meant(rest)
                ? new SimulatedCommand(out).run(SimulatedCommand.plain(rest))
                : in(out, cache).up(parse(rest, ServerWords.options("--tree"), ServerWords.FLAGS));
        case "flavors" -> {
          new Arguments(rest, Set.of(), Set.of()).plain(0, "");
          yield new FlavorCommand(out, err, place(cache)).list();
        }
        case "fetch" ->
            new FlavorCommand(out, err, place(cache))
                .fetch(new Arguments(rest, Set.of(), Set.of()).plain());
        case "status" -> in(out, cache).status(parse(rest, Set.of(), Set.of("--json")));
        case "kill", "hang", "resume" ->
            in(out, cache).fault(args.getFirst(), parse(rest, Set.of(), Set.of()));
        case "start", "restart" ->
            in(out, cache)
                .start(
                    args.getFirst().equals("restart"), parse(rest, Set.of(), Set.of("--writable")));
        case "load" -> in(out, cache).load(rest);
        case "netns" -> new NetworkCommand(place(cache)).run(rest);
        case "down" -> in(out, cache).down(parse(rest, Set.of(), Set.of()));
        case String fault when FaultCommand.knows(fault) ->
            in(out, cache)
                .disturb(fault, parse(rest, FaultCommand.valued(fault), FaultCommand.flags(fault)));
        default -> throw new Arguments.Misuse("there is no command \"" + args.getFirst() + "\"");
      };
    } catch (Arguments.Misuse e) {
      err.println("lab: " + e.getMessage() + "; see: lab help");
      return 2;
    } catch (LabException e) {
      err.println("lab: " + e.getMessage());
      return 1;
    }
  }

  private static LabCommand in(PrintStream out, Optional<Cache> cache) {
    return new LabCommand(out, place(cache));
  }

  private static Cache place(Optional<Cache> cache) {
    return cache.orElseGet(Cache::standard);
  }

  private static Arguments parse(List<String> words, Set<String> valued, Set<String> flags) {
    List<String> all = new ArrayList<>(valued);
    all.add("--name");
    return new Arguments(words, Set.copyOf(all), flags);
  }

  private Lab open(Arguments arguments) {
    return Lab.open(cache, name(arguments));
  }

  private static String name(Arguments arguments) {
    return arguments.option("--name").orElse(DEFAULT_NAME);
  }

  private int up(Arguments arguments) {
    arguments.plain(0, "");
    var spec =
        ServerWords.apply(
            LabSpec.of(cache, name(arguments), arguments.option("--tree").orElse(DEFAULT_TREE))
                .detached(),
            arguments);
    // Told before anything is fetched for it.
    spec.obstacle()
        .ifPresent(
            sentence -> {
              throw new LabException(sentence);
            });
    FlavorCommand.announce(out, spec.flavor(), cache);
    // A detached lab is not closed by closing: it stays until it is taken down.
    try (Lab lab = Lab.start(spec)) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("SERVER", "ADDRESS", "SOURCE"));
      for (Member member : lab.members()) {
        rows.add(List.of(member.name(), member.address(), sources(member.sources())));
      }
      table(rows);
      var account = lab.credentials();
      out.printf(
          "%n%sPoint Topiary at %s as user %s; the password is in%n  %s%nTake the lab down with:"
              + " lab down%s%n",
          lab.faults().packets()
              ? "These addresses are known on the lab's own network alone: lab netns"
                  + nameHint(lab)
                  + " -- COMMAND\n"
              : "",
          lab.members().getFirst().address(),
          account.user(),
          account.file(),
          nameHint(lab));
    }
    return 0;
  }

  private static String sources(List<String> sources) {
    return sources.isEmpty() ? "-" : String.join(",", sources);
  }

  private static String nameHint(Lab lab) {
    return lab.name().equals(DEFAULT_NAME) ? "" : " --name " + lab.name();
  }

  private int status(Arguments arguments) {
    arguments.plain(0, "");
    try (Lab lab = open(arguments)) {
      List<MemberStatus> all = lab.status(LOOK);
      List<Fault> faults = lab.faults().standing();
      if (arguments.flag("--json")) {
        out.println(
            JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(
                    Map.of(
                        "lab",
                        lab.name(),
                        "members",
                        all.stream().map(LabCommand::json).toList(),
                        "proxied",
                        lab.faults().links(),
                        "netns",
                        lab.faults().packets(),
                        "faults",
                        faults.stream()
                            .map(f -> Map.of("id", f.id(), "sentence", f.sentence()))
                            .toList())));
        return 0;
      }
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("SERVER", "ADDRESS", "PID", "STATE", "SOURCE", "READ_ONLY", "GTID", "NOTE"));
      for (MemberStatus status : all) {
        Member member = status.member();
        String recorded =
            member.sources().isEmpty() ? "-" : "(" + String.join(",", member.sources()) + ")";
        rows.add(
            List.of(
                member.name(),
                member.address(),
                member.pid() == 0 ? "-" : Long.toString(member.pid()),
                member.state().name().toLowerCase(Locale.ROOT),
                status.view().isPresent() ? sources(status.sources()) : recorded,
                status.view().map(v -> v.readOnly() ? "yes" : "no").orElse("?"),
                status.view().map(ServerView::position).filter(p -> !p.isEmpty()).orElse("-"),
                status.fault()));
      }
      table(rows);
      if (!faults.isEmpty()) {
        out.printf("%nWrong on purpose (lab heal%s):%n", nameHint(lab));
        FaultCommand.list(out, faults);
      }
      return 0;
    }
  }

  private static Map<String, Object> json(MemberStatus status) {
    Member member = status.member();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", member.name());
    fields.put("host", member.host());
    fields.put("port", member.port());
    fields.put("pid", member.pid() == 0 ? null : member.pid());
    fields.put("state", member.state().name());
    fields.put("startedWithSource", member.source().orElse(null));
    fields.put("source", status.source().orElse(null));
    fields.put("startedWithSources", member.sources());
    fields.put("sources", status.sources());
    fields.put("readOnly", status.view().map(ServerView::readOnly).orElse(null));
    fields.put("gtid", status.view().map(ServerView::position).orElse(null));
    fields.put("note", status.fault());
    return fields;
  }

  private int disturb(String command, Arguments arguments) {
    var deed = new FaultCommand(out).read(command, arguments);
    try (Lab lab = open(arguments)) {
      deed.accept(lab);
    }
    return 0;
  }

  private int fault(String what, Arguments arguments) {
    String member = arguments.plain(1, "the name of a server").getFirst();
    try (Lab lab = open(arguments)) {
      switch (what) {
        case "kill" -> lab.kill(member);
        case "hang" -> lab.hang(member);
        default -> lab.resume(member);
      }
      out.println(member + " is " + lab.member(member).state().name().toLowerCase(Locale.ROOT));
    }
    return 0;
  }

  private int start(boolean again, Arguments arguments) {
    String member = arguments.plain(1, "the name of a server").getFirst();
    try (Lab lab = open(arguments)) {
      if (again) {
        lab.restart(member);
      } else {
        lab.start(member);
      }
      if (arguments.flag("--writable")) {
        lab.makeWritable(member);
      }
      out.println(
          member + " is running, " + (arguments.flag("--writable") ? "writable" : "read-only"));
    }
    return 0;
  }

  private int load(List<String> words) {
    if (words.isEmpty()) {
      throw new Arguments.Misuse("load needs one of start, stop, status, check");
    }
    List<String> rest = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "start" -> loadStart(parse(rest, Set.of("--rate"), Set.of()));
      case "stop" -> loadStop(parse(rest, Set.of(), Set.of()));
      case "status" -> loadStatus(parse(rest, Set.of(), Set.of()));
      case "check" -> loadCheck(parse(rest, Set.of("--on", "--wait"), Set.of()));
      default -> throw new Arguments.Misuse("load has no command \"" + words.getFirst() + "\"");
    };
  }

  private int loadStart(Arguments arguments) {
    arguments.plain(0, "");
    int rate = arguments.number("--rate", Load.DEFAULT_RATE);
    try (Lab lab = open(arguments)) {
      long pid = LoadProcess.start(lab, cache, rate);
      out.println("load is writing " + rate + " rows a second, process " + pid);
    }
    return 0;
  }

  private int loadStop(Arguments arguments) {
    arguments.plain(0, "");
    try (Lab lab = open(arguments)) {
      LoadProcess.stop(lab);
      out.println("load stopped; " + counts(lab));
    }
    return 0;
  }

  private int loadStatus(Arguments arguments) {
    arguments.plain(0, "");
    try (Lab lab = open(arguments)) {
      String state =
          LoadProcess.running(lab)
              .map(pid -> "load is running, process " + pid)
              .orElse("no load is running");
      out.println(state + "; " + counts(lab));
    }
    return 0;
  }

  private static String counts(Lab lab) {
    Ledger.Entries entries = Ledger.read(Load.ledgerFile(lab));
    return "acknowledged %d, without answer %d"
        .formatted(entries.acknowledged().cardinality(), entries.unknown().cardinality());
  }

  private int loadCheck(Arguments arguments) {
    arguments.plain(0, "");
    Duration patience = Duration.ofSeconds(arguments.number("--wait", WAIT_SECONDS));
    try (Lab lab = open(arguments)) {
      Optional<String> only = arguments.option("--on");
      only.ifPresent(lab::member);
      List<Check.Result> results =
          Check.all(lab, patience).stream()
              .filter(r -> only.isEmpty() || only.get().equals(r.member()))
              .toList();
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("SERVER", "ACKNOWLEDGED", "PRESENT", "MISSING", "NOTE"));
      for (Check.Result result : results) {
        boolean asked = result.fault().isEmpty();
        rows.add(
            List.of(
                result.member(),
                Integer.toString(result.acknowledged()),
                asked ? Integer.toString(result.present()) : "?",
                asked ? Integer.toString(result.missing()) : "?",
                !asked
                    ? result.fault()
                    : result.missing() == 0 ? "" : "first missing: " + result.firstMissing()));
      }
      table(rows);
      if (only.isPresent() && !results.getFirst().fault().isEmpty()) {
        throw new LabException(
            only.get() + " cannot be checked: it is " + results.getFirst().fault());
      }
      return results.stream().allMatch(r -> r.missing() == 0) ? 0 : 1;
    }
  }

  private int down(Arguments arguments) {
    arguments.plain(0, "");
    try (Lab lab = open(arguments)) {
      lab.down();
      out.println("lab " + lab.name() + " is down");
    }
    return 0;
  }

  private void table(List<List<String>> rows) {
    Table.print(out, rows);
  }
}
