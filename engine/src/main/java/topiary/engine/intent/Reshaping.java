package topiary.engine.intent;

import java.util.List;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * What can be done around a server to the shape of its tree. A plan names the servers it is about,
 * so that it says the same when it is planned again half-way: what is said here by their places
 * alone becomes a move below a named server.
 */
public sealed interface Reshaping {

  /** In words, of the server by its name. */
  String words(String server);

  /**
   * Move the server's replicas below another server.
   *
   * @param below their new source
   * @param pattern a regular expression that is found in the {@code host:port} of those that are
   *     moved; empty for all
   */
  record Replicas(InstanceKey below, Optional<String> pattern) implements Reshaping {
    @Override
    public String words(String server) {
      return "relocate " + some(pattern, "the replicas of " + server) + " below " + below;
    }
  }

  /** Move the server's siblings, the other replicas of its source, below it. */
  record Siblings() implements Reshaping {
    @Override
    public String words(String server) {
      return "take the siblings of " + server + " below it";
    }
  }

  /** Move the server below the source of its source. */
  record Up() implements Reshaping {
    @Override
    public String words(String server) {
      return "move " + server + " up below the source of its source";
    }
  }

  /**
   * Move the server's replicas below its source.
   *
   * @param pattern as above
   */
  record ReplicasUp(Optional<String> pattern) implements Reshaping {
    @Override
    public String words(String server) {
      return "move " + some(pattern, "the replicas of " + server) + " up below its source";
    }
  }

  /**
   * Move the server below one that has the same source.
   *
   * @param sibling that one
   */
  record BelowSibling(InstanceKey sibling) implements Reshaping {
    @Override
    public String words(String server) {
      return "move " + server + " below its sibling " + sibling;
    }
  }

  /**
   * Have the server and its source, itself a replica, change places.
   *
   * @param source that source; empty for the one it has when this is planned
   */
  record TakeSource(Optional<InstanceKey> source) implements Reshaping {
    @Override
    public String words(String server) {
      return "have "
          + server
          + " take the place of "
          + source.map(s -> s + ", and that below it").orElse("its source, and that below it");
    }
  }

  /**
   * Point the server anew at its source, or at one that may not be there.
   *
   * @param source empty for the one it has
   */
  record Repoint(Optional<InstanceKey> source) implements Reshaping {
    @Override
    public String words(String server) {
      return "point " + server + " at " + source.map(s -> s + "").orElse("its source anew");
    }
  }

  /**
   * Point the server's replicas at it anew.
   *
   * @param pattern as above
   */
  record RepointReplicas(Optional<String> pattern) implements Reshaping {
    @Override
    public String words(String server) {
      return "point " + some(pattern, "the replicas of " + server) + " at it anew";
    }
  }

  /** Move the server's replicas below the one of them that suits best. */
  record Regroup() implements Reshaping {
    @Override
    public String words(String server) {
      return "regroup the replicas of " + server + " below the best of them";
    }
  }

  /**
   * Move the server's replicas below another server, and say how they are to find their places
   * there.
   *
   * @param replicas which, and where
   * @param way how; never {@link Way#AUTO}, which is what {@link Replicas} alone means
   */
  record ReplicasBy(Replicas replicas, Way way) implements Reshaping {
    public ReplicasBy {
      if (way == Way.AUTO) {
        throw new IllegalArgumentException("no way is chosen");
      }
    }

    @Override
    public String words(String server) {
      return replicas.words(server) + " " + way.words();
    }
  }

  /**
   * Have the server's source replicate from it, too: they are co-sources then, of which the server
   * takes no writes.
   *
   * @param source that source, a head; empty for the one it has when this is planned
   */
  record CoSource(Optional<InstanceKey> source) implements Reshaping {
    @Override
    public String words(String server) {
      return "make "
          + server
          + " the co-source of "
          + source.map(InstanceKey::toString).orElse("its source");
    }
  }

  /**
   * Have the server, a replica, take the place of its source, a primary that lives: its siblings
   * follow it, the primary refuses writes, the server gets the last of them and takes them from
   * then on, and the former primary replicates from it.
   *
   * @param source that primary; empty for the source it has when this is planned
   * @param staying those of its siblings that stay below the former primary
   * @param ending whether statements that keep the primary from refusing writes are ended, and its
   *     clients disconnected then
   */
  record TakeOver(Optional<InstanceKey> source, List<InstanceKey> staying, boolean ending)
      implements Reshaping {
    public TakeOver {
      staying = List.copyOf(staying);
    }

    @Override
    public String words(String server) {
      return "have "
          + server
          + " take over from "
          + source.map(InstanceKey::toString).orElse("its source")
          + (staying.isEmpty()
              ? ""
              : ", leaving "
                  + String.join(", ", staying.stream().map(InstanceKey::toString).toList())
                  + " where they are")
          + (ending ? ", ending statements that are in the way" : "");
    }
  }

  /**
   * Move the server below one in whose log an earlier plan has found the place where it stands.
   *
   * @param below its new source
   */
  record Equivalent(InstanceKey below) implements Reshaping {
    @Override
    public String words(String server) {
      return "move " + server + " below " + below + ", to the place noted there";
    }
  }

  /**
   * Have the server, which replicates from nobody, replicate from another: a former primary that is
   * back from the one in its place.
   *
   * @param source that one; empty for the one that has taken its place when this is planned
   */
  record Rejoin(Optional<InstanceKey> source) implements Reshaping {
    @Override
    public String words(String server) {
      return "have "
          + server
          + " replicate from "
          + source.map(InstanceKey::toString).orElse("the one in its place");
    }
  }

  private static String some(Optional<String> pattern, String all) {
    return pattern.map(p -> "those of " + all + " that match " + p + ",").orElse(all);
  }
}
