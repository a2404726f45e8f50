package topiary.engine.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.model.InstanceKey;

/** Which of a plan's stages come after which. */
final class StageOrder {

  private StageOrder() {}

  static List<Integer> before(List<Stage> stages, int stage) {
    return stages
        .get(stage)
        .start()
        .map(Stage.Start::after)
        .orElse(stage == 0 ? List.of() : List.of(stage - 1));
  }

  /**
   * Stages that may be under way together must not get into each other's way: what one changes, the
   * other does not use.
   *
   * @throws IllegalArgumentException when they do, or when the order is none
   */
  static void check(List<Stage> stages) {
    List<BitSet> earlier = earlier(stages);
    List<Set<InstanceKey>> changed = stages.stream().map(s -> servers(s, true)).toList();
    List<Set<InstanceKey>> used = stages.stream().map(s -> servers(s, false)).toList();
    for (int i = 0; i < stages.size(); i++) {
      BitSet before = earlier.get(i);
      for (int j = before.nextClearBit(0); j < i; j = before.nextClearBit(j + 1)) {
        if (!Collections.disjoint(changed.get(i), used.get(j))
            || !Collections.disjoint(used.get(i), changed.get(j))) {
          throw new IllegalArgumentException(
              "\""
                  + stages.get(j).title()
                  + "\" and \""
                  + stages.get(i).title()
                  + "\" cannot be done side by side");
        }
      }
    }
  }

  /** Of each stage, all that come before it. */
  private static List<BitSet> earlier(List<Stage> stages) {
    var all = new ArrayList<BitSet>();
    for (int i = 0; i < stages.size(); i++) {
      var earlier = new BitSet();
      for (int before : before(stages, i)) {
        if (before < 0 || before >= i) {
          throw new IllegalArgumentException(
              "\"" + stages.get(i).title() + "\" cannot begin after stage " + before);
        }
        earlier.set(before);
        earlier.or(all.get(before));
      }
      all.add(earlier);
    }
    return all;
  }

  private static Set<InstanceKey> servers(Stage stage, boolean changed) {
    return Stream.concat(stage.steps().stream(), stage.lastly().stream())
        .filter(step -> !changed || step.changes())
        .map(Step::target)
        .collect(Collectors.toSet());
  }
}
