package topiary.engine.manager;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.port.Audit;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.PlanJournal.PlanRecord;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.engine.state.Verdict;

/**
 * The recoveries that were and that are under way, put together of what was written down.
 *
 * @param audit where that is; empty where nothing is kept
 * @param journal what was done for them
 */
public record RecoveryBook(Optional<Audit> audit, PlanJournal journal) {

  private static final Set<String> PARTS =
      Set.of("choose-successor", "close-recovery", "acknowledge-recoveries");

  /** So many rows one recovery has at most, and plans are looked through for one that ended. */
  private static final int MANY = 100;

  /**
   * Something that was said of a recovery.
   *
   * @param said what
   * @param at when
   * @param actor by whom
   */
  public record Said<T>(T said, Instant at, String actor) {}

  /**
   * A hook that was run.
   *
   * @param begun when
   * @param ended what came of it; empty while it runs, and for one whose node led no more
   */
  public record HookRun(Said<Command.BeginHook> begun, Optional<Said<Command.EndHook>> ended) {}

  /**
   * A recovery.
   *
   * @param opened how it began
   * @param chosen who was to take the place of the dead one; twice when the first died, too
   * @param closed how it ended; empty while it is under way
   * @param acknowledged who saw to it
   * @param plans what was done, in order
   * @param hooks what was run of an operator's commands, in order
   */
  public record Entry(
      Said<Command.OpenRecovery> opened,
      List<Said<Command.ChooseSuccessor>> chosen,
      Optional<Said<Command.CloseRecovery>> closed,
      Optional<Said<Command.AcknowledgeRecoveries>> acknowledged,
      List<PlanRecord> plans,
      List<HookRun> hooks) {

    public Entry {
      chosen = List.copyOf(chosen);
      plans = List.copyOf(plans);
      hooks = List.copyOf(hooks);
    }

    /** One of which no hooks are known. */
    public Entry(
        Said<Command.OpenRecovery> opened,
        List<Said<Command.ChooseSuccessor>> chosen,
        Optional<Said<Command.CloseRecovery>> closed,
        Optional<Said<Command.AcknowledgeRecoveries>> acknowledged,
        List<PlanRecord> plans) {
      this(opened, chosen, closed, acknowledged, plans, List.of());
    }

    public RecoveryId id() {
      return opened.said().id();
    }
  }

  /**
   * The latest, newest first, without what was done for them.
   *
   * @param about a cluster or a server; empty for all
   * @param limit at most so many
   */
  public List<Entry> latest(Optional<String> about, int limit) {
    Set<String> subject = Set.of(about.orElse(Deeds.RECOVERIES));
    return rows(subject, Set.of("open-recovery"), limit)
        .flatMap(row -> said(row, Command.OpenRecovery.class).stream())
        .map(opened -> entry(opened, false))
        .toList();
  }

  /** One, with all that was done for it. */
  public Optional<Entry> find(RecoveryId id) {
    return rows(Set.of(id.text()), Set.of("open-recovery"), 1)
        .flatMap(row -> said(row, Command.OpenRecovery.class).stream())
        .findFirst()
        .map(opened -> entry(opened, true));
  }

  /** How one began. */
  Optional<Command.OpenRecovery> opening(RecoveryId id) {
    return rows(Set.of(id.text()), Set.of("open-recovery"), 1)
        .flatMap(row -> said(row, Command.OpenRecovery.class).stream())
        .map(Said::said)
        .findFirst();
  }

  private Entry entry(Said<Command.OpenRecovery> opened, boolean whole) {
    RecoveryId id = opened.said().id();
    List<Audit.Row> rows = rows(Set.of(id.text()), PARTS, MANY).toList().reversed();
    var chosen = new ArrayList<Said<Command.ChooseSuccessor>>();
    rows.forEach(row -> said(row, Command.ChooseSuccessor.class).ifPresent(chosen::add));
    Optional<Said<Command.CloseRecovery>> closed =
        rows.stream().flatMap(r -> said(r, Command.CloseRecovery.class).stream()).findFirst();
    return new Entry(
        opened,
        chosen,
        closed,
        rows.stream()
            .flatMap(r -> said(r, Command.AcknowledgeRecoveries.class).stream())
            .findFirst(),
        whole ? plans(opened, closed) : List.of(),
        whole ? hooks(id) : List.of());
  }

  /** Oldest first; of one that was begun again every attempt. */
  private List<HookRun> hooks(RecoveryId id) {
    var runs = new ArrayList<HookRun>();
    for (Audit.Row row :
        rows(Set.of(id.text()), Set.of("begin-hook", "end-hook"), MANY).toList().reversed()) {
      said(row, Command.BeginHook.class)
          .ifPresent(begun -> runs.add(new HookRun(begun, Optional.empty())));
      said(row, Command.EndHook.class).ifPresent(ended -> end(runs, ended));
    }
    return runs;
  }

  private static void end(List<HookRun> runs, Said<Command.EndHook> ended) {
    Command.EndHook end = ended.said();
    for (int i = 0; i < runs.size(); i++) {
      Command.BeginHook begun = runs.get(i).begun().said();
      if (begun.list() == end.list()
          && begun.number() == end.number()
          && begun.attempt() == end.attempt()) {
        runs.set(i, new HookRun(runs.get(i).begun(), Optional.of(ended)));
        return;
      }
    }
    // It was never begun: why not is what there is to tell.
    var never = new Command.BeginHook(end.id(), end.list(), end.number(), end.attempt());
    runs.add(new HookRun(new Said<>(never, ended.at(), ended.actor()), Optional.of(ended)));
  }

  /**
   * Those that the node which ended it names, and those of nodes before it, while they are kept.
   */
  private List<PlanRecord> plans(
      Said<Command.OpenRecovery> opened, Optional<Said<Command.CloseRecovery>> closed) {
    RecoveryId id = opened.said().id();
    List<PlanId> named = closed.map(c -> c.said().plans()).orElse(List.of());
    Stream<PlanRecord> known = named.stream().flatMap(plan -> journal.plan(plan).stream());
    // Of one that has ended the rest was long ago, and may be far down in the journal.
    String actor = "recovery " + id;
    List<PlanRecord> latest =
        closed.isEmpty() ? DoneFor.plans(journal, actor, opened.at()) : journal.latest(MANY);
    Stream<PlanRecord> others =
        latest.stream()
            .filter(plan -> plan.actor().equals(actor))
            .filter(plan -> !named.contains(plan.id()));
    return Stream.concat(known, others).sorted(Comparator.comparing(PlanRecord::opened)).toList();
  }

  private Stream<Audit.Row> rows(Set<String> about, Set<String> types, int limit) {
    return audit.stream()
        .flatMap(a -> a.rows(new Audit.Asked(about, types, Optional.empty(), 0, limit)).stream())
        .filter(row -> row.verdict() instanceof Verdict.Accepted);
  }

  private static <T extends Command> Optional<Said<T>> said(Audit.Row row, Class<T> type) {
    return Optional.of(row.entry().command())
        .filter(type::isInstance)
        .map(type::cast)
        .map(c -> new Said<>(c, row.entry().header().at(), row.entry().header().actor()));
  }
}
