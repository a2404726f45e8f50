package topiary.engine.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.finding.Code;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Finding;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;

/**
 * What is found of one server.
 *
 * @param subject which
 * @param failure how its place in the tree fails; empty when it does not
 * @param warnings what else is wrong, orchestrator's structure warnings first
 */
public record Judgement(InstanceKey subject, Optional<Finding> failure, List<Finding> warnings) {

  /** More replicas than this are counted, not named. */
  private static final int NAMED = 12;

  public Judgement {
    warnings = List.copyOf(warnings);
  }

  /** All that is found, the failure first. */
  public List<Finding> findings() {
    return Stream.concat(failure.stream(), warnings.stream()).toList();
  }

  public boolean well() {
    return failure.isEmpty() && warnings.isEmpty();
  }

  /** Judges a server that is known. */
  public static Judgement of(World world, Instance server) {
    var situation = new Situation(world, server);
    var warnings = new ArrayList<Finding>();
    for (Warnings.Look look : Warnings.looks()) {
      List<Evidence> evidence = look.evidence().apply(situation);
      if (!evidence.isEmpty()) {
        warnings.add(new Finding(look.code(), server.key(), shown(evidence), Optional.empty()));
      }
    }
    return new Judgement(server.key(), failure(situation), warnings);
  }

  /** How a server fails, without what else is wrong with it. */
  static Optional<Finding> failure(Situation s) {
    return Failures.of(s)
        .map(
            code ->
                new Finding(
                    code,
                    s.key(),
                    shown(evidence(s)),
                    s.doubt() == Doubt.PATIENT ? s.patienceEnds() : Optional.empty()));
  }

  private static List<Evidence> evidence(Situation s) {
    var all = new ArrayList<Evidence>();
    Instance server = s.server();
    all.add(new Evidence(server.key(), server.lastAttempt(), own(s)));
    for (Replica r : s.replicas()) {
      all.add(
          new Evidence(
              r.key(),
              r.valid() ? r.instance().lastSeen() : r.instance().lastAttempt(),
              r.testimony()));
    }
    return all;
  }

  private static String own(Situation s) {
    Instance server = s.server();
    String seen = server.seen() ? seen(s) : unseen(server);
    return switch (s.doubt()) {
      case ALIVE, UNSEEN -> seen + semiSync(s);
      case REFUSING -> seen + "; so it lives";
      case PATIENT -> seen + "; it may only be slow";
      case UNCONFIRMED -> seen + "; and no replica tries to connect to it, which could confirm it";
      case DEAD -> seen;
    };
  }

  /** What a server that answers says of itself: of its source, where it cannot connect to it. */
  private static String seen(Situation s) {
    return s.server()
        .primaryChannel()
        .filter(c -> s.failingToConnect())
        .map(
            c -> new Replica(s.server(), c).testimony().replace("to it,", "to " + c.source() + ","))
        .orElse("answers");
  }

  /** Why it is not seen, without its name, which stands before it. */
  static String unseen(Instance server) {
    String name = server.key() + " ";
    String sentence = server.sentence();
    return sentence.isEmpty()
        ? "is " + server.condition().words()
        : sentence.startsWith(name) ? sentence.substring(name.length()) : sentence;
  }

  private static String semiSync(Situation s) {
    return s.waits()
        ? "; its commits wait for "
            + s.waiting().waitFor()
            + " acknowledgements, and "
            + s.waiting().clients()
            + " could give them"
        : "";
  }

  private static List<Evidence> shown(List<Evidence> all) {
    if (all.size() <= NAMED + 1) {
      return all;
    }
    var shown = new ArrayList<>(all.subList(0, NAMED));
    Evidence last = all.get(NAMED);
    shown.add(
        new Evidence(last.server(), last.at(), "and " + (all.size() - NAMED) + " more like it"));
    return shown;
  }

  /** Whether a code is one of orchestrator's structure warnings. */
  public static boolean structure(Code code) {
    return code.compareTo(Code.NO_LOGGING_REPLICAS) >= 0
        && code.compareTo(Code.NOT_ENOUGH_VALID_SEMI_SYNC_REPLICAS) <= 0;
  }
}
