package topiary.engine.probe;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.dialect.Dialect;
import topiary.engine.model.Background;
import topiary.engine.model.Cloud;
import topiary.engine.model.Condition;
import topiary.engine.model.Events;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Startup;
import topiary.engine.policy.Detection;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** Asks servers what they are known without: the operator's questions, and what is asked rarely. */
final class Asides {

  /**
   * After this a server is asked that has begun to take writes, or to refuse them: not at once, as
   * whoever looks at it in that moment has others wait.
   */
  private static final Duration MOMENT = Duration.ofSeconds(2);

  /** After this it is asked once more. */
  private static final Duration SOON = Duration.ofSeconds(15);

  private final Clock clock;
  private final Detection detection;

  Asides(Clock clock, Detection detection) {
    this.clock = clock;
    this.detection = detection;
  }

  /** What is known of a server beside its answers to the questions that every server is asked. */
  record Beside(Background background, Optional<Long> lag, List<String> complaints) {

    Facts with(Facts facts) {
      return facts.with(background).late(lag).complaining(complaints);
    }
  }

  /** Whether a server is to be asked what it is asked now and then. */
  boolean due(Line line) {
    return line.due.filter(at -> clock.nanos() - at < 0).isEmpty();
  }

  /**
   * What the server is known without: nothing that goes wrong here makes a look fail. A question
   * that makes the server hang is not asked again for a while.
   *
   * @param hurried whether others wait to be looked at for the first time: what a new server is
   *     asked now and then is asked when it is looked at next, but for the operator's questions
   */
  Beside of(InstanceKey key, Line line, Facts facts, boolean hurried, Deadline deadline) {
    var complaints = new ArrayList<String>();
    Optional<Long> lag =
        detection
            .lag()
            .filter(q -> facts.primaryChannel().isPresent())
            .flatMap(q -> value(line, "lag", q, deadline, complaints))
            .flatMap(text -> seconds(text, complaints));
    boolean readOnly = facts.settings().readOnly();
    if (line.readOnly.filter(was -> was != readOnly).isPresent()) {
      // Whoever has come to take writes has come to run events as well.
      line.turned = true;
      line.readOnly = Optional.of(readOnly);
      line.due = Optional.of(clock.nanos() + MOMENT.toNanos());
    }
    if (line.postponed || due(line)) {
      line.readOnly = Optional.of(readOnly);
      line.postponed = hurried && line.due.isEmpty();
      var wrong = new ArrayList<String>();
      line.background = background(key, line, facts, deadline, wrong);
      line.backgroundComplaints = List.copyOf(wrong);
      // What was done with its events then is done a moment later.
      long until =
          Math.min(detection.every().toNanos(), line.turned ? SOON.toNanos() : Long.MAX_VALUE);
      line.turned = false;
      line.due = Optional.of(clock.nanos() + until);
    }
    complaints.addAll(line.backgroundComplaints);
    return new Beside(line.background, lag, List.copyOf(complaints));
  }

  private Background background(
      InstanceKey key, Line line, Facts facts, Deadline deadline, List<String> complaints) {
    Dialect dialect = line.introduction.dialect();
    var told = new Detector(detection, key.host(), complaints);
    detection
        .traits()
        .forEach(
            (trait, teller) -> {
              boolean asks = !trait.ofCluster() || facts.channels().isEmpty();
              teller
                  .query()
                  .filter(q -> asks)
                  .flatMap(q -> value(line, trait.words(), q, deadline, complaints))
                  .ifPresent(answer -> told.told(trait, answer));
            });
    Optional<Cloud> cloud = Asked.cloud(line.optionals, facts.identity().version().text());
    if (line.postponed) {
      // What people say by queries is known at once: who may be promoted rests on it.
      return new Background(cloud, Optional.empty(), List.of(), told.result());
    }
    Optional<String> credentials = dialect.credentials();
    Optional<String> startup =
        dialect
            .startup()
            .filter(sql -> facts.settings().readOnly() && facts.primaryChannel().isPresent());
    // Only there it is told which are enabled.
    Optional<String> scheduled =
        Optional.of(dialect.events()).filter(sql -> !facts.settings().readOnly());
    together(
        line,
        Stream.of(
                Stream.of(dialect.dumpers()),
                startup.stream(),
                credentials.stream(),
                scheduled.stream())
            .flatMap(s -> s)
            .toList(),
        deadline,
        complaints);
    List<String> clients =
        rows(line, "clients", dialect.dumpers(), deadline, complaints).stream()
            .flatMap(rows -> rows.rows().stream())
            .flatMap(row -> Optional.ofNullable(row.get("host")).stream())
            .toList();
    // Whoever may not tell that is none the worse for it.
    Optional<Startup> started =
        startup
            .flatMap(sql -> rows(line, "startup", sql, deadline, new ArrayList<>()))
            .flatMap(rows -> Asked.startup(rows.rows(), facts.settings()));
    // Most are not allowed to read that, and need not be: it is not complained about.
    Optional<Boolean> given =
        credentials
            .flatMap(sql -> rows(line, "credentials", sql, deadline, new ArrayList<>()))
            .map(rows -> rows.first().map(r -> r.getOrDefault("user", "")).orElse(""))
            .map(user -> !user.isEmpty());
    // Who may see no events is told none.
    Optional<Events> events =
        scheduled
            .flatMap(sql -> rows(line, "events", sql, deadline, new ArrayList<>()))
            .flatMap(rows -> Asked.events(rows.rows()));
    return new Background(
        cloud,
        given,
        Asked.dumpers(clients, key, facts.reportedReplicas()),
        started,
        events,
        told.result());
  }

  /** Sends questions that will be asked, unless one of them made the server hang of late. */
  private static void together(
      Line line, List<String> questions, Deadline deadline, List<String> complaints) {
    if (!line.silences.isEmpty() || line.session == null) {
      return;
    }
    try {
      line.session.foretell(questions, deadline);
    } catch (ServerTrouble trouble) {
      complaints.add("no more could be asked: " + trouble.getMessage());
      line.drop();
    }
  }

  private Optional<String> value(
      Line line, String what, Detection.Query query, Deadline deadline, List<String> complaints) {
    Optional<Map<String, String>> row =
        rows(line, what, query.sql(), deadline, complaints).flatMap(Fleet.Rows::first);
    if (row.filter(r -> r.size() > 1).isPresent()) {
      complaints.add("the query for its " + what + " tells more than one column");
      return Optional.empty();
    }
    return row.flatMap(r -> r.values().stream().findFirst());
  }

  private Optional<Fleet.Rows> rows(
      Line line, String what, String sql, Deadline deadline, List<String> complaints) {
    Line.Silence silence = line.silences.get(what);
    if (silence != null && clock.nanos() - silence.until() < 0) {
      complaints.add(silence.sentence());
      return Optional.empty();
    }
    line.silences.remove(what);
    if (line.session == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(line.session.ask(sql, deadline));
    } catch (ServerTrouble trouble) {
      String sentence = "the query for its " + what + " failed: " + trouble.getMessage();
      complaints.add(sentence);
      if (trouble.condition() != Condition.SEEN) {
        line.drop();
        long until = clock.nanos() + detection.every().toNanos();
        line.silences.put(what, new Line.Silence(sentence, until));
      }
      return Optional.empty();
    }
  }

  private static Optional<Long> seconds(String text, List<String> complaints) {
    try {
      return Optional.of(Math.max(0, new BigDecimal(text.strip()).longValue()));
    } catch (NumberFormatException e) {
      complaints.add("the query for its lag tells \"" + text + "\", which is no number");
      return Optional.empty();
    }
  }
}
