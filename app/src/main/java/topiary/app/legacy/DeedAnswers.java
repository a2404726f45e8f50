package topiary.app.legacy;

import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import topiary.engine.execute.Outcome;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Way;
import topiary.engine.manager.By;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.state.PlanEnd;

/** What is done on request: planned, run, waited for, and looked at afterwards. */
final class DeedAnswers {

  private static final System.Logger LOG = System.getLogger(DeedAnswers.class.getName());

  private final Fleetview fleet;
  private final Supplier<Picture> now;
  private final Executor background;

  DeedAnswers(Fleetview fleet, Supplier<Picture> now, Executor background) {
    this.fleet = fleet;
    this.now = now;
    this.background = background;
  }

  Answer relocate(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = server(call);
    InstanceKey below = below(call);
    return relocate(call, new Intent.Relocate(key, below), key, below);
  }

  /** One that goes by file and position uses GTID from then on, as with orchestrator. */
  Answer relocateByGtid(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = server(call);
    InstanceKey below = below(call);
    var move = new Intent.Relocate(key, below);
    return relocate(call, new Intent.RelocateBy(move, Way.GTID), key, below);
  }

  private Answer relocate(Call call, Intent wanted, InstanceKey key, InstanceKey below)
      throws Trouble, RequestRefused, InterruptedException {
    return carriedOut(
        key,
        wanted,
        i -> isBelow(i, below),
        "Instance " + Text.of(key) + " relocated below " + Text.of(below),
        call.by());
  }

  Answer start(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = server(call);
    return carriedOut(
        key,
        new Intent.StartReplication(key, Threads.BOTH),
        i -> attached(i) && bothThreads(i, state -> state != ThreadState.STOPPED),
        "Replica started: " + Text.of(key),
        call.by());
  }

  Answer stop(Call call) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = server(call);
    return carriedOut(
        key,
        new Intent.StopReplication(key, Threads.BOTH),
        i -> bothThreads(i, state -> state == ThreadState.STOPPED),
        "Replica stopped: " + Text.of(key),
        call.by());
  }

  Answer readOnly(Call call, boolean wanted) throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = server(call);
    return carriedOut(
        key,
        new Intent.SetReadOnly(key, wanted),
        i -> i.facts().filter(f -> f.settings().readOnly() == wanted).isPresent(),
        "Server set as " + (wanted ? "read-only" : "writeable"),
        call.by());
  }

  Answer restart(Call call) throws Trouble, RequestRefused, InterruptedException {
    return on(call, new Doing.Restart(), "Replica restarted: ");
  }

  Answer stopNicely(Call call) throws Trouble, RequestRefused, InterruptedException {
    return on(call, new Doing.StopNicely(), "Replica stopped nicely: ");
  }

  Answer reset(Call call) throws Trouble, RequestRefused, InterruptedException {
    return on(call, new Doing.Reset(), "Replica reset: ");
  }

  Answer detach(Call call) throws Trouble, RequestRefused, InterruptedException {
    return on(call, new Doing.Detach(), "Replica detached: ");
  }

  Answer reattach(Call call) throws Trouble, RequestRefused, InterruptedException {
    return on(call, new Doing.Reattach(), "Replica reattached: ");
  }

  /** What is done with one server alone. */
  Answer on(Call call, Doing doing, String message)
      throws Trouble, RequestRefused, InterruptedException {
    InstanceKey key = server(call);
    done(key, doing, call.by());
    return Answer.ok(message + Text.of(key), InstanceJson.of(seen(key)));
  }

  private void done(InstanceKey key, Doing doing, By by)
      throws Trouble, RequestRefused, InterruptedException {
    carryOut(key, new Intent.OnServer(key, doing), i -> isSo(i, doing), by);
  }

  Answer semiSync(Call call, Doing.Side side, boolean on)
      throws Trouble, RequestRefused, InterruptedException {
    String what = "Semi-sync " + (on ? "enabled" : "disabled") + " on " + side.words() + ": ";
    return on(call, new Doing.SemiSync(side, on), what);
  }

  Answer delay(Call call) throws Trouble, RequestRefused, InterruptedException {
    int seconds = (int) number(call.path("seconds"), "seconds", Integer.MAX_VALUE);
    InstanceKey key = server(call);
    done(key, new Doing.Delay(seconds), call.by());
    return Answer.ok("Replication delayed: " + Text.of(key), seconds);
  }

  Answer purge(Call call) throws Trouble, RequestRefused, InterruptedException {
    boolean force = "true".equals(call.query().get("force"));
    return on(call, new Doing.PurgeLogs(call.path("logFile"), force), "Binary logs purged on: ");
  }

  Answer kill(Call call) throws Trouble, RequestRefused, InterruptedException {
    long connection = number(call.path("process"), "process", Long.MAX_VALUE);
    return on(call, new Doing.KillQuery(connection), "Query killed on : ");
  }

  private static long number(String text, String what, long most) throws Trouble {
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Trouble(what + " is not a number: " + text, e);
    }
    throw new Trouble(what + " is not a number from 0 to " + most + ": " + text);
  }

  /** Whether a server is so already as a doing would make it; not, where that leaves no trace. */
  private static boolean isSo(Instance i, Doing doing) {
    return switch (doing) {
      case Doing.StopNicely d -> bothThreads(i, state -> state == ThreadState.STOPPED);
      case Doing.Delay(int seconds) ->
          i.primaryChannel().filter(c -> c.delaySeconds() == seconds).isPresent();
      case Doing.UseGtid(boolean on) ->
          i.primaryChannel().filter(c -> (c.gtid() != GtidUse.NONE) == on).isPresent();
      case Doing.SemiSync(var side, boolean on) ->
          i.facts()
              .map(f -> f.semiSync())
              .filter(
                  s ->
                      side == Doing.Side.SOURCE
                          ? s.source().available() && s.source().enabled() == on
                          : s.replica().available() && s.replica().enabled() == on)
              .isPresent();
      case Doing.Restart d -> false;
      case Doing.Reconnect d -> false;
      case Doing.Reset d -> false;
      case Doing.SkipTransaction d -> false;
      case Doing.InjectEmpty d -> false;
      case Doing.ForgetErrant d -> false;
      case Doing.FlushLogs d -> false;
      case Doing.PurgeLogs d -> false;
      case Doing.KillQuery d -> false;
      // orchestrator says, too, that it is so already.
      case Doing.Detach d -> false;
      case Doing.Reattach d -> false;
    };
  }

  private static boolean bothThreads(Instance i, Predicate<ThreadState> test) {
    return i.facts()
        .filter(f -> f.channels().size() == 1)
        .filter(f -> test.test(f.channels().getFirst().io()))
        .filter(f -> test.test(f.channels().getFirst().sql()))
        .isPresent();
  }

  private static boolean attached(Instance i) {
    return i.primaryChannel().filter(Channel::detached).isEmpty();
  }

  boolean isBelow(Instance i, InstanceKey source) {
    return i.source().filter(source::equals).isPresent()
        && attached(i)
        && fleet.topology().instance(source).filter(Instance::seen).isPresent();
  }

  /** Does it, and answers with the server as it is afterwards. */
  Answer carriedOut(InstanceKey key, Intent intent, Predicate<Instance> so, String message, By by)
      throws Trouble, RequestRefused, InterruptedException {
    carryOut(key, intent, so, by);
    return Answer.ok(message, InstanceJson.of(seen(key)));
  }

  private void carryOut(InstanceKey key, Intent intent, Predicate<Instance> so, By by)
      throws Trouble, RequestRefused, InterruptedException {
    try {
      Outcome outcome = fleet.carryOut(intent, by);
      if (outcome.end() != PlanEnd.DONE) {
        throw new Trouble(outcome.report());
      }
    } catch (RequestRefused refused) {
      // There is no plan for what is so already; orchestrator, which does it again, says OK. The
      // refusal rests on a fresh look, so this does too.
      if (refused.kind() != RequestRefused.Kind.REFUSED || !stands(key, so)) {
        throw refused;
      }
    }
    fleet.refresh(key);
  }

  private boolean stands(InstanceKey key, Predicate<Instance> so) {
    return fleet.topology().instance(key).filter(Instance::seen).filter(so).isPresent();
  }

  /** Whether a plan to move it there exists. */
  Answer canReplicateFrom(Call call) throws Trouble, RequestRefused {
    InstanceKey key = server(call);
    InstanceKey below = below(call);
    PlanResult result = fleet.plan(new Intent.Relocate(key, below));
    if (result instanceof PlanResult.Refused(String reason)
        && !stands(key, i -> isBelow(i, below))) {
      throw new Trouble(reason);
    }
    return Answer.ok("true", Json.key(below));
  }

  /**
   * Looks at a server and takes it in. The address is taken as it was given: with orchestrator's
   * guessing, {@code db1} could never be discovered once {@code db10} is known.
   */
  Answer discover(Call call) throws Trouble, RequestRefused {
    Instance found = fleet.discover(exactly(call), call.by());
    return Answer.ok(
        "Instance discovered: " + Text.of(found.key()), InstanceJson.of(seen(found.key())));
  }

  Answer asyncDiscover(Call call) throws Trouble {
    InstanceKey key = exactly(call);
    background.execute(
        () -> {
          try {
            fleet.discover(key, call.by());
          } catch (RequestRefused e) {
            // A server that cannot be reached is no fault of ours, whose trace would be wanted.
            LOG.log(
                System.Logger.Level.WARNING,
                Text.of(key) + " was not discovered: " + e.getMessage());
          }
        });
    return Answer.ok("Asynchronous discovery initiated for Instance: " + Text.of(key), null);
  }

  Answer refresh(Call call) throws Trouble, RequestRefused {
    Picture picture = now.get();
    InstanceKey key = InstanceAnswers.known(picture, call).key();
    fleet.refresh(key);
    Instance after = seen(key).instance();
    if (!after.seen()) {
      throw new Trouble(
          Text.of(key)
              + " is "
              + after.condition().words()
              + (after.sentence().isEmpty() ? "" : ": " + after.sentence()));
    }
    return Answer.ok("Instance refreshed: " + Text.of(key), Json.key(key));
  }

  Answer forget(Call call) throws Trouble, RequestRefused {
    InstanceKey key = exactly(call);
    fleet.forget(key, call.by());
    return Answer.ok("Instance forgotten: " + Text.of(key), Json.key(key));
  }

  LegacyInstance seen(InstanceKey key) throws Trouble {
    return now.get()
        .instance(key)
        .orElseThrow(() -> new Trouble(Text.of(key) + " was forgotten in the meantime"));
  }

  private static InstanceKey exactly(Call call) throws Trouble {
    return Hints.exactly(call.path("host"), call.path("port"));
  }

  InstanceKey server(Call call) throws Trouble {
    return InstanceAnswers.known(now.get(), call).key();
  }

  InstanceKey below(Call call) throws Trouble {
    return other(call, "below");
  }

  /** A second server that a path names. */
  InstanceKey other(Call call, String which) throws Trouble {
    Picture picture = now.get();
    InstanceKey other = Hints.server(picture, call.path(which + "Host"), call.path(which + "Port"));
    if (!picture.knows(other)) {
      throw new Trouble("Cannot read instance: " + Text.of(other));
    }
    return other;
  }
}
