package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.app.gateway.FindingView;
import topiary.engine.analysis.Errant;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.said.OfServer;
import topiary.engine.said.Rule;

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
 * @param alarm what is found of it; empty for nothing
 * @param marks what people say of it, a word or two each, what matters most first
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
    String problem,
    Optional<Alarm> alarm,
    List<String> marks) {

  public ServerCard {
    marks = List.copyOf(marks);
  }

  /** A lag below this is not worth a word. */
  private static final long NOTABLE_SECONDS = 1;

  /** The card of a server nobody says anything of. */
  public static ServerCard of(Instance i, Topology in) {
    return of(i, in, OfServer.NOTHING, List.of());
  }

  /** The card of a server, of which people say this, and this is found. */
  public static ServerCard of(Instance i, Topology in, OfServer said, List<FindingView> found) {
    Optional<String> errant = Errant.of(in, i.key());
    Mood mood = mood(i, errant.isPresent());
    Optional<Long> lag =
        channels(i).stream()
            .flatMap(c -> c.progress().secondsBehind().stream())
            .max(Long::compareTo);
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
        problem(i, errant),
        Alarm.of(found),
        marks(said));
  }

  private static List<String> marks(OfServer said) {
    var marks = new ArrayList<String>();
    said.maintenance().ifPresent(m -> marks.add("maintenance"));
    said.downtime().ifPresent(d -> marks.add("downtime"));
    said.promotion()
        .filter(p -> p.rule() != Rule.NEUTRAL)
        .ifPresent(p -> marks.add(p.rule().word().replace('_', ' ')));
    said.tags().forEach((name, value) -> marks.add(value.isEmpty() ? name : name + "=" + value));
    return marks;
  }

  /** A version without what its maker adds to the number. */
  private static String number(String version) {
    int dash = version.indexOf('-');
    return dash < 0 ? version : version.substring(0, dash);
  }

  private static String role(Instance i, Topology in) {
    boolean feeds = !in.replicasOf(i.key()).isEmpty();
    if (in.inRing(i.key())) {
      return in.sourcesOf(i.key()).size() == 1 ? "co-primary" : "member of a ring";
    }
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
    Optional<Channel> channel = telling(i);
    if (channel.isEmpty()) {
      return Mood.WELL;
    }
    Mood mood = mood(channel.get());
    return mood.replicates() && errant ? Mood.ERRANT : mood;
  }

  /** How a channel is, when its server was last seen. */
  static Mood mood(Channel c) {
    if (!c.replicating()) {
      return failed(c) ? Mood.BROKEN : c.detached() ? Mood.DETACHED : Mood.HALTED;
    }
    // What it is held back on purpose is no lateness.
    boolean late = c.progress().secondsBehind().orElse(0L) > NOTABLE_SECONDS + c.delaySeconds();
    return late ? Mood.LATE : Mood.WELL;
  }

  /** The channel that says how its server is: the first that is worst. */
  private static Optional<Channel> telling(Instance i) {
    return channels(i).stream().reduce((a, b) -> mood(a).compareTo(mood(b)) < 0 ? b : a);
  }

  private static List<Channel> channels(Instance i) {
    return i.facts().map(Facts::channels).orElse(List.of());
  }

  /** Whether replication had failed when the server was last seen. */
  static boolean failed(Instance i) {
    return channels(i).stream().anyMatch(ServerCard::failed);
  }

  private static boolean failed(Channel c) {
    return receivingFailed(c) || c.sqlError().present() && c.sql() == ThreadState.STOPPED;
  }

  /** That one who was detached cannot connect is what was wanted. */
  private static boolean receivingFailed(Channel c) {
    return !c.detached() && c.ioError().present() && c.io() != ThreadState.RUNNING;
  }

  private static String state(Instance i, Mood mood, Optional<Long> lag) {
    return switch (mood) {
      case GONE -> i.condition().words();
      case LATE -> lag.orElse(0L) - telling(i).orElseThrow().delaySeconds() + " s behind";
      case HALTED -> halted(telling(i).orElseThrow()) + which(i);
      case DETACHED -> detached(telling(i).orElseThrow()) + which(i);
      case BROKEN -> {
        Channel c = telling(i).orElseThrow();
        yield receivingFailed(c)
            ? "error " + c.ioError().code() + " receiving" + which(i)
            : "error " + c.sqlError().code() + " applying" + which(i);
      }
      default -> mood.word();
    };
  }

  /** Of several channels that one is named which says how the server is. */
  private static String which(Instance i) {
    String name = telling(i).map(Channel::name).orElse("");
    return channels(i).size() < 2 || name.isEmpty() ? "" : ", channel " + name;
  }

  private static String detached(Channel c) {
    return c.sql() == ThreadState.STOPPED ? "detached, not applying" : "detached";
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
    Optional<Channel> channel = telling(i).filter(c -> !c.replicating());
    return channel
        .map(
            c ->
                c.ioError().present() && !c.detached()
                    ? c.ioError().message()
                    : c.sqlError().message())
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
