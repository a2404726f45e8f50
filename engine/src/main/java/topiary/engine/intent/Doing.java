package topiary.engine.intent;

/** What can be done with one server alone, its place in the tree aside. */
public sealed interface Doing {

  /** In words, of the server by its name. */
  String words(String server);

  /** Whether it can be done with one of several channels of a replica, and leave the others. */
  default boolean ofChannel() {
    return switch (this) {
      case Restart d -> true;
      case Reconnect d -> true;
      case StopNicely d -> true;
      case Reset d -> true;
      case Delay d -> true;
      case Detach d -> true;
      case Reattach d -> true;
      case SkipTransaction d -> true;
      case UseGtid d -> true;
      // What a server has executed it does not tell channel by channel.
      case InjectEmpty d -> false;
      case ForgetErrant d -> false;
      case SemiSync d -> false;
      case FlushLogs d -> false;
      case PurgeLogs d -> false;
      case KillQuery d -> false;
    };
  }

  /** Stop replication and start it again, which has it connect anew. */
  record Restart() implements Doing {
    @Override
    public String words(String server) {
      return "restart replication on " + server;
    }
  }

  /**
   * Stop receiving and start it again, while the replica goes on to apply: where the source does
   * not answer any more, the replica comes to know it.
   */
  record Reconnect() implements Doing {
    @Override
    public String words(String server) {
      return "have " + server + " connect to its source anew";
    }
  }

  /** Stop replication once all that was received is applied. */
  record StopNicely() implements Doing {
    @Override
    public String words(String server) {
      return "stop replication on " + server + " when all it received is applied";
    }
  }

  /** Forget the source: the server is no replica any more. */
  record Reset() implements Doing {
    @Override
    public String words(String server) {
      return "make " + server + " forget its source";
    }
  }

  /** Leave out the transaction that a replica has failed at, and go on. */
  record SkipTransaction() implements Doing {
    @Override
    public String words(String server) {
      return "skip the transaction " + server + " has failed at";
    }
  }

  /**
   * Hold a replica back on purpose.
   *
   * @param seconds by so much; 0 for not at all
   */
  record Delay(int seconds) implements Doing {
    @Override
    public String words(String server) {
      return seconds == 0
          ? "let " + server + " apply what it receives at once"
          : "hold " + server + " back by " + seconds + " s";
    }
  }

  /**
   * Let a replica find its place by GTID, or by file and position.
   *
   * @param on by GTID
   */
  record UseGtid(boolean on) implements Doing {
    @Override
    public String words(String server) {
      return "let " + server + " replicate by " + (on ? "GTID" : "file and position");
    }
  }

  /**
   * Turn semi-synchronous replication on or off.
   *
   * @param side on which side
   * @param on whether it is to be on
   */
  record SemiSync(Side side, boolean on) implements Doing {
    @Override
    public String words(String server) {
      return "turn semi-sync " + (on ? "on" : "off") + " on " + server + " as a " + side.words();
    }
  }

  /** The two sides of semi-synchronous replication. */
  enum Side {
    /** It waits for acknowledgements. */
    SOURCE("source"),
    /** It gives them. */
    REPLICA("replica");

    private final String words;

    Side(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /**
   * Give the head of a server's tree empty transactions in the place of the server's errant ones,
   * so that everybody has them.
   */
  record InjectEmpty() implements Doing {
    @Override
    public String words(String server) {
      return "give the head of the tree empty transactions for the errant ones of " + server;
    }
  }

  /** Have a server forget that it ever executed its errant transactions; its data stay. */
  record ForgetErrant() implements Doing {
    @Override
    public String words(String server) {
      return "make " + server + " forget its errant transactions";
    }
  }

  /**
   * Begin a new binary log file.
   *
   * @param times so many, one after the other; 1 to 100
   */
  record FlushLogs(int times) implements Doing {

    /** The most. */
    public static final int MOST = 100;

    public FlushLogs {
      if (times < 1 || times > MOST) {
        throw new IllegalArgumentException("logs are flushed 1 to " + MOST + " times");
      }
    }

    @Override
    public String words(String server) {
      return "flush the binary logs of " + server + (times == 1 ? "" : ", " + times + " times");
    }
  }

  /**
   * Delete binary logs before a file.
   *
   * @param file the first that stays
   * @param force even where a replica has not read them all
   */
  record PurgeLogs(String file, boolean force) implements Doing {
    @Override
    public String words(String server) {
      return "purge the binary logs of "
          + server
          + " before "
          + file
          + (force ? ", whoever needs them" : "");
    }
  }

  /**
   * End a statement that runs.
   *
   * @param connection whose
   */
  record KillQuery(long connection) implements Doing {
    @Override
    public String words(String server) {
      return "end the statement that connection " + connection + " of " + server + " runs";
    }
  }

  /** Keep a replica from connecting to its source, while it applies what it has received. */
  record Detach() implements Doing {
    @Override
    public String words(String server) {
      return "detach " + server + " from its source";
    }
  }

  /** Let a detached replica connect to its source again. */
  record Reattach() implements Doing {
    @Override
    public String words(String server) {
      return "attach " + server + " to its source again";
    }
  }
}
