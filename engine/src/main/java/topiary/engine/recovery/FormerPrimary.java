package topiary.engine.recovery;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import topiary.engine.analysis.Errant;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * A former primary that is back, and stands by itself, or below the one in its place with something
 * of its own: in a taking over it may have been put there before it died. Pure.
 *
 * @param key which
 * @param own what it has and the one in its place has not, as {@link Errant#ofFormer}, or {@link
 *     Errant#of} where it replicates from that; empty for nothing, or when that cannot be told
 * @param clean whether it is known to have nothing of its own
 * @param words how it stands, and what can be done about it, in sentences
 */
public record FormerPrimary(InstanceKey key, Optional<String> own, boolean clean, String words) {

  private static final Pattern UP_TO = Pattern.compile("(?:after (\\S+) )?up to ([0-9-]+)");

  /**
   * The former primary; empty when it does not answer, or replicates from somebody, unless that is
   * the one in its place and it has what that has not.
   */
  public static Optional<FormerPrimary> of(
      Topology topology, InstanceKey former, InstanceKey successor) {
    return topology
        .instance(former)
        .filter(Instance::seen)
        .flatMap(Instance::facts)
        .filter(f -> !former.equals(successor))
        .flatMap(
            f ->
                f.channels().isEmpty()
                    ? Optional.of(of(topology, former, successor, f))
                    : below(topology, former, successor, f));
  }

  private static Optional<FormerPrimary> below(
      Topology topology, InstanceKey former, InstanceKey successor, Facts facts) {
    if (!facts.channels().stream().allMatch(c -> c.source().equals(successor))) {
      return Optional.empty();
    }
    return Errant.of(topology, former)
        // Of MariaDB's only the last one is told, and what came before it is not known.
        .map(own -> isMaria(facts) ? "up to " + own.replace(",", ", up to ") : own)
        .map(
            gtids ->
                new FormerPrimary(
                    former,
                    Optional.of(gtids),
                    false,
                    former
                        + " is back, replicates from "
                        + successor
                        + ", and has "
                        + its(gtids, former, successor, facts)));
  }

  /** What is said of its own transactions. */
  private static String its(String gtids, InstanceKey former, InstanceKey successor, Facts facts) {
    return "transactions that "
        + successor
        + " has not: "
        + gtids
        + ". They are nowhere else that is known, and it is left alone. To see what they wrote: "
        + reading(gtids, facts)
        + " on its binary logs. What is to be kept has to be written on "
        + successor
        + "; then "
        + former
        + " is to be built anew from a copy of "
        + successor
        + ".";
  }

  private static FormerPrimary of(
      Topology topology, InstanceKey former, InstanceKey successor, Facts facts) {
    Optional<String> own = Errant.ofFormer(topology, former, successor);
    String stands =
        former
            + " is back, "
            + (facts.settings().readOnly() ? "refuses writes" : "takes writes")
            + ", and has ";
    if (!isMaria(facts) && !facts.settings().gtidMode().startsWith("ON")) {
      return new FormerPrimary(
          former,
          Optional.empty(),
          false,
          former
              + " is back, and "
              + (facts.settings().readOnly() ? "refuses writes" : "takes writes")
              + ". It numbers no transactions, so whether it has some that "
              + successor
              + " has not is not known: what it wrote last is at the end of the binary log it had"
              + " when it died (mysqlbinlog --verbose), from the place on that the recovery's"
              + " report gives. It is left alone.");
    }
    return new FormerPrimary(
        former,
        own,
        own.isEmpty(),
        own.map(gtids -> stands + its(gtids, former, successor, facts))
            .orElseGet(
                () ->
                    stands
                        + "nothing that "
                        + successor
                        + " has not: \"rejoin "
                        + former
                        + "\" has it replicate from that."));
  }

  private static boolean isMaria(Facts facts) {
    return facts.identity().flavor() == Flavor.MARIADB;
  }

  /** The program that shows these transactions. */
  private static String reading(String gtids, Facts facts) {
    if (!isMaria(facts)) {
      return "mysqlbinlog --verbose --include-gtids='" + gtids.replaceAll("\\s", "") + "'";
    }
    SortedSet<String> from = new TreeSet<>();
    SortedSet<String> to = new TreeSet<>();
    for (MatchResult one : UP_TO.matcher(gtids).results().toList()) {
      Optional.ofNullable(one.group(1)).ifPresent(from::add);
      to.add(one.group(2));
    }
    return "mariadb-binlog --verbose"
        + (from.isEmpty() ? "" : " --start-position=" + String.join(",", from))
        + " --stop-position="
        + String.join(",", to);
  }
}
