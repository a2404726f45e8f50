package topiary.engine.probe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.dialect.Optionals;
import topiary.engine.model.Background;
import topiary.engine.model.Facts;
import topiary.engine.port.Fleet;

/** A kept connection and what is known of it. One probe at a time uses it. */
final class Line {

  /** Whose turn it is: of two who look at one server, one waits for the other. */
  final ReentrantLock turn = new ReentrantLock();

  Fleet.Session session;
  Introduction introduction;
  List<String> missingGrants = List.of();

  /** The {@link Optionals} it has, by name in lower case. */
  Map<String, String> optionals = Map.of();

  /** What it is asked in each look to tell who it is, by these. */
  String identity = "";

  /** When it is to be asked again what it is asked now and then; empty for at once. */
  Optional<Long> due = Optional.empty();

  /** Whether it was not asked that at its first look, as many others waited for theirs. */
  boolean postponed;

  /** Whether the server was read-only when it was asked that. */
  Optional<Boolean> readOnly = Optional.empty();

  /** Whether that has become another since. */
  boolean turned;

  /** How long the server was up when it was asked, and when that was; empty before. */
  Optional<Up> up = Optional.empty();

  /** Who it said replicates from it. */
  Fleet.Rows replicas = Fleet.Rows.NONE;

  /** Looks in which it need not be asked again for that. */
  int spared;

  /** What it was the last time, if it answered then; nothing while it is asked. */
  Optional<Heard> heard = Optional.empty();

  Background background = Background.NONE;
  List<String> backgroundComplaints = List.of();

  /** Questions that made it hang, why, and until when they are not asked again. */
  final Map<String, Silence> silences = new HashMap<>();

  /** Whether it did not answer when it was looked at last. */
  boolean silent;

  private final Runnable stirred;

  /**
   * A line that is not open yet.
   *
   * @param stirred hears when something comes while nobody asks
   */
  Line(Runnable stirred) {
    this.stirred = stirred;
  }

  /** Nobody asks for a while. */
  void rest() {
    if (kept()) {
      session.rest(stirred);
    }
  }

  boolean kept() {
    return session != null && session.usable();
  }

  void drop() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  /** Why something is not asked, and until when. */
  record Silence(String sentence, long until) {}

  /** How long a server was up, and when it said so. */
  record Up(long seconds, long at) {}

  /**
   * What a server is asked beside what every server is asked, by who it is.
   *
   * @param semiSync whether it has semi-synchronous replication turned on
   * @param grouped whether it is set up for a group
   */
  record Extent(boolean semiSync, boolean grouped) {
    static Extent of(Map<String, String> identity) {
      return new Extent(ProbeParser.semiSync(identity), !ProbeParser.groupName(identity).isEmpty());
    }
  }

  /**
   * What was made of a server's answers: most are the same again, and nothing is made of them then.
   *
   * @param extent what it was asked
   * @param replicas that answer, which is not asked for each time
   * @param status how its plugins do, and how long it is up
   * @param complaints what could not be asked
   * @param facts all of it
   * @param beside what was asked beside it
   * @param whole both
   */
  record Heard(
      Extent extent,
      Fleet.Rows replicas,
      Map<String, String> status,
      List<String> complaints,
      Facts facts,
      Asides.Beside beside,
      Facts whole) {

    /** Whether everything in the answers could be read. */
    boolean plain() {
      return facts.complaints().size() == complaints.size();
    }
  }
}
