package topiary.app.v1;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import topiary.app.json.FindingJson;
import topiary.app.text.FindingText;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Judging;
import topiary.engine.catalogue.Operation;
import topiary.engine.finding.Finding;
import topiary.engine.finding.Severity;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;
import topiary.engine.planner.Obstacles;
import topiary.engine.planner.Outlook;
import topiary.engine.planner.Questions;
import topiary.engine.planner.Readiness;

/** What is wrong, and what would be. */
final class JudgingAnswers {

  private final Manager manager;
  private final Supplier<Sight> sight;
  private final Finder finder;

  /** Finds the tree that is meant. */
  interface Finder {
    Tree find(String hint, Sight sight) throws RequestRefused;
  }

  JudgingAnswers(Manager manager, Supplier<Sight> sight, Finder finder) {
    this.manager = manager;
    this.sight = sight;
    this.finder = finder;
  }

  /** What answers each of its operations. */
  Map<Operation, Operations.Bound> bound() {
    var bound = new LinkedHashMap<Operation, Operations.Bound>();
    bound.put(Judging.ANALYSIS, this::analysis);
    bound.put(Judging.WHAT_IF_DEAD, this::whatIfDead);
    bound.put(Judging.READINESS, this::readiness);
    bound.put(Judging.WHY_NOT, this::whyNot);
    return bound;
  }

  private List<Tree> trees(Arguments with, Sight now) throws RequestRefused {
    Optional<String> hint = with.text("cluster");
    return hint.isPresent()
        ? List.of(finder.find(hint.get(), now))
        : now.ofAll().topology().trees();
  }

  private static String called(Sight now, Tree tree) {
    return now.called(tree).orElseGet(() -> tree.head().toString());
  }

  private Answer analysis(Arguments with, By by) throws RequestRefused {
    Sight now = sight.get();
    Instant at = manager.world().now();
    var found = new ArrayList<InTree>();
    Map<InstanceKey, Found> all = manager.found();
    for (Tree tree : trees(with, now)) {
      for (InstanceKey key : tree.members()) {
        Found one = all.get(key);
        if (one != null) {
          found.add(new InTree(one, tree));
        }
      }
    }
    found.sort(
        Comparator.comparing((InTree f) -> f.severity())
            .thenComparing(f -> f.judgement().subject()));
    return Answer.ok(
        found.stream().map(f -> json(f, now, at)).toList(),
        ink ->
            found.isEmpty()
                ? "Nothing is wrong.\n"
                : found.stream()
                    .map(
                        f ->
                            new FindingText(ink, at)
                                .judgement(
                                    f.judgement(),
                                    called(now, f.tree()),
                                    f.found().failingSince(),
                                    downtime(f.judgement().subject(), at)))
                    .collect(Collectors.joining("\n")));
  }

  private Map<String, Object> json(InTree f, Sight now, Instant at) {
    InstanceKey key = f.judgement().subject();
    return FindingJson.judgement(f.found(), now.clusters().get(key), !downtime(key, at).isEmpty());
  }

  private String downtime(InstanceKey key, Instant at) {
    return manager
        .state()
        .said()
        .downtime(key, at)
        .map(d -> "in downtime by " + d.owner() + (d.reason().isEmpty() ? "" : ": " + d.reason()))
        .orElse("");
  }

  private record InTree(Found found, Tree tree) {

    Judgement judgement() {
      return found.judgement();
    }

    Severity severity() {
      return judgement().findings().stream()
          .map(Finding::code)
          .map(code -> code.severity())
          .min(Comparator.naturalOrder())
          .orElse(Severity.WARNING);
    }
  }

  private Answer whatIfDead(Arguments with, By by) throws BadArgument, RequestRefused {
    try {
      World world = manager.world();
      Outlook outlook = Outlook.on(world, manager.real(with.instance("instance")));
      return Answer.ok(
          FindingJson.outlook(outlook), ink -> new FindingText(ink, world.now()).outlook(outlook));
    } catch (Questions.Unanswerable e) {
      throw new RequestRefused(RequestRefused.Kind.UNKNOWN, e.getMessage(), e);
    }
  }

  private Answer readiness(Arguments with, By by) throws RequestRefused {
    Sight now = sight.get();
    World world = manager.world();
    List<Tree> trees = trees(with, now);
    var ready = new LinkedHashMap<Tree, Readiness>();
    Function<Tree, Readiness> of = tree -> Readiness.of(world, tree);
    trees.stream()
        .map(tree -> Map.entry(tree, of.apply(tree)))
        .sorted(
            Comparator.comparing((Map.Entry<Tree, Readiness> e) -> e.getValue().score())
                .thenComparing(e -> e.getKey().head()))
        .forEach(e -> ready.put(e.getKey(), e.getValue()));
    return Answer.ok(
        ready.entrySet().stream()
            .map(e -> FindingJson.readiness(e.getValue(), now.id(e.getKey())))
            .toList(),
        ink ->
            ready.isEmpty()
                ? "No servers are known yet.\n"
                : ready.entrySet().stream()
                    .map(
                        e ->
                            new FindingText(ink, world.now())
                                .readiness(e.getValue(), called(now, e.getKey())))
                    .collect(Collectors.joining("\n")));
  }

  private Answer whyNot(Arguments with, By by) throws RequestRefused {
    Sight now = sight.get();
    Tree tree = finder.find(with.text("cluster").orElseThrow(), now);
    List<String> obstacles =
        Obstacles.to(
            manager.world(),
            tree,
            manager.state().plans().values().stream().map(p -> p.plan()).toList(),
            manager.leads());
    var json = new LinkedHashMap<String, Object>();
    json.put("cluster", now.id(tree));
    json.put("head", tree.head().toString());
    json.put("obstacles", obstacles);
    return Answer.ok(
        json,
        ink ->
            "A recovery of "
                + called(now, tree)
                + " would be stopped now by:\n"
                + obstacles.stream().map(o -> "  " + o + "\n").collect(Collectors.joining()));
  }
}
