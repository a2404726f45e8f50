package topiary.app.desktop.model;

import java.util.Optional;
import topiary.engine.analysis.Errant;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;

/**
 * What a card says of a server.
 *
 * @param key whose
 * @param version short, with the flavour
 * @param role primary, intermediate source, replica; empty when never seen
 * @param writes read-only or writeable; empty when never seen
 * @param gtid how it finds its place in its source's log; empty when never seen
 * @param mood how it is
 * @param state the mood in more words
 * @param lag seconds behind its source, when it replicates
 * @param problem what is wrong, a sentence; empty when nothing is
 */
public record ServerCard(
    InstanceKey key,
    String version,
    String role,
    String writes,
    String gtid,
    Mood mood,
    String state,
    Optional<Long> lag,
    String problem) {

  /** A lag below this is not worth a word. */
  private static final long NOTABLE_SECONDS = 1;

  /** The card of a server. */
  public static ServerCard of(Instance i, Topology in) {
    Optional<String> errant = Errant.of(in, i.key());
    Mood mood = mood(i, errant.isPresent());
    Optional<Long> lag = i.primaryChannel().flatMap(c -> c.progress().secondsBehind());
    return new ServerCard(
        i.key(),
        i.facts()
            .map(f -> f.identity().flavor().label() + " " + number(f.identity().version().text()))
            .orElse(""),
        i.facts().isEmpty() ? "" : role(i, in),
        i.facts().map(f -> f.settings().readOnly() ? "read-only" : "writeable").orElse(""),
        i.facts().map(ServerCard::gtid).orElse(""),
        mood,
        state(i, mood, lag),
        i.seen() ? lag : Optional.empty(),
        problem(i, errant));
  }

  /** A version without what its maker adds to the number. */
  private static String number(String version) {
    int dash = version.indexOf('-');
    return dash < 0 ? version : version.substring(0, dash);
  }

  private static String role(Instance i, Topology in) {
    boolean feeds = !in.replicasOf(i.key()).isEmpty();
    return i.primaryChannel().isEmpty() ? "primary" : feeds ? "intermediate source" : "replica";
  }

  private static String gtid(Facts f) {
    boolean uses =
        f.primaryChannel()
            .map(c -> c.gtid() != GtidUse.NONE)
            .orElse(!f.positions().executedGtid().isEmpty());
    return uses ? "GTID" : "no GTID";
  }

  private static Mood mood(Instance i, boolean errant) {
    if (!i.seen()) {
      return i.condition() == Condition.UNSEEN ? Mood.UNKNOWN : Mood.GONE;
    }
    Optional<Channel> channel = i.primaryChannel();
    if (channel.isEmpty()) {
      return Mood.WELL;
    }
    Channel c = channel.get();
    if (c.replicating()) {
      boolean late = c.progress().secondsBehind().orElse(0L) > NOTABLE_SECONDS;
      return errant ? Mood.ERRANT : late ? Mood.LATE : Mood.WELL;
    }
    return failed(i) ? Mood.BROKEN : Mood.HALTED;
  }

  /** Whether replication had failed when the server was last seen. */
  static boolean failed(Instance i) {
    return i.primaryChannel()
        .filter(
            c ->
                c.ioError().present() && c.io() != ThreadState.RUNNING
                    || c.sqlError().present() && c.sql() == ThreadState.STOPPED)
        .isPresent();
  }

  private static String state(Instance i, Mood mood, Optional<Long> lag) {
    return switch (mood) {
      case GONE -> i.condition().words();
      case LATE -> lag.orElse(0L) + " s behind";
      case HALTED -> halted(i.primaryChannel().orElseThrow());
      case BROKEN -> {
        Channel c = i.primaryChannel().orElseThrow();
        boolean receiving = c.ioError().present() && c.io() != ThreadState.RUNNING;
        yield receiving
            ? "error " + c.ioError().code() + " receiving"
            : "error " + c.sqlError().code() + " applying";
      }
      default -> mood.word();
    };
  }

  private static String halted(Channel c) {
    if (c.stopped()) {
      return "stopped";
    }
    return c.io() == ThreadState.CONNECTING ? "connecting" : "half stopped";
  }

  private static String problem(Instance i, Optional<String> errant) {
    if (!i.seen()) {
      return i.sentence();
    }
    Optional<Channel> channel = i.primaryChannel().filter(c -> !c.replicating());
    return channel
        .map(c -> c.ioError().present() ? c.ioError().message() : c.sqlError().message())
        .filter(message -> !message.isEmpty())
        .or(
            () ->
                errant.map(
                    gtids ->
                        gtids
                            + " came from nobody above it, and "
                            + i.source().get()
                            + " lacks it"))
        .or(() -> i.facts().flatMap(f -> f.complaints().stream().findFirst()))
        .orElse("");
  }
}
