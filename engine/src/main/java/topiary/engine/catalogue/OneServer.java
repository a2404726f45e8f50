package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.Type.NUMBER;
import static topiary.engine.catalogue.Argument.Type.SWITCH;
import static topiary.engine.catalogue.Argument.Type.TEXT;
import static topiary.engine.catalogue.Argument.option;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.INTENT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.intent.Doing;

/** The operations on one server alone, each with the {@link Doing} it is and back again. */
public final class OneServer {

  private static final Argument REPLICA = required("instance", INSTANCE, "the replica");
  private static final Argument SERVER = required("instance", INSTANCE, "the server");

  /** Longer than any delay makes sense: ten years, in seconds. */
  private static final int LONGEST_DELAY = 315_360_000;

  public static final Operation RESTART =
      intent(
          "restart-replication",
          "Stop replication on a replica and start it again",
          REPLICA,
          Argument.CHANNEL);

  public static final Operation RECONNECT =
      intent(
          "reconnect-replica",
          "Stop receiving on a replica and start it again, while it goes on to apply",
          REPLICA,
          Argument.CHANNEL);

  public static final Operation STOP_NICELY =
      intent(
          "stop-replication-nicely",
          "Stop replication on a replica once it has applied all it received",
          REPLICA,
          Argument.CHANNEL);

  public static final Operation RESET =
      intent("reset-replica", "Make a replica forget its source", REPLICA, Argument.CHANNEL);

  public static final Operation SKIP =
      intent(
          "skip-transaction",
          "Skip the transaction a replica has failed at",
          REPLICA,
          Argument.CHANNEL);

  public static final Operation DELAY =
      intent(
          "delay-replication",
          "Hold a replica back on purpose",
          REPLICA,
          required("seconds", NUMBER, "by so many; 0 for not at all"),
          Argument.CHANNEL);

  public static final Operation ENABLE_GTID =
      intent("enable-gtid", "Let a replica find its place by GTID", REPLICA, Argument.CHANNEL);

  public static final Operation DISABLE_GTID =
      intent(
          "disable-gtid",
          "Let a replica find its place by file and position",
          REPLICA,
          Argument.CHANNEL);

  public static final Operation ENABLE_SEMI_SYNC_SOURCE =
      intent("enable-semi-sync-source", "Have commits wait for acknowledgements", SERVER);

  public static final Operation DISABLE_SEMI_SYNC_SOURCE =
      intent("disable-semi-sync-source", "Have commits wait for nobody", SERVER);

  public static final Operation ENABLE_SEMI_SYNC_REPLICA =
      intent("enable-semi-sync-replica", "Have a replica acknowledge what it receives", REPLICA);

  public static final Operation DISABLE_SEMI_SYNC_REPLICA =
      intent("disable-semi-sync-replica", "Have a replica acknowledge nothing", REPLICA);

  public static final Operation INJECT_EMPTY =
      intent(
          "inject-empty-transactions",
          "Have everybody count a replica's errant transactions as executed",
          REPLICA);

  public static final Operation FORGET_ERRANT =
      intent(
          "forget-errant-transactions",
          "Make a replica forget its errant transactions, with its binary logs",
          REPLICA);

  public static final Operation FLUSH_LOGS =
      intent(
          "flush-binary-logs",
          "Begin a new binary log file",
          SERVER,
          option("times", NUMBER, false, "so many, one after the other; 1 when left out"));

  public static final Operation PURGE_LOGS =
      intent(
          "purge-binary-logs",
          "Delete binary logs that no replica needs any more",
          SERVER,
          required("file", TEXT, "the first that stays; latest for the present one"),
          option("force", SWITCH, false, "whoever needs them"));

  public static final Operation KILL_QUERY =
      intent(
          "kill-query",
          "End a statement that runs",
          SERVER,
          required("connection", NUMBER, "whose, by the id the server gives it"));

  public static final Operation DETACH =
      intent(
          "detach-replica",
          "Keep a replica from connecting to its source, while it applies what it received",
          REPLICA,
          Argument.CHANNEL);

  public static final Operation REATTACH =
      intent(
          "reattach-replica",
          "Let a detached replica connect to its source again",
          REPLICA,
          Argument.CHANNEL);

  public static final List<Operation> ALL =
      List.of(
          RESTART,
          RECONNECT,
          STOP_NICELY,
          RESET,
          SKIP,
          DELAY,
          ENABLE_GTID,
          DISABLE_GTID,
          ENABLE_SEMI_SYNC_SOURCE,
          DISABLE_SEMI_SYNC_SOURCE,
          ENABLE_SEMI_SYNC_REPLICA,
          DISABLE_SEMI_SYNC_REPLICA,
          INJECT_EMPTY,
          FORGET_ERRANT,
          FLUSH_LOGS,
          PURGE_LOGS,
          KILL_QUERY,
          DETACH,
          REATTACH);

  private OneServer() {}

  private static Operation intent(String name, String help, Argument server, Argument... more) {
    var arguments = new ArrayList<Argument>();
    arguments.add(server);
    arguments.addAll(List.of(more));
    return new Operation(name, INTENT, help, arguments);
  }

  /**
   * What a call of one of these operations is; empty for any other operation.
   *
   * @throws BadArgument when an argument is not what it should be
   */
  static Optional<Doing> doing(Operation operation, Arguments with) throws BadArgument {
    if (!ALL.contains(operation)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (operation.name()) {
          case "restart-replication" -> new Doing.Restart();
          case "reconnect-replica" -> new Doing.Reconnect();
          case "stop-replication-nicely" -> new Doing.StopNicely();
          case "reset-replica" -> new Doing.Reset();
          case "skip-transaction" -> new Doing.SkipTransaction();
          case "delay-replication" -> new Doing.Delay(with.number("seconds", 0, LONGEST_DELAY));
          case "enable-gtid" -> new Doing.UseGtid(true);
          case "disable-gtid" -> new Doing.UseGtid(false);
          case "enable-semi-sync-source" -> new Doing.SemiSync(Doing.Side.SOURCE, true);
          case "disable-semi-sync-source" -> new Doing.SemiSync(Doing.Side.SOURCE, false);
          case "enable-semi-sync-replica" -> new Doing.SemiSync(Doing.Side.REPLICA, true);
          case "disable-semi-sync-replica" -> new Doing.SemiSync(Doing.Side.REPLICA, false);
          case "inject-empty-transactions" -> new Doing.InjectEmpty();
          case "forget-errant-transactions" -> new Doing.ForgetErrant();
          case "flush-binary-logs" -> new Doing.FlushLogs(times(with));
          case "purge-binary-logs" ->
              new Doing.PurgeLogs(with.text("file").orElseThrow(), with.on("force"));
          case "kill-query" -> new Doing.KillQuery(with.number("connection", 0, Integer.MAX_VALUE));
          case "detach-replica" -> new Doing.Detach();
          case "reattach-replica" -> new Doing.Reattach();
          default -> throw new IllegalStateException("not bound: " + operation.name());
        });
  }

  private static int times(Arguments with) throws BadArgument {
    int times = with.number("times", 1, Doing.FlushLogs.MOST);
    if (times == 0) {
      throw new BadArgument("times is a whole number from 1 to " + Doing.FlushLogs.MOST);
    }
    return times;
  }

  /** The operation that a doing is. */
  public static Operation operation(Doing doing) {
    return switch (doing) {
      case Doing.Restart d -> RESTART;
      case Doing.Reconnect d -> RECONNECT;
      case Doing.StopNicely d -> STOP_NICELY;
      case Doing.Reset d -> RESET;
      case Doing.SkipTransaction d -> SKIP;
      case Doing.Delay d -> DELAY;
      case Doing.UseGtid(boolean on) -> on ? ENABLE_GTID : DISABLE_GTID;
      case Doing.SemiSync(var side, boolean on) ->
          side == Doing.Side.SOURCE
              ? on ? ENABLE_SEMI_SYNC_SOURCE : DISABLE_SEMI_SYNC_SOURCE
              : on ? ENABLE_SEMI_SYNC_REPLICA : DISABLE_SEMI_SYNC_REPLICA;
      case Doing.InjectEmpty d -> INJECT_EMPTY;
      case Doing.ForgetErrant d -> FORGET_ERRANT;
      case Doing.FlushLogs d -> FLUSH_LOGS;
      case Doing.PurgeLogs d -> PURGE_LOGS;
      case Doing.KillQuery d -> KILL_QUERY;
      case Doing.Detach d -> DETACH;
      case Doing.Reattach d -> REATTACH;
    };
  }

  /** The arguments of that operation, its server aside. */
  public static Map<String, String> arguments(Doing doing) {
    var arguments = new LinkedHashMap<String, String>();
    switch (doing) {
      case Doing.Delay(int seconds) -> arguments.put("seconds", Integer.toString(seconds));
      case Doing.FlushLogs(int times) -> arguments.put("times", Integer.toString(times));
      case Doing.PurgeLogs(String file, boolean force) -> {
        arguments.put("file", file);
        if (force) {
          arguments.put("force", "true");
        }
      }
      case Doing.KillQuery(long connection) ->
          arguments.put("connection", Long.toString(connection));
      case Doing.Restart d -> {}
      case Doing.Reconnect d -> {}
      case Doing.StopNicely d -> {}
      case Doing.Reset d -> {}
      case Doing.SkipTransaction d -> {}
      case Doing.InjectEmpty d -> {}
      case Doing.ForgetErrant d -> {}
      case Doing.UseGtid d -> {}
      case Doing.SemiSync d -> {}
      case Doing.Detach d -> {}
      case Doing.Reattach d -> {}
    }
    return arguments;
  }
}
