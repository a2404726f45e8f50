package topiary.engine.planner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;

/** Plans for a server's semi-sync, binary logs and statements; none moves a replica. */
final class UpkeepPlanner {

  /** A log file: what all of a server's have in common, and its number. */
  private static final Pattern LOG = Pattern.compile("(.+)\\.(\\d{6,18})");

  private static final String LATEST = "latest";

  Plan semiSync(World world, InstanceKey key, Doing.SemiSync wanted) {
    Sight server = Sight.of(world.topology(), key);
    SemiSync has = server.facts().semiSync();
    boolean source = wanted.side() == Doing.Side.SOURCE;
    if (!(source ? has.source().available() : has.replica().available())) {
      throw new Refusal(
          key
              + " has no semi-sync as a "
              + wanted.side().words()
              + ": its plugin has to be installed first");
    }
    boolean set = (source ? has.source().enabled() : has.replica().enabled()) == wanted.on();
    // A replica tells its source when it connects whether it acknowledges; what an interrupted plan
    // of ours has left standing is to connect, too.
    List<Channel> connecting =
        source
            ? List.of()
            : server.facts().channels().stream()
                .filter(c -> world.toRun(key, c).filter(Threads::io).isPresent())
                .filter(c -> !set || c.io() == ThreadState.STOPPED)
                .toList();
    if (set && connecting.isEmpty()) {
      throw new Refusal(
          "semi-sync on "
              + key
              + " as a "
              + wanted.side().words()
              + " is "
              + (wanted.on() ? "on" : "off")
              + " already");
    }
    Field field = source ? Field.SEMI_SYNC_SOURCE : Field.SEMI_SYNC_REPLICA;
    List<Basis> read =
        server.now(Field.CONDITION, Field.SERVER_ID, field, Field.SOURCE, Field.IO_THREAD);
    // It is stopped before and not after: what stands still then has yet to connect.
    var steps = new ArrayList<Step>();
    connecting.stream()
        .filter(c -> c.io() != ThreadState.STOPPED)
        .forEach(c -> steps.add(new Step.StopReplication(key, c.name(), Threads.IO)));
    if (!set) {
      steps.add(new Step.SetSemiSync(key, wanted.side(), has.sourceWords(), wanted.on()));
    }
    List<Step> lastly =
        connecting.stream()
            .<Step>map(c -> new Step.StartReplication(key, c.name(), Threads.IO))
            .toList();
    steps.addAll(lastly);
    var left = new ArrayList<>(server.identity());
    left.add(new Basis(key, field, wanted.on() ? "on" : "off"));
    return new Plan(
        new Intent.OnServer(key, wanted),
        List.of(new Stage(sentence(wanted.words(key.toString())), read, steps, lastly)),
        read,
        List.of(
            key
                + (source ? " waits for acknowledgements: " : " acknowledges what it receives: ")
                + (wanted.on() ? "yes" : "no")),
        semiSyncWarnings(server, wanted, has),
        new Undoing(
            new Intent.OnServer(key, new Doing.SemiSync(wanted.side(), !wanted.on())), left));
  }

  private static List<String> semiSyncWarnings(Sight server, Doing.SemiSync wanted, SemiSync has) {
    boolean head = server.facts().primaryChannel().isEmpty();
    if (wanted.side() == Doing.Side.SOURCE && head) {
      if (!wanted.on()) {
        return List.of("what " + server.key() + " commits may then be lost with it");
      }
      if (has.source().clients() < has.source().waitFor()) {
        return List.of(
            has.source().clients()
                + " of the "
                + has.source().waitFor()
                + " replicas it would wait for are connected with semi-sync: commits would wait"
                + " for up to "
                + has.source().timeoutMillis()
                + " ms");
      }
    }
    return List.of();
  }

  Plan flush(World world, InstanceKey key, Doing.FlushLogs wanted) {
    Sight server = logging(world, key);
    List<Basis> read = server.now(Field.CONDITION, Field.SERVER_ID, Field.LOG_BIN);
    return new Plan(
        new Intent.OnServer(key, wanted),
        List.of(
            new Stage(
                sentence(wanted.words(key.toString())),
                read,
                Collections.nCopies(wanted.times(), new Step.FlushLogs(key)),
                List.of())),
        read,
        List.of(key + " writes a new binary log file"),
        List.of(),
        none("a log file that was begun stays"));
  }

  Plan purge(World world, InstanceKey key, Doing.PurgeLogs wanted) {
    Sight server = logging(world, key);
    String current = server.facts().positions().logEnd().file();
    String file = wanted.file().equals(LATEST) ? current : wanted.file();
    long upTo = number(file, current);
    if (upTo > number(current, current)) {
      throw new Refusal(key + " writes " + current + ", so it has no " + file);
    }
    var warnings = new ArrayList<String>();
    for (InstanceKey replica : world.topology().replicasOf(key)) {
      needs(world.topology(), replica, key, upTo, current)
          .ifPresent(
              why -> {
                if (!wanted.force()) {
                  throw new Refusal(
                      why
                          + "; with force the logs are deleted all the same, and it has to be made"
                          + " anew");
                }
                warnings.add(why);
              });
    }
    List<Basis> read = server.now(Field.CONDITION, Field.SERVER_ID, Field.LOG_BIN);
    return new Plan(
        new Intent.OnServer(key, wanted),
        List.of(
            new Stage(
                sentence(wanted.words(key.toString())),
                read,
                List.of(new Step.PurgeLogs(key, file)),
                List.of())),
        read,
        List.of("the oldest binary log of " + key + " is " + file),
        warnings,
        none("what is deleted is gone"));
  }

  /** Why a replica needs a log before this one; empty when it does not. */
  private static Optional<String> needs(
      Topology topology, InstanceKey replica, InstanceKey source, long upTo, String current) {
    Optional<Instance> seen = topology.instance(replica).filter(Instance::seen);
    Optional<Channel> channel =
        seen.flatMap(Instance::facts)
            .flatMap(f -> f.channels().stream().filter(c -> c.source().equals(source)).findFirst());
    if (channel.isEmpty()) {
      return Optional.of(
          replica + " replicates from it and cannot be seen: it may need what would be deleted");
    }
    String executed = channel.get().progress().executed().file();
    Optional<Long> at = numberOf(executed, current);
    return at.isPresent() && at.get() >= upTo
        ? Optional.empty()
        : Optional.of(
            replica
                + (executed.isEmpty()
                    ? " does not tell how far it has come"
                    : " has come to " + executed + " only"));
  }

  Plan kill(World world, InstanceKey key, Doing.KillQuery wanted) {
    Sight server = Sight.of(world.topology(), key);
    List<Basis> read = server.now(Field.CONDITION, Field.SERVER_ID);
    return new Plan(
        new Intent.OnServer(key, wanted),
        List.of(
            new Stage(
                sentence(wanted.words(key.toString())),
                read,
                List.of(new Step.KillQuery(key, wanted.connection())),
                List.of())),
        read,
        List.of("the statement has ended, and its transaction with it if it was alone"),
        List.of(),
        none("whoever sent the statement has to send it again"));
  }

  private static Sight logging(World world, InstanceKey key) {
    Sight server = Sight.of(world.topology(), key);
    if (!server.facts().settings().logBin()) {
      throw new Refusal(key + " writes no binary log");
    }
    if (server.facts().positions().logEnd().file().isEmpty()) {
      throw new Refusal(key + " does not tell which binary log it writes");
    }
    return server;
  }

  private static long number(String file, String like) {
    return numberOf(file, like)
        .orElseThrow(
            () ->
                new Refusal(
                    "\""
                        + file
                        + "\" is not called as the binary logs are, of which "
                        + like
                        + " is one"));
  }

  private static Optional<Long> numberOf(String file, String like) {
    Matcher its = LOG.matcher(file);
    Matcher current = LOG.matcher(like);
    return its.matches() && current.matches() && its.group(1).equals(current.group(1))
        ? Optional.of(Long.valueOf(its.group(2)))
        : Optional.empty();
  }

  static Undoing none(String why) {
    return new Undoing(new Intent.CannotBeUndone(why), List.of());
  }

  static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
