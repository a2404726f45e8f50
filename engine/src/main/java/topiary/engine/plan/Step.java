package topiary.engine.plan;

import java.time.Duration;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;

/** One deed on one server, as data; {@code dialect} knows its SQL. */
public sealed interface Step {

  /** The server it is done on. */
  InstanceKey target();

  /** In words, for people. */
  String words();

  /** Whether it changes its server; one that only looks or waits does not. */
  default boolean changes() {
    return switch (this) {
      case StopReplication s -> true;
      case StartReplication s -> true;
      case PointAt s -> true;
      case SetReadOnly s -> true;
      case AwaitDrained s -> false;
      case ReadExecuted s -> false;
      case AwaitLogged s -> false;
      case ReadPending s -> false;
      case AwaitSendable s -> false;
      case AwaitReplicating s -> false;
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
      return "stop " + threads.words() + " on " + target;
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
      return "start " + threads.words() + " on " + target;
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
      return "point " + target + " at " + source;
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
}
