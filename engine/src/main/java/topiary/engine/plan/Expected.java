package topiary.engine.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long a plan is going to take when nothing goes wrong, as far as that can be told.
 *
 * @param about the whole, which is the lane that takes longest; what is not known counts nothing
 * @param stages each stage by itself, by its place in the plan
 * @param unknown what takes a time that nobody knows; each goes on from "as long as"
 * @param doubts waits that are likely to be given up, a sentence each
 * @param longestWait after which time the most patient wait is given up; empty when it waits for
 *     nothing
 */
public record Expected(
    Duration about,
    List<Duration> stages,
    List<String> unknown,
    List<String> doubts,
    Optional<Duration> longestWait) {

  public Expected {
    stages = List.copyOf(stages);
    unknown = List.copyOf(unknown);
    doubts = List.copyOf(doubts);
  }

  /** In words that go on from "it takes", without a full stop. */
  public String words() {
    String known = about(about);
    String open =
        unknown.isEmpty()
            ? ""
            : ", and as long as " + String.join(", and ", unknown) + ", which is not known";
    String limit =
        longestWait.map(most -> "; at most " + most.toSeconds() + " s a wait").orElse("");
    return known + open + limit;
  }

  /** A time, no more exactly than it can be foretold: {@code about 40 s}. */
  public static String about(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return "less than a second";
    }
    // Rounded up: who waits is not to be told of less.
    long seconds = time.plusMillis(999).toSeconds();
    return seconds < 120 ? "about " + seconds + " s" : "about " + (seconds + 59) / 60 + " min";
  }
}
