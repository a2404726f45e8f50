package topiary.app.v1;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;
import topiary.engine.planner.Outlook;
import topiary.engine.planner.Questions;
import topiary.engine.planner.Readiness;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.JudgementRule;
import topiary.engine.recovery.Obstacles;
import topiary.engine.said.Freeze;
import topiary.engine.said.RuleKey;

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
    bound.put(Judging.RULES, this::rules);
    bound.put(Judging.SET_RULE, this::setRule);
    bound.put(Judging.BEGIN_FREEZE, this::beginFreeze);
    bound.put(Judging.END_FREEZE, this::endFreeze);
    bound.put(Judging.FROZEN, this::frozen);
    return bound;
  }

  private List<Tree> trees(Arguments with, Sight now) throws RequestRefused {
    Optional<String> hint = with.text("cluster");
    return hint.isPresent() ? List.of(finder.find(hint.get(), now)) : now.topology().trees();
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
                                    note(f.judgement().subject(), at)))
                    .collect(Collectors.joining("\n")));
  }

  private Map<String, Object> json(InTree f, Sight now, Instant at) {
    InstanceKey key = f.judgement().subject();
    return FindingJson.judgement(
        f.found(),
        now.clusters().get(key),
        !downtime(key, at).isEmpty(),
        freeze(key, at).isPresent());
  }

  private String downtime(InstanceKey key, Instant at) {
    return manager
        .state()
        .said()
        .downtime(key, at)
        .map(d -> "in downtime by " + d.owner() + (d.reason().isEmpty() ? "" : ": " + d.reason()))
        .orElse("");
  }

  /** What else is to be said of a server that something is found of. */
  private String note(InstanceKey key, Instant at) {
    Optional<Freeze> freeze = freeze(key, at);
    return Stream.of(downtime(key, at), freeze.map(f -> "the cluster " + f.words()).orElse(""))
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private Optional<Freeze> freeze(InstanceKey key, Instant at) {
    return manager.state().said().freeze(manager.state().instances().get(key), at);
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

  private Optional<ClusterId> cluster(Arguments with) throws RequestRefused {
    Optional<String> hint = with.text("cluster");
    return hint.isPresent()
        ? Optional.of(manager.registry().cluster(hint.get()))
        : Optional.empty();
  }

  private Answer rules(Arguments with, By by) throws RequestRefused {
    Optional<ClusterId> cluster = cluster(with);
    SortedMap<RuleKey, String> set = manager.state().said().rules();
    JudgementPolicy policy = JudgementRule.of(manager.policies().judgement(), set, cluster);
    var rules = new ArrayList<Map<String, Object>>();
    for (JudgementRule rule : JudgementRule.values()) {
      boolean own = cluster.isPresent() && set.containsKey(new RuleKey(cluster, rule.word()));
      boolean all = set.containsKey(new RuleKey(Optional.empty(), rule.word()));
      var json = new LinkedHashMap<String, Object>();
      json.put("rule", rule.word());
      json.put("value", rule.in(policy));
      json.put("setFor", own ? "cluster" : all ? "all" : null);
      json.put("help", rule.help());
      rules.add(json);
    }
    return Answer.ok(rules, ink -> rules.stream().map(Rules::line).collect(Collectors.joining()));
  }

  private Answer setRule(Arguments with, By by) throws RequestRefused {
    Optional<ClusterId> cluster = cluster(with);
    JudgementRule rule =
        manager.registry().rule(cluster, with.text("rule").orElseThrow(), with.text("value"), by);
    return Rules.set(
        rule.word(),
        rule.in(
            JudgementRule.of(
                manager.policies().judgement(), manager.state().said().rules(), cluster)),
        cluster);
  }

  private Answer beginFreeze(Arguments with, By by) throws BadArgument, RequestRefused {
    ClusterId cluster = cluster(with).orElseThrow();
    Freeze freeze =
        manager
            .registry()
            .freeze(
                cluster,
                with.text("owner").orElse(by.actor()),
                with.text("reason").orElse(""),
                with.moment("from"),
                with.span("duration"),
                by);
    return Answer.ok(
        json(cluster, freeze),
        ink ->
            "Nothing is done by itself about the failures of cluster "
                + cluster
                + " from "
                + freeze.since()
                + " until "
                + freeze.until()
                + ".\n");
  }

  private static Map<String, Object> json(ClusterId cluster, Freeze freeze) {
    var json = new LinkedHashMap<String, Object>();
    json.put("cluster", cluster.text());
    json.put("owner", freeze.owner());
    json.put("reason", freeze.reason());
    json.put("since", freeze.since().toString());
    json.put("until", freeze.until().toString());
    return json;
  }

  private Answer endFreeze(Arguments with, By by) throws RequestRefused {
    ClusterId cluster = cluster(with).orElseThrow();
    manager.registry().endFreeze(cluster, by);
    return Answer.ok(
        Map.of("cluster", cluster.text()), ink -> "Cluster " + cluster + " is frozen no more.\n");
  }

  private Answer frozen(Arguments with, By by) {
    Instant now = manager.world().now();
    var freezes = new TreeMap<>(manager.state().said().freezes());
    freezes.values().removeIf(f -> !f.holds(now));
    return Answer.ok(
        freezes.entrySet().stream().map(e -> json(e.getKey(), e.getValue())).toList(),
        ink ->
            freezes.isEmpty()
                ? "No cluster is frozen.\n"
                : freezes.entrySet().stream()
                    .map(
                        e ->
                            e.getKey()
                                + "  from "
                                + e.getValue().since()
                                + " until "
                                + e.getValue().until()
                                + "  "
                                + e.getValue().owner()
                                + "  "
                                + e.getValue().reason()
                                + "\n")
                    .collect(Collectors.joining()));
  }

  private Answer whyNot(Arguments with, By by) throws RequestRefused {
    Sight now = sight.get();
    Tree tree = finder.find(with.text("cluster").orElseThrow(), now);
    List<String> obstacles =
        Obstacles.to(
            manager.world(),
            manager.state(),
            manager.policies().recovery(),
            tree,
            // Where nobody leads, nobody else acts either.
            manager.leads() || manager.shows(),
            manager.turns());
    var json = new LinkedHashMap<String, Object>();
    json.put("cluster", now.id(tree));
    json.put("head", tree.head().toString());
    json.put("obstacles", obstacles);
    return Answer.ok(
        json,
        ink ->
            obstacles.isEmpty()
                ? "If "
                    + tree.head()
                    + " died now, its recovery would begin by itself: nothing is against it.\n"
                : "A recovery of "
                    + called(now, tree)
                    + " would be stopped now by:\n"
                    + obstacles.stream().map(o -> "  " + o + "\n").collect(Collectors.joining()));
  }
}
