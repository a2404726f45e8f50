package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import topiary.app.gateway.Seen;

/** What happened while nobody looked: told for a moment, and kept to be read. */
public final class NewsModel {

  static final int KEPT = 200;
  static final int TOLD = 3;
  private static final Duration MOMENT = Duration.ofSeconds(8);

  private final ReadOnlyObjectProperty<Seen> seen;
  private final ReadOnlyObjectProperty<PlanModel.State> plan;
  private final ReadOnlyObjectWrapper<List<Notice>> latest = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<Notice>> told = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyIntegerWrapper unread = new ReadOnlyIntegerWrapper();
  private final BooleanProperty open = new SimpleBooleanProperty();
  private final List<PlanModel.State> ended = new ArrayList<>();
  private final List<Notice> others = new ArrayList<>();
  private Seen compared = Seen.NOTHING;

  NewsModel(ReadOnlyObjectProperty<Seen> seen, ReadOnlyObjectProperty<PlanModel.State> plan) {
    this.seen = seen;
    this.plan = plan;
    plan.subscribe(
        (before, now) -> {
          if (before.running() && now.phase() == PlanModel.Phase.ENDED) {
            ended.add(now);
          }
        });
    open.subscribe(is -> unread.set(0));
  }

  /** The latest news, newest first. */
  public ReadOnlyObjectProperty<List<Notice>> latest() {
    return latest.getReadOnlyProperty();
  }

  /** What is told at this moment, oldest first. */
  public ReadOnlyObjectProperty<List<Notice>> told() {
    return told.getReadOnlyProperty();
  }

  /** How many came since the list was looked at. */
  public ReadOnlyIntegerProperty unread() {
    return unread.getReadOnlyProperty();
  }

  /** Whether the list is looked at. */
  public BooleanProperty open() {
    return open;
  }

  /**
   * To be called about once a second, so that what happens to many within a second is said once.
   */
  public void tick(Instant now) {
    var fresh = new ArrayList<Notice>();
    ended.forEach(plan -> fresh.add(end(plan, now)));
    ended.clear();
    fresh.addAll(others);
    others.clear();
    Seen next = seen.get();
    fresh.addAll(News.between(compared, next, now));
    compared = next;
    expire(now);
    if (!fresh.isEmpty()) {
      latest.set(Stream.concat(fresh.stream(), latest.get().stream()).limit(KEPT).toList());
      unread.set(open.get() ? 0 : Math.min(KEPT, unread.get() + fresh.size()));
      told.set(crowd(fresh));
    }
  }

  /** Tells something that happened, at the next tick. */
  void tell(Notice notice) {
    others.add(notice);
  }

  private static Notice end(PlanModel.State plan, Instant now) {
    return new Notice(
        Notice.About.PLAN,
        plan.done() ? Notice.Severity.GOOD : Notice.Severity.WARNING,
        (plan.done() ? "Done: " : "Not done: ") + plan.intent() + ".",
        now,
        Optional.empty());
  }

  private void expire(Instant now) {
    List<Notice> still =
        told.get().stream()
            .filter(n -> n.severity() == Notice.Severity.ERROR || now.isBefore(n.at().plus(MOMENT)))
            .toList();
    if (still.size() != told.get().size()) {
      told.set(still);
    }
  }

  /** Where there is no room for all, what matters less goes first, then what is older. */
  private List<Notice> crowd(List<Notice> fresh) {
    var kept = new ArrayList<>(told.get());
    kept.removeIf(old -> fresh.stream().anyMatch(n -> n.settles(old)));
    fresh.reversed().stream().filter(n -> !shown(n)).forEach(kept::add);
    while (kept.size() > TOLD) {
      Notice least =
          kept.stream().min((a, b) -> a.severity().compareTo(b.severity())).orElseThrow();
      kept.remove(least);
    }
    return List.copyOf(kept);
  }

  /** Whether the plan's sheet, or the banner while the node is gone, says it at this moment. */
  private boolean shown(Notice notice) {
    return switch (notice.about()) {
      case PLAN -> plan.get().phase() != PlanModel.Phase.NONE;
      case NODE -> notice.severity() == Notice.Severity.ERROR;
      case SERVERS -> false;
    };
  }

  /** Puts away what is told. */
  public void dismiss(Notice notice) {
    told.set(told.get().stream().filter(n -> n != notice).toList());
  }

  /** Forgets all of it. */
  public void clear() {
    latest.set(List.of());
    told.set(List.of());
    unread.set(0);
  }
}
