package topiary.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import topiary.app.config.BadConfig;
import topiary.app.security.NodeLogin;
import topiary.app.v1.V1Api;
import topiary.engine.catalogue.Operation;

/** One command that is asked of a node. */
public final class RemoteCommand {

  private static final String DONE = "DONE";
  private static final int GONE = 404;

  /** For how long nobody may lead, or a journal may lag behind. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

  private static final long GLANCE_MILLIS = 250;

  private final Map<String, String> environment;
  private final boolean terminal;
  private final Reader in;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * A command's surroundings.
   *
   * @param environment for the node's address
   * @param terminal whether {@code out} is one, and somebody can be asked
   */
  public RemoteCommand(
      Map<String, String> environment,
      boolean terminal,
      Reader in,
      PrintStream out,
      PrintStream err) {
    this.environment = environment;
    this.terminal = terminal;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Runs it, to the exit status. */
  public Exit run(List<String> args) {
    CommandLine line;
    List<URI> nodes;
    try {
      line = CommandLine.read(args);
      nodes = nodes(line);
    } catch (CommandLine.Wrong e) {
      err.println("topiary: " + e.getMessage());
      return Exit.USAGE;
    }
    try {
      NodeLogin login = NodeLogin.of(line.login(), environment);
      for (URI node : nodes) {
        Optional<String> objection = login.objection(node);
        if (objection.isPresent()) {
          throw new BadConfig(objection.get());
        }
      }
      return ask(line, new NodeClient(nodes, login, line.json(), line.local()));
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.CONFIG;
    } catch (IOException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.UNREACHABLE;
    }
  }

  private List<URI> nodes(CommandLine line) throws CommandLine.Wrong {
    try {
      return NodeAddress.several(line.api(), environment);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.Wrong(e.getMessage());
    }
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
  }

  private Exit ask(CommandLine line, NodeClient node) throws IOException {
    Operation operation = line.operation();
    return switch (operation.kind()) {
      case QUERY -> {
        Map<String, String> query = new LinkedHashMap<>(line.arguments());
        query.putAll(colour(line));
        if (line.fresh()) {
          query.put("fresh", "true");
        }
        yield print(node.get(operation.name(), query));
      }
      case COMMAND -> {
        NodeClient.Answer answer =
            node.post(operation.name(), colour(line), json(line.arguments(), false));
        Optional<String> run = answer.header(V1Api.RUN_HEADER);
        yield run.isPresent() ? follow(line, node, answer, run.get()) : print(answer);
      }
      case INTENT -> intent(line, node);
    };
  }

  private Exit intent(CommandLine line, NodeClient node) throws IOException {
    if (line.json() && line.yes() && !line.dryRun()) {
      // By machine, unseen: one request, and the run to its end.
      NodeClient.Answer answer =
          node.post(line.operation().name(), colour(line), json(line.arguments(), false));
      Optional<String> run = answer.header(V1Api.RUN_HEADER);
      return run.isPresent() ? follow(line, node, answer, run.get()) : print(answer);
    }
    NodeClient.Answer shown =
        node.show(line.operation().name(), colour(line), json(line.arguments(), true));
    if (!shown.ok() || line.dryRun()) {
      return print(shown);
    }
    print(shown);
    if (!line.yes() && !approved()) {
      return Exit.FAILED;
    }
    String fingerprint = shown.header(V1Api.PLAN_HEADER).orElse("");
    NodeClient.Answer started =
        node.post("apply", colour(line), json(Map.of("plan", fingerprint), false));
    Optional<String> run = started.header(V1Api.RUN_HEADER);
    return run.isPresent() ? follow(line, node, started, run.get()) : print(started);
  }

  private boolean approved() throws IOException {
    if (!terminal) {
      err.println("topiary: nothing was done: nobody can be asked here. Say --yes, or --dry-run.");
      return false;
    }
    out.print("Run this plan? [y/N] ");
    out.flush();
    String answer = new BufferedReader(in).readLine();
    boolean yes = answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    if (!yes) {
      out.println("Nothing was done.");
    }
    return yes;
  }

  private Exit follow(CommandLine line, NodeClient node, NodeClient.Answer started, String run) {
    if (!line.json()) {
      out.print(started.body());
      out.flush();
    }
    try {
      return watch(line, node, run);
    } catch (IOException e) {
      err.println(
          "topiary: the node stopped answering while plan "
              + run
              + " was under way: "
              + e.getMessage()
              + ". When it is back, \"topiary run "
              + run
              + "\" tells what became of it; until then nobody goes on with it.");
      return Exit.UNREACHABLE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }

  private Exit watch(CommandLine line, NodeClient node, String run)
      throws IOException, InterruptedException {
    String version = "-1";
    String told = "0";
    long heard = System.nanoTime();
    while (true) {
      Map<String, String> query = new LinkedHashMap<>(colour(line));
      query.put("after", version);
      query.put("steps", told);
      query.put("wait", "10000");
      NodeClient.Answer news = node.get("runs/" + run, query);
      if (news.elsewhere() && System.nanoTime() - heard < PATIENCE_NANOS) {
        // Nobody leads for now; soon somebody will.
        Thread.sleep(GLANCE_MILLIS);
        continue;
      }
      if (news.status() == GONE) {
        return fromJournal(line, node, run);
      }
      if (!news.ok()) {
        return print(news);
      }
      heard = System.nanoTime();
      Optional<String> end = news.header(V1Api.END_HEADER);
      if (!line.json() || end.isPresent()) {
        out.print(news.body());
        out.flush();
      }
      if (end.isPresent()) {
        return end.get().equals(DONE) ? Exit.OK : Exit.FAILED;
      }
      version = news.header(V1Api.VERSION_HEADER).orElse(version);
      told = news.header(V1Api.STEPS_HEADER).orElse(told);
    }
  }

  /** Whoever ran the plan does not any more; what became of it is in every node's journal, soon. */
  private Exit fromJournal(CommandLine line, NodeClient node, String run)
      throws IOException, InterruptedException {
    err.println(
        "topiary: the node that ran plan "
            + run
            + " does so no more; this is what the journal tells of it:");
    long began = System.nanoTime();
    Map<String, String> query = new LinkedHashMap<>(colour(line));
    query.put("plan", run);
    while (true) {
      NodeClient.Answer record = node.get("run", query);
      Optional<String> end = record.header(V1Api.END_HEADER);
      boolean known = end.isPresent() || record.status() == GONE;
      if (known || System.nanoTime() - began > PATIENCE_NANOS) {
        Exit printed = print(record);
        return printed == Exit.OK && !end.equals(Optional.of(DONE)) ? Exit.FAILED : printed;
      }
      Thread.sleep(GLANCE_MILLIS);
    }
  }

  private Exit print(NodeClient.Answer answer) {
    if (answer.ok()) {
      out.print(answer.body());
      out.flush();
      return Exit.OK;
    }
    err.print(
        answer.body().isEmpty() ? "topiary: status " + answer.status() + "\n" : answer.body());
    err.flush();
    return switch (answer.status()) {
      case 409 -> Exit.CHANGED;
      // Whether it was done is not known; nor would it be had this node been lost.
      case 504 -> Exit.UNREACHABLE;
      default -> Exit.FAILED;
    };
  }

  private Map<String, String> colour(CommandLine line) {
    boolean wanted = terminal && line.colour() && !line.json() && variable("NO_COLOR").isEmpty();
    return wanted ? Map.of("colour", "yes") : Map.of();
  }

  /** A flat object of texts; a whole JSON library would cost a quarter of the call's time. */
  private static String json(Map<String, String> values, boolean dryRun) {
    var text = new StringBuilder("{");
    values.forEach(
        (name, value) -> text.append(quoted(name)).append(':').append(quoted(value)).append(','));
    if (dryRun) {
      text.append("\"dryRun\":true,");
    }
    if (text.length() > 1) {
      text.setLength(text.length() - 1);
    }
    return text.append('}').toString();
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
