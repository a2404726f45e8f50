package topiary.engine.intent;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;

/** What somebody wants. A planner turns it into a plan or says why not. */
public sealed interface Intent {

  /** In words, as it is shown and journalled. */
  String words();

  /** The feature level a cluster must have for it: the nodes of all members read it. */
  default int level() {
    return switch (this) {
      case OnServer(_, Doing.Reconnect _) -> 8;
      case OnServer i -> 4;
      case InTree(_, Reshaping.TakeOver _) -> 8;
      case InTree(_, Reshaping.Rejoin _) -> 10;
      case InTree i -> 4;
      case Moves i -> 4;
      case CannotBeUndone i -> 4;
      case RelocateBy i -> 4;
      // An earlier node takes these for nothing that could be wanted of one channel.
      case OnChannel(OnServer(_, Doing.SkipTransaction _), _) -> 6;
      case OnChannel(OnServer(_, Doing.UseGtid _), _) -> 6;
      case OnChannel(OnServer(_, Doing.Reconnect _), _) -> 8;
      case OnChannel i -> 4;
      case Replace(_, _, Replace.Part part) ->
          switch (part) {
            case READY, PROMOTE -> 7;
            case FOLLOW -> 10;
            case EVENTS -> 11;
          };
      // Of an undoing the plan is what counts, which was written at the level it needed.
      case Relocate i -> 1;
      case StartReplication i -> 1;
      case StopReplication i -> 1;
      case SetReadOnly i -> 1;
      case Undo i -> 1;
    };
  }

  /**
   * Make one server replicate from another of its tree, and leave its own replicas below it.
   *
   * @param replica the server to move
   * @param below its new source
   */
  record Relocate(InstanceKey replica, InstanceKey below) implements Intent {
    @Override
    public String words() {
      return "relocate " + replica + " below " + below;
    }
  }

  /**
   * Start replication threads.
   *
   * @param replica of this server
   * @param threads which
   */
  record StartReplication(InstanceKey replica, Threads threads) implements Intent {
    @Override
    public String words() {
      return "start " + threads.words() + " on " + replica;
    }
  }

  /**
   * Stop replication threads.
   *
   * @param replica of this server
   * @param threads which
   */
  record StopReplication(InstanceKey replica, Threads threads) implements Intent {
    @Override
    public String words() {
      return "stop " + threads.words() + " on " + replica;
    }
  }

  /**
   * Let a server refuse writes, or take them.
   *
   * @param server this one
   * @param readOnly whether it is to refuse
   */
  record SetReadOnly(InstanceKey server, boolean readOnly) implements Intent {
    @Override
    public String words() {
      return "make " + server + (readOnly ? " read-only" : " writeable");
    }
  }

  /**
   * Do something with one server alone.
   *
   * @param server this one
   * @param doing what
   */
  record OnServer(InstanceKey server, Doing doing) implements Intent {
    @Override
    public String words() {
      return doing.words(server.toString());
    }
  }

  /**
   * Change the place of servers around one of them.
   *
   * @param server the one it is said of
   * @param reshaping what
   */
  record InTree(InstanceKey server, Reshaping reshaping) implements Intent {
    @Override
    public String words() {
      return reshaping.words(server.toString());
    }
  }

  /**
   * Make several replicas replicate from other servers of their tree, side by side.
   *
   * @param moves at least one; no server is moved twice
   */
  record Moves(List<Relocate> moves) implements Intent {
    public Moves {
      moves = List.copyOf(moves);
      if (moves.isEmpty()) {
        throw new IllegalArgumentException("nobody is to be moved");
      }
      if (moves.stream().map(Relocate::replica).distinct().count() < moves.size()) {
        throw new IllegalArgumentException("a server is to be moved to two places");
      }
    }

    @Override
    public String words() {
      var targets = new TreeMap<InstanceKey, List<String>>();
      moves.forEach(
          m ->
              targets
                  .computeIfAbsent(m.below(), k -> new ArrayList<>())
                  .add(m.replica().toString()));
      return targets.entrySet().stream()
          .map(e -> "relocate " + String.join(", ", e.getValue()) + " below " + e.getKey())
          .collect(Collectors.joining("; "));
    }
  }

  /**
   * Have a replica take the place of its source, which is dead: a part of a recovery. Nobody asks
   * for it but a recovery.
   *
   * @param failed the source
   * @param successor its replica
   * @param part how much of it
   */
  record Replace(InstanceKey failed, InstanceKey successor, Part part) implements Intent {

    /** A part that is planned by itself, on what is seen when the one before it has ended. */
    public enum Part {
      /** No replica receives any more, and the successor has applied all it received. */
      READY,
      /** The successor replicates from nobody, and takes writes. */
      PROMOTE,
      /**
       * Those that go by file and position, and had received as much as the successor, replicate
       * from it, from where its log ended when it was promoted.
       */
      FOLLOW,
      /** The events that ran on the source run on the successor. */
      EVENTS
    }

    @Override
    public String words() {
      return switch (part) {
        case READY -> "make " + successor + " ready to take the place of " + failed;
        case PROMOTE -> "promote " + successor + " in the place of " + failed;
        case FOLLOW ->
            "have those below "
                + failed
                + " that stand where "
                + successor
                + " stood replicate from it";
        case EVENTS ->
            failed.equals(successor)
                ? "have the events of " + failed + " run again"
                : "have the events of " + failed + " run on " + successor;
      };
    }
  }

  /**
   * Stands in the place of what would take a plan back, where nothing does. Nobody plans it.
   *
   * @param why in a sentence that goes on from "it cannot be undone: "
   */
  record CannotBeUndone(String why) implements Intent {
    @Override
    public String words() {
      return "it cannot be undone: " + why;
    }
  }

  /**
   * Make one server replicate from another, and say how it is to find its place there.
   *
   * @param move which, and where
   * @param way how; never {@link Way#AUTO}, which is what {@link Relocate} alone means
   */
  record RelocateBy(Relocate move, Way way) implements Intent {
    public RelocateBy {
      if (way == Way.AUTO) {
        throw new IllegalArgumentException("no way is chosen");
      }
    }

    @Override
    public String words() {
      return move.words() + " " + way.words();
    }
  }

  /**
   * Something that is wanted of a replica, with one of its channels.
   *
   * @param wanted what: a {@link Relocate}, a {@link StartReplication}, a {@link StopReplication},
   *     a {@link Reshaping.Repoint}, or a {@link Doing} that is {@link Doing#ofChannel}
   * @param channel the channel's name; empty for the one that has none
   */
  record OnChannel(Intent wanted, String channel) implements Intent {

    /** How a channel without a name is named where one is asked for. */
    public static final String UNNAMED = "-";

    public OnChannel {
      serverOf(wanted);
    }

    /** The replica. */
    public InstanceKey server() {
      return serverOf(wanted);
    }

    private static InstanceKey serverOf(Intent wanted) {
      return switch (wanted) {
        case Relocate i -> i.replica();
        case StartReplication i -> i.replica();
        case StopReplication i -> i.replica();
        case OnServer i when i.doing().ofChannel() -> i.server();
        case InTree(InstanceKey server, Reshaping.Repoint r) -> server;
        default ->
            throw new IllegalArgumentException(
                "it is not about one channel of a replica: " + wanted.words());
      };
    }

    /** A channel in words, to go after "by" or "has no". */
    public static String words(String channel) {
      return channel.isEmpty() ? "channel without a name" : "channel \"" + channel + "\"";
    }

    @Override
    public String words() {
      return wanted.words() + ", " + words(channel);
    }
  }

  /**
   * Lead the tree back to what it was before a plan, if nothing that plan left has changed since.
   *
   * @param plan the plan to undo
   */
  record Undo(PlanId plan) implements Intent {
    @Override
    public String words() {
      return "undo plan " + plan;
    }
  }
}
