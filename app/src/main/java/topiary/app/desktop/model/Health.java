package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * How the servers of a cluster are, together.
 *
 * @param moods of each, in the order of the tree's places
 * @param worst the one somebody should look at first; empty when all are well or their trouble is
 *     known
 * @param headLost whether that is the head, and it does not answer
 * @param lag how far the last one is behind; empty when nobody is
 * @param troubled how many somebody should look at
 * @param known how many of these are in downtime or maintenance, so that somebody knows already
 * @param downtimed how many are in downtime
 * @param maintained how many are in maintenance
 */
public record Health(
    List<Mood> moods,
    Optional<Overview.Problem> worst,
    boolean headLost,
    Optional<Overview.Lag> lag,
    int troubled,
    int known,
    int downtimed,
    int maintained) {

  static final Health NONE =
      new Health(List.of(), Optional.empty(), false, Optional.empty(), 0, 0, 0, 0);

  public Health {
    moods = List.copyOf(moods);
  }

  /** How many somebody should look at, and nobody has said to know of. */
  public int urgent() {
    return troubled - known;
  }

  /** The mood of the whole: that of the worst; what is known already counts as well. */
  public Mood mood() {
    return worst
        .map(Overview.Problem::mood)
        .orElse(lag.isPresent() && moods.contains(Mood.LATE) ? Mood.LATE : Mood.WELL);
  }

  /** How bad it is, least first: a lost head, then by the worst of all, then by nothing. */
  int rank() {
    return headLost ? -1 : worst.map(Overview::rank).orElse(Overview.FINE);
  }

  /** What there is to say of it in words: how many are how, with the worst first. */
  public List<String> words() {
    var words = new ArrayList<String>();
    for (Mood mood :
        List.of(
            Mood.GONE,
            Mood.BROKEN,
            Mood.HALTED,
            Mood.DETACHED,
            Mood.ERRANT,
            Mood.UNKNOWN,
            Mood.LATE)) {
      long many = moods.stream().filter(mood::equals).count();
      if (many > 0) {
        words.add(Human.count(many) + " " + mood.word());
      }
    }
    if (downtimed > 0) {
      words.add(Human.count(downtimed) + " in downtime");
    }
    if (maintained > 0) {
      words.add(Human.count(maintained) + " in maintenance");
    }
    return words;
  }

  /** Adds servers up, in the order of the tree's places. */
  static final class Sum {
    private final InstanceKey head;
    private final List<Mood> moods = new ArrayList<>();
    private Optional<Overview.Problem> worst = Optional.empty();
    private Optional<Overview.Lag> lag = Optional.empty();
    private int troubled;
    private int known;
    private int downtimed;
    private int maintained;

    Sum(InstanceKey head) {
      this.head = head;
    }

    void add(ServerCard card, boolean downtime, boolean maintenance) {
      Mood mood = card.mood();
      moods.add(mood);
      downtimed += downtime ? 1 : 0;
      maintained += maintenance ? 1 : 0;
      Optional<Overview.Problem> found = Overview.problem(card);
      if (found.isPresent()) {
        troubled++;
        if (downtime || maintenance) {
          known++;
        } else {
          Overview.Problem problem = found.get();
          if (worst.isEmpty() || worse(problem, worst.get())) {
            worst = Optional.of(problem);
          }
        }
      }
      long behind = card.lag().orElse(0L);
      if (behind > lag.map(Overview.Lag::seconds).orElse(0L)) {
        lag = Optional.of(new Overview.Lag(card.key(), behind));
      }
    }

    /** The head before all others, then by how bad it is; of equals the first. */
    private boolean worse(Overview.Problem a, Overview.Problem b) {
      return !b.key().equals(head) && Overview.rank(a) < Overview.rank(b);
    }

    Health all() {
      boolean headLost =
          worst.filter(p -> p.key().equals(head) && p.mood() == Mood.GONE).isPresent();
      return new Health(moods, worst, headLost, lag, troubled, known, downtimed, maintained);
    }
  }
}
