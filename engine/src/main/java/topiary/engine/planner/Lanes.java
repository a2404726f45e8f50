package topiary.engine.planner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;

/** Plans put together to one. */
final class Lanes {

  private Lanes() {}

  /** Each after the one before it has ended well. */
  static List<Stage> inOrder(List<Plan> plans) {
    if (plans.stream().allMatch(Plan::oneAfterTheOther)) {
      return plans.stream().flatMap(plan -> plan.stages().stream()).toList();
    }
    var stages = new ArrayList<Stage>();
    List<Integer> before = List.of();
    for (Plan plan : plans) {
      before = append(stages, plan, before);
    }
    return stages;
  }

  /**
   * All at once, but for those that would get into each other's way: what changes a server that an
   * earlier one uses, or the other way round, comes after it.
   */
  static List<Stage> sideBySide(List<Plan> plans) {
    if (plans.size() == 1) {
      return plans.getFirst().stages();
    }
    var stages = new ArrayList<Stage>();
    var ends = new ArrayList<List<Integer>>();
    for (int i = 0; i < plans.size(); i++) {
      Plan plan = plans.get(i);
      Set<Integer> after = new TreeSet<>();
      for (int j = 0; j < i; j++) {
        if (disturb(plan, plans.get(j)) || disturb(plans.get(j), plan)) {
          after.addAll(ends.get(j));
        }
      }
      int first = stages.size();
      append(stages, plan, List.copyOf(after));
      ends.add(last(plan).stream().map(stage -> first + stage).toList());
    }
    return stages;
  }

  private static boolean disturb(Plan one, Plan other) {
    Set<InstanceKey> used = other.targets();
    return !Collections.disjoint(one.changed(), used);
  }

  /** The stages after which nothing comes. */
  private static List<Integer> last(Plan plan) {
    return IntStream.range(0, plan.stages().size())
        .filter(
            stage ->
                IntStream.range(0, plan.stages().size())
                    .noneMatch(later -> plan.before(later).contains(stage)))
        .boxed()
        .toList();
  }

  /** Adds a plan's stages; the places of all of them. */
  private static List<Integer> append(List<Stage> stages, Plan plan, List<Integer> after) {
    int first = stages.size();
    for (int i = 0; i < plan.stages().size(); i++) {
      List<Integer> before = plan.before(i).stream().map(stage -> first + stage).toList();
      Optional<Stage.Start> start = plan.stages().get(i).start();
      stages.add(
          plan.stages()
              .get(i)
              .startedAt(
                  new Stage.Start(
                      before.isEmpty() ? after : before,
                      start.map(Stage.Start::inAnyCase).orElse(false))));
    }
    return IntStream.range(first, stages.size()).boxed().toList();
  }
}
