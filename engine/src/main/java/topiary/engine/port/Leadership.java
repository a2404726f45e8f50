package topiary.engine.port;

import java.util.Optional;

/**
 * Who decides, as a node of the log knows it at one moment.
 *
 * @param leading whether this node does; only once everything that was committed before its term is
 *     applied here
 * @param term the reign that is known here, from 1, growing; 0 when none is known yet. A node that
 *     leads again after another did leads in another term
 * @param leader the name of the node that leads, as people call it; empty when it is not known, and
 *     on a node that has no others
 */
public record Leadership(boolean leading, long term, Optional<String> leader) {

  /** Of a node that is alone: it leads from the start, for ever. */
  public static final Leadership ALONE = new Leadership(true, 1, Optional.empty());

  /** Why nothing is done by a node that shows what was stored. */
  public static final String SHOWN =
      "this node shows what was stored once: it asks no server, and changes nothing";

  /** Of a node that shows what was stored: nobody does, and nobody ever will. */
  public static final Leadership NOBODY = new Leadership(false, -1, Optional.empty());

  /** Whether this node leads in that term. */
  public boolean in(long wanted) {
    return leading && term == wanted;
  }

  /** Why this node cannot decide now, in a sentence. */
  public CommandLog.NotLeading notLeading() {
    if (leading) {
      return new CommandLog.NotLeading(
          "this node leads the cluster anew, since term " + term + "; ask again");
    }
    if (equals(NOBODY)) {
      return new CommandLog.NotLeading(SHOWN);
    }
    return new CommandLog.NotLeading(
        "this node does not lead the cluster; "
            + leader
                .map(name -> name + " does")
                .orElse("which node does is not known yet, try again in a moment"));
  }
}
