package topiary.engine.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Events;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.model.Threads;

/** One deed on one server, as data; {@code dialect} knows its SQL. */
public sealed interface Step {

  /** The server it is done on. */
  InstanceKey target();

  /** In words, for people. */
  String words();

  private static String by(String channel) {
    return channel.isEmpty() ? "" : ", " + Intent.OnChannel.words(channel);
  }

  /** Whether it changes its server; one that only looks or waits does not. */
  default boolean changes() {
    return switch (this) {
      case StopReplication s -> true;
      case StartReplication s -> true;
      case TryConnect s -> true;
      case PointAt s -> true;
      case SetReadOnly s -> true;
      case QuietDown s -> true;
      case PointAtFile s -> true;
      case ApplyPending s -> true;
      case ForgetSource s -> true;
      case SetDelay s -> true;
      case SetSemiSync s -> true;
      case SkipTransaction s -> true;
      case InjectEmpty s -> true;
      case ForgetTransactions s -> true;
      case FlushLogs s -> true;
      case PurgeLogs s -> true;
      case KillQuery s -> true;
      case Detach s -> true;
      case DetachAtFile s -> true;
      case Attach s -> true;
      case Follow s -> true;
      case FollowAtFile s -> true;
      case AwaitLoggedOf s -> false;
      case PointAtPlace s -> true;
      case ReadCoordinates s -> false;
      case AwaitDrained s -> false;
      case ReadExecuted s -> false;
      case ReadLogged s -> false;
      case AwaitLogged s -> false;
      case ReadPending s -> false;
      case AwaitSendable s -> false;
      case AwaitReplicating s -> false;
      case ApplyUpTo s -> true;
      case PointBack s -> true;
      case ReadLogEnd s -> false;
      case ReadReceived s -> false;
      case NotePlace s -> false;
      case DisableEvents s -> true;
      case EnableEvents s -> true;
      case AwaitPlace s -> false;
    };
  }

  /**
   * Stop threads of a channel. Done when they stand still.
   *
   * @param target on this server
   * @param channel of this channel
   * @param threads which
   */
  record StopReplication(InstanceKey target, String channel, Threads threads) implements Step {
    @Override
    public String words() {
      return "stop " + threads.words() + " on " + target + by(channel);
    }
  }

  /**
   * Start threads of a channel.
   *
   * @param target on this server
   * @param channel of this channel
   * @param threads which
   */
  record StartReplication(InstanceKey target, String channel, Threads threads) implements Step {
    @Override
    public String words() {
      return "start " + threads.words() + " on " + target + by(channel);
    }
  }

  /**
   * Start the receiving thread of a channel, which is to find out soon whether its source takes it:
   * where a server cannot stop a thread that connects, it gives up connecting after this time, and
   * not after the server's own. It tries again as often as it always does.
   *
   * @param target on this server
   * @param channel of this channel
   * @param limit for so long it tries to connect, in whole seconds, one or more
   */
  record TryConnect(InstanceKey target, String channel, Duration limit) implements Step {
    @Override
    public String words() {
      return "start receiving on "
          + target
          + by(channel)
          + ", trying to connect for "
          + limit.toSeconds()
          + " s at a time";
    }
  }

  /**
   * Wait until a replica has applied all it has received, so that nothing received is thrown away.
   *
   * @param target this replica, its receiving thread stopped and its applying thread running
   * @param channel of this channel
   * @param limit at most so long
   */
  record AwaitDrained(InstanceKey target, String channel, Duration limit) implements Step {
    @Override
    public String words() {
      return "wait until "
          + target
          + " has applied all it received, at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Note how far a stopped replica has executed.
   *
   * @param target this replica
   * @param into where it is noted
   */
  record ReadExecuted(InstanceKey target, Slot<Slot.Kind.Executed> into) implements Step {
    @Override
    public String words() {
      return "note how far " + target + " has executed";
    }
  }

  /**
   * Note all that a server has logged: what it has written itself, too, which MariaDB does not
   * count among what a replica has executed.
   *
   * @param target this server
   * @param into where it is noted
   */
  record ReadLogged(InstanceKey target, Slot<Slot.Kind.Executed> into) implements Step {
    @Override
    public String words() {
      return "note all that " + target + " has logged";
    }
  }

  /**
   * Wait until a server has logged all that another has executed, so that it can serve it.
   *
   * @param target the server that must have it
   * @param position the noted position
   * @param limit at most so long
   */
  record AwaitLogged(InstanceKey target, Slot<Slot.Kind.Executed> position, Duration limit)
      implements Step {
    @Override
    public String words() {
      return "wait until "
          + target
          + " has logged the position noted for "
          + position.name()
          + ", at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Wait until a server has logged what another has executed in some of MariaDB's domains; what
   * that has of other domains, it has from elsewhere.
   *
   * @param target the server that must have it
   * @param position the noted position
   * @param domains these
   * @param limit at most so long
   */
  record AwaitLoggedOf(
      InstanceKey target, Slot<Slot.Kind.Executed> position, List<Long> domains, Duration limit)
      implements Step {
    public AwaitLoggedOf {
      domains = List.copyOf(domains);
    }

    @Override
    public String words() {
      return "wait until "
          + target
          + " has logged the position noted for "
          + position.name()
          + " in its domains "
          + domains.stream().map(d -> Long.toString(d)).collect(Collectors.joining(", "))
          + ", at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Note what a stopped replica has received and not applied.
   *
   * @param target this replica
   * @param channel of this channel
   * @param into where it is noted
   */
  record ReadPending(InstanceKey target, String channel, Slot<Slot.Kind.Pending> into)
      implements Step {
    @Override
    public String words() {
      return "note what " + target + " has received and not applied";
    }
  }

  /**
   * Have a stopped replica apply what it has received, and stop again.
   *
   * @param target this replica
   * @param channel of this channel
   * @param pending the noted transactions
   * @param limit at most so long
   */
  record ApplyPending(
      InstanceKey target, String channel, Slot<Slot.Kind.Pending> pending, Duration limit)
      implements Step {
    @Override
    public String words() {
      return "have "
          + target
          + " apply what it has received, and no more, at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Wait until a server can send all that a replica has received and not applied, so that nothing
   * is lost when the replica forgets it.
   *
   * @param target the server that must have it
   * @param pending the noted transactions
   * @param limit at most so long
   */
  record AwaitSendable(InstanceKey target, Slot<Slot.Kind.Pending> pending, Duration limit)
      implements Step {
    @Override
    public String words() {
      return "wait until "
          + target
          + " has what "
          + pending.name()
          + " has received and not applied, at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Point a stopped replica at a source.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source the new source
   * @param gtid how it finds its place there
   */
  record PointAt(InstanceKey target, String channel, InstanceKey source, GtidUse gtid)
      implements Step {
    @Override
    public String words() {
      return "point " + target + " at " + source + by(channel);
    }
  }

  /**
   * Wait until a replica receives from a source and applies.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source the source it must be connected to
   * @param limit at most so long
   */
  record AwaitReplicating(InstanceKey target, String channel, InstanceKey source, Duration limit)
      implements Step {
    @Override
    public String words() {
      return "wait until "
          + target
          + " replicates from "
          + source
          + ", at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Let a server refuse writes, or take them.
   *
   * @param target this server
   * @param readOnly whether it refuses
   */
  record SetReadOnly(InstanceKey target, boolean readOnly) implements Step {
    @Override
    public String words() {
      return "make " + target + (readOnly ? " read-only" : " writeable");
    }
  }

  /**
   * Let a server refuse writes. While it waits for what is under way there, nobody writes, so it
   * does not wait for long: when the time is over everything is as it was.
   *
   * @param target this server
   * @param limit at most so long, at least a second
   * @param ending whether what keeps it from that is ended, half-way, and whoever is connected then
   *     is disconnected: but for replicas, the server's own threads, and Topiary
   */
  record QuietDown(InstanceKey target, Duration limit, boolean ending) implements Step {
    @Override
    public String words() {
      return "make "
          + target
          + " read-only within "
          + limit.toSeconds()
          + " s"
          + (ending ? ", ending statements that are in the way and disconnecting its clients" : "");
    }
  }

  /**
   * Note how far a stopped replica has executed in its source's log.
   *
   * @param target this replica
   * @param channel of this channel
   * @param into where it is noted
   */
  record ReadCoordinates(InstanceKey target, String channel, Slot<Slot.Kind.Coordinates> into)
      implements Step {
    @Override
    public String words() {
      return "note how far " + target + " has executed in the log of its source";
    }
  }

  /**
   * Point a stopped replica at a source, by file and position.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source the source
   * @param at the noted place in the source's log
   */
  record PointAtFile(
      InstanceKey target, String channel, InstanceKey source, Slot<Slot.Kind.Coordinates> at)
      implements Step {
    @Override
    public String words() {
      return "point "
          + target
          + " at the place noted for "
          + at.name()
          + " in the log of "
          + source;
    }
  }

  /**
   * Have a stopped replica forget the source of a channel.
   *
   * @param target this replica
   * @param channel of this channel
   */
  record ForgetSource(InstanceKey target, String channel) implements Step {
    @Override
    public String words() {
      return "make " + target + " forget its source" + by(channel);
    }
  }

  /**
   * Hold a replica back, or not any more; its applying thread stands still.
   *
   * @param target this replica
   * @param channel of this channel
   * @param seconds by so much
   */
  record SetDelay(InstanceKey target, String channel, int seconds) implements Step {
    @Override
    public String words() {
      return "set the delay of " + target + " to " + seconds + " s";
    }
  }

  /**
   * Turn a side of semi-synchronous replication on or off.
   *
   * @param target on this server
   * @param side which
   * @param sourceWords whether its plugins go by SOURCE and REPLICA
   * @param on whether it is to be on
   */
  record SetSemiSync(InstanceKey target, Doing.Side side, boolean sourceWords, boolean on)
      implements Step {
    @Override
    public String words() {
      return "turn semi-sync " + (on ? "on" : "off") + " on " + target + " as a " + side.words();
    }
  }

  /**
   * Have a replica leave out the transaction its applying thread has stopped at.
   *
   * @param target this replica, its applying thread stopped by an error
   * @param channel of this channel
   * @param gtid how it finds its place
   * @param transaction its GTID, where the replica takes an empty one in its place; empty where the
   *     server is told to go on after it, or counts what is left out
   */
  record SkipTransaction(InstanceKey target, String channel, GtidUse gtid, String transaction)
      implements Step {
    @Override
    public String words() {
      return transaction.isEmpty()
          ? "skip the transaction that " + target + " has failed at"
          : "give " + target + " an empty transaction in the place of " + transaction;
    }
  }

  /**
   * Execute empty transactions with given GTIDs.
   *
   * @param target on this server
   * @param gtids in MySQL's notation
   */
  record InjectEmpty(InstanceKey target, String gtids) implements Step {
    @Override
    public String words() {
      return "execute empty transactions on " + target + " for " + gtids;
    }
  }

  /**
   * Delete all binary logs of a server, and with them what it knows of having executed some
   * transactions; all others count as executed and purged.
   *
   * @param target this server, which does not replicate now and from which nobody replicates
   * @param gtids what it forgets, in MySQL's notation
   */
  record ForgetTransactions(InstanceKey target, String gtids) implements Step {
    @Override
    public String words() {
      return "delete the binary logs of " + target + ", and have it forget " + gtids;
    }
  }

  /**
   * Begin a new binary log file.
   *
   * @param target on this server
   */
  record FlushLogs(InstanceKey target) implements Step {
    @Override
    public String words() {
      return "begin a new binary log file on " + target;
    }
  }

  /**
   * Delete binary log files.
   *
   * @param target on this server
   * @param file the first that stays
   */
  record PurgeLogs(InstanceKey target, String file) implements Step {
    @Override
    public String words() {
      return "delete the binary logs of " + target + " before " + file;
    }
  }

  /**
   * End a statement that runs; done, too, when it has ended meanwhile.
   *
   * @param target on this server
   * @param connection whose
   */
  record KillQuery(InstanceKey target, long connection) implements Step {
    @Override
    public String words() {
      return "end the statement of connection " + connection + " on " + target;
    }
  }

  /**
   * Note where the binary log of a replica ends that applies nothing now.
   *
   * @param target this replica
   * @param into where it is noted
   */
  record ReadLogEnd(InstanceKey target, Slot<Slot.Kind.Coordinates> into) implements Step {
    @Override
    public String words() {
      return "note where the log of " + target + " ends";
    }
  }

  /**
   * Note how far a stopped replica has received its source's log.
   *
   * @param target this replica
   * @param channel of this channel
   * @param into where it is noted
   */
  record ReadReceived(InstanceKey target, String channel, Slot<Slot.Kind.Coordinates> into)
      implements Step {
    @Override
    public String words() {
      return "note how far " + target + " has received the log of its source";
    }
  }

  /**
   * Wait until a replica has come to a place in its source's log, or past it.
   *
   * @param target this replica
   * @param channel of this channel
   * @param place the noted place
   * @param applied whether it must have applied up to there; else it must have received
   * @param limit at most so long
   */
  record AwaitPlace(
      InstanceKey target,
      String channel,
      Slot<Slot.Kind.Coordinates> place,
      boolean applied,
      Duration limit)
      implements Step {
    @Override
    public String words() {
      return "wait until "
          + target
          + (applied ? " has applied" : " has received")
          + " up to the place noted for "
          + place.name()
          + ", at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Have a stopped replica receive and apply up to a place in its source's log, and stop again.
   * Done when it stands exactly there; one that is past it, or fails on the way, is not.
   *
   * @param target this replica
   * @param channel of this channel
   * @param place the noted place
   * @param limit at most so long
   */
  record ApplyUpTo(
      InstanceKey target, String channel, Slot<Slot.Kind.Coordinates> place, Duration limit)
      implements Step {
    @Override
    public String words() {
      return "have "
          + target
          + " apply up to the place noted for "
          + place.name()
          + ", and no more, at most "
          + limit.toSeconds()
          + " s";
    }
  }

  /**
   * Point a stopped replica back at the source it was taken from, by file and position. One that
   * was not pointed elsewhere yet is left as it is; so is one that has applied something of its new
   * source, as its old place is not its place any more.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source the source it had
   * @param at the noted place in that one's log
   * @param pointedAt the noted place in the new one's log, that it was pointed at
   */
  record PointBack(
      InstanceKey target,
      String channel,
      InstanceKey source,
      Slot<Slot.Kind.Coordinates> at,
      Slot<Slot.Kind.Coordinates> pointedAt)
      implements Step {
    @Override
    public String words() {
      return "point " + target + " back at " + source + ", unless it has applied more since";
    }
  }

  /**
   * Write the host of a replica's source such that it cannot connect, all else being kept; its
   * receiving thread stands still.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source its source, as it is reached
   * @param gtid how it finds its place there
   */
  record Detach(InstanceKey target, String channel, InstanceKey source, GtidUse gtid)
      implements Step {
    @Override
    public String words() {
      return "detach " + target + " from " + source;
    }
  }

  /**
   * The same of a stopped replica that goes by file and position.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source its source, as it is reached
   * @param at the noted place in the source's log, which it keeps
   */
  record DetachAtFile(
      InstanceKey target, String channel, InstanceKey source, Slot<Slot.Kind.Coordinates> at)
      implements Step {
    @Override
    public String words() {
      return "detach " + target + " from " + source + ", at the place noted for " + at.name();
    }
  }

  /**
   * Write the host of a detached replica's source as it is, all else being kept; its receiving
   * thread stands still.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source its source, as it is reached
   * @param gtid how it finds its place there
   */
  record Attach(InstanceKey target, String channel, InstanceKey source, GtidUse gtid)
      implements Step {
    @Override
    public String words() {
      return "attach " + target + " to " + source;
    }
  }

  /**
   * Have a server that replicates from nobody replicate from a source, from what it has itself; it
   * is not started.
   *
   * @param target this server
   * @param source its source
   * @param gtid how it finds its place there
   * @param login whom it logs in as
   */
  record Follow(InstanceKey target, InstanceKey source, GtidUse gtid, Login login) implements Step {
    @Override
    public String words() {
      return "point " + target + " at " + source + ", to log in as " + login.user();
    }
  }

  /**
   * The same by file and position.
   *
   * @param target this server
   * @param source its source
   * @param at the noted place in the source's log
   * @param login whom it logs in as
   */
  record FollowAtFile(
      InstanceKey target, InstanceKey source, Slot<Slot.Kind.Coordinates> at, Login login)
      implements Step {
    @Override
    public String words() {
      return "point "
          + target
          + " at the place noted for "
          + at.name()
          + " in the log of "
          + source
          + ", to log in as "
          + login.user();
    }
  }

  /**
   * Note that the end of a server's log is the place where it stands in that of its source: whoever
   * stands there too can replicate from it from its end on. Not done unless both are so.
   *
   * @param target this server, which applies nothing
   * @param at the end of its log
   * @param source its source, which need not be there
   * @param sourceAt what it has applied, in that one's log
   */
  record NotePlace(
      InstanceKey target, BinlogPosition at, InstanceKey source, BinlogPosition sourceAt)
      implements Step {
    @Override
    public String words() {
      return "note that the log of "
          + target
          + " ends at "
          + at
          + ", which is "
          + sourceAt
          + " in that of "
          + source;
    }
  }

  /**
   * Point a stopped replica at a place that is known to be where it stands. Of a replica that was
   * pointed at a place noted on the way, this is what is told of it afterwards.
   *
   * @param target this replica
   * @param channel of this channel
   * @param source the source
   * @param at the place in the source's log
   * @param former the source it has
   * @param formerAt where it stands in that one's log; one that stands elsewhere is left as it is
   */
  record PointAtPlace(
      InstanceKey target,
      String channel,
      InstanceKey source,
      BinlogPosition at,
      InstanceKey former,
      BinlogPosition formerAt)
      implements Step {
    @Override
    public String words() {
      return "point "
          + target
          + " at "
          + at
          + " in the log of "
          + source
          + ", which is "
          + formerAt
          + " in that of "
          + former
          + by(channel);
    }
  }

  /**
   * Have no scheduled event run on a server any more: those that are enabled are disabled as on a
   * replica, so that it can be told later that they were. Nothing of this is logged. One that
   * cannot be is told, and runs on.
   *
   * @param target this server
   */
  record DisableEvents(InstanceKey target) implements Step {
    @Override
    public String words() {
      return "disable the events on " + target + " as on a replica";
    }
  }

  /**
   * Have the scheduled events run on a server that ran on another before: replication has disabled
   * them here. Whom they run as stays. Which they are is told when it is done; what cannot be
   * enabled is told as well, and is no failure. So are those of which is not known whether they
   * ran. Those that were disabled here by {@link DisableEvents} are enabled in any case.
   *
   * @param target this server
   * @param former the other one; itself, where they are to run again that were disabled here
   * @param asked whether the former one is asked which they are
   * @param known else, those that it had when it was last asked; empty when nothing is known
   * @param scheduler whether its event scheduler was on then
   */
  record EnableEvents(
      InstanceKey target,
      InstanceKey former,
      boolean asked,
      List<ScheduledEvent> known,
      boolean scheduler)
      implements Step {

    /** So many are told one by one. */
    private static final int TOLD = 8;

    public EnableEvents {
      known = List.copyOf(known);
    }

    /** By what a server tells that answers. */
    public static EnableEvents askedOf(InstanceKey former, InstanceKey target) {
      return new EnableEvents(target, former, true, List.of(), false);
    }

    /** By what a server told that does not answer any more. */
    public static EnableEvents knownOf(
        InstanceKey former, InstanceKey target, Optional<Events> known) {
      return new EnableEvents(
          target,
          former,
          false,
          known.map(Events::all).orElse(List.of()),
          known.map(Events::scheduler).orElse(false));
    }

    /** Again, after all. */
    public static EnableEvents again(InstanceKey target) {
      return new EnableEvents(target, target, false, List.of(), false);
    }

    @Override
    public String words() {
      if (target.equals(former)) {
        return "enable the events on " + target + " again that were disabled there";
      }
      if (asked) {
        return "enable the events on " + target + " that ran on " + former;
      }
      List<String> ran =
          known.stream()
              .filter(ScheduledEvent::runs)
              .map(e -> e.schema() + "." + e.name())
              .toList();
      return known.isEmpty()
          ? "look which events are disabled on "
              + target
              + " as on a replica, and leave them so: no event is known to have run on "
              + former
          : "enable the events on "
              + target
              + " that ran on "
              + former
              + " when it was last asked: "
              + (ran.isEmpty()
                  ? "none"
                  : ran.stream().limit(TOLD).collect(Collectors.joining(", "))
                      + (ran.size() > TOLD ? " and " + (ran.size() - TOLD) + " more" : ""));
    }
  }
}
