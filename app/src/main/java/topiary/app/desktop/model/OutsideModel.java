package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.Seen;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.OfServer;

/**
 * Tells outside of the window what is broken for certain, and what is so no more, while nobody
 * looks at it. What somebody has said to know of, by downtime or maintenance, is not told before
 * that ends.
 */
public final class OutsideModel {

  /** From one message to the next, at least; what comes in between goes together. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** So much is told in words; the rest is counted. */
  private static final int SPOKEN = 5;

  /**
   * A server and what is wrong with it.
   *
   * @param server which
   * @param code what
   */
  private record Subject(InstanceKey server, String code) {}

  /**
   * What is to be told.
   *
   * @param over whether it is so no more
   * @param finding what
   */
  private record Event(boolean over, FindingView finding) {}

  private final Outside outside;
  private final ReadOnlyObjectProperty<Seen> live;
  private final Tasks tasks;
  private final NewsModel news;
  private final Consumer<String> why;

  /** What people can know of: it was told, or somebody looked at the window when it began. */
  private final Map<Subject, FindingView> known = new LinkedHashMap<>();

  private final Map<Subject, Event> pending = new LinkedHashMap<>();
  private Seen compared = Seen.NOTHING;
  private Instant next = Instant.MIN;
  private String trouble = "";

  /**
   * A model.
   *
   * @param live what is seen now
   * @param news tells in the window what could not be shown outside of it
   * @param why hears why it could not, a sentence, when that is another reason than before
   */
  OutsideModel(
      Outside outside,
      ReadOnlyObjectProperty<Seen> live,
      Tasks tasks,
      NewsModel news,
      Consumer<String> why) {
    this.outside = outside;
    this.live = live;
    this.tasks = tasks;
    this.news = news;
    this.why = why;
  }

  /** To be called about once a second. */
  public void tick(Instant now) {
    Seen seen = live.get();
    if (seen.heard().isEmpty()) {
      return;
    }
    if (compared.heard().isEmpty()) {
      // What was so before the window looked is no news.
      known.putAll(certain(seen));
    } else if (seen.found() != compared.found() || seen.said() != compared.said()) {
      compare(seen);
    }
    compared = seen;
    if (outside.looking().get() || !outside.wanted().get()) {
      pending.clear();
    } else if (!pending.isEmpty() && !now.isBefore(next)) {
      next = now.plus(PAUSE);
      tell(List.copyOf(pending.entrySet()), now);
      pending.clear();
    }
  }

  private void compare(Seen seen) {
    Map<Subject, FindingView> is = certain(seen);
    is.forEach(
        (subject, finding) -> {
          if (!known.containsKey(subject) && !hushed(seen.said(subject.server()))) {
            known.put(subject, finding);
            // What was over for less than a pause goes on.
            if (pending.remove(subject) == null) {
              pending.put(subject, new Event(false, finding));
            }
          }
        });
    Set<Subject> over = new HashSet<>(known.keySet());
    over.removeAll(is.keySet());
    Set<InstanceKey> broken = is.keySet().stream().map(Subject::server).collect(Collectors.toSet());
    for (Subject subject : over) {
      FindingView was = known.remove(subject);
      // What ends before anybody was told of it is not worth telling; where it became something
      // else, that is the news.
      if (pending.remove(subject) == null
          && !broken.contains(subject.server())
          && !hushed(seen.said(subject.server()))) {
        pending.put(subject, new Event(true, was));
      }
    }
  }

  private static boolean hushed(OfServer of) {
    return of.downtime().isPresent() || of.maintenance().isPresent();
  }

  private static Map<Subject, FindingView> certain(Seen seen) {
    var all = new LinkedHashMap<Subject, FindingView>();
    seen.found()
        .forEach(
            (key, found) ->
                found.stream()
                    .filter(FindingView::certain)
                    .forEach(f -> all.put(new Subject(key, f.code()), f)));
    return all;
  }

  private void tell(List<Map.Entry<Subject, Event>> events, Instant now) {
    Message message = message(events);
    tasks.think(() -> outside.way().show(message), answer -> told(events, answer, now));
  }

  private void told(List<Map.Entry<Subject, Event>> events, String answer, Instant now) {
    if (!answer.isEmpty()) {
      // Failures are told in the window anyway.
      events.stream()
          .filter(e -> e.getValue().finding().severity() != Severity.FAILURE)
          .forEach(e -> news.tell(notice(e, now)));
      if (!answer.equals(trouble)) {
        why.accept(answer);
      }
    }
    trouble = answer;
  }

  private static Notice notice(Map.Entry<Subject, Event> event, Instant now) {
    return new Notice(
        Notice.About.SERVERS,
        event.getValue().over() ? Notice.Severity.GOOD : Notice.Severity.ERROR,
        line(event) + ".",
        now,
        Optional.of(event.getKey().server()));
  }

  private static Message message(List<Map.Entry<Subject, Event>> events) {
    var begun = new ArrayList<Map.Entry<Subject, Event>>();
    var over = new ArrayList<Map.Entry<Subject, Event>>();
    events.forEach(e -> (e.getValue().over() ? over : begun).add(e));
    String title =
        begun.isEmpty()
            ? "Well again: " + whose(over)
            : Words.capital(begun.getFirst().getKey().code()) + ": " + whose(begun);
    begun.addAll(over);
    int more = begun.size() - SPOKEN;
    return new Message(
        begun.stream().anyMatch(e -> !e.getValue().over()),
        title,
        begun.stream().limit(SPOKEN).map(OutsideModel::line).collect(Collectors.joining("\n"))
            + (more > 0 ? "\nand " + more + " more" : ""));
  }

  private static String whose(List<Map.Entry<Subject, Event>> events) {
    return events.getFirst().getKey().server()
        + (events.size() > 1 ? " and " + (events.size() - 1) + " more" : "");
  }

  private static String line(Map.Entry<Subject, Event> event) {
    Subject subject = event.getKey();
    FindingView finding = event.getValue().finding();
    return event.getValue().over()
        ? subject.server() + ": no more " + subject.code()
        : subject.server() + ": " + finding.words();
  }
}
