package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

class ClustersTest {

  private ManagerState state = ManagerState.EMPTY;
  private int ids;

  @Test
  void aNewTreeGetsOneIdWithItsHead() {
    register("p", "r1", "r2");
    settle(Trees.of("p(r1,r2)"));
    ClusterId id = idOf("p");
    assertEquals(id, idOf("r1"));
    assertEquals(id, idOf("r2"));
    assertEquals(key("p"), state.heads().get(id));
    assertEquals(1, state.heads().size());
  }

  @Test
  void aTreeThatJoinsAnotherTakesItsId() {
    register("p", "r", "q", "s");
    settle(Trees.of("p(r) q(s)"));
    ClusterId p = idOf("p");
    assertNotEquals(p, idOf("q"));
    settle(Trees.of("p(r,q(s))"));
    assertEquals(p, idOf("q"));
    assertEquals(p, idOf("s"));
    assertEquals(List.of(p), List.copyOf(state.heads().keySet()));
  }

  @Test
  void theIdFollowsAFailover() {
    register("p", "r1", "r2");
    settle(Trees.of("p(r1,r2)"));
    ClusterId id = idOf("p");
    settle(Trees.of("r1(p,r2)"));
    assertEquals(id, idOf("r2"));
    assertEquals(key("r1"), state.heads().get(id));
  }

  @Test
  void aSplitLeavesTheIdWithTheRecordedHead() {
    register("a", "b", "p", "r");
    settle(Trees.of("p(a(b),r)"));
    ClusterId id = idOf("p");
    // The part that splits off comes first in order and must not take it.
    settle(Trees.of("p(r) a(b)"));
    assertEquals(id, idOf("p"));
    assertEquals(id, idOf("r"));
    assertNotEquals(id, idOf("a"));
    assertEquals(idOf("a"), idOf("b"));
    assertEquals(key("a"), state.heads().get(idOf("a")));
  }

  @Test
  void ofTwoTreesUnderANewHeadTheLargerNamesIt() {
    register("p", "r", "q", "s", "t", "new");
    settle(Trees.of("p(r) q(s,t) new"));
    ClusterId large = idOf("q");
    // The new head's own id is kept when it has one; a head without one leaves it to the larger.
    state = apply(new Command.ForgetInstance(key("new")), state);
    state = apply(new Command.RegisterInstance(key("new"), fresh()), state);
    settle(Trees.of("new(p(r),q(s,t))"));
    assertEquals(large, idOf("new"));
    assertEquals(large, idOf("p"));
  }

  @Test
  void aTreeWithAMemberNotTakenInYetWaits() {
    register("p");
    Topology topology = Trees.of("p(r)").topology();
    assertEquals(List.of(), Clusters.reconcile(topology, state, this::fresh));
  }

  @Test
  void afterItsCommandsNothingIsLeftToDoForAnyForest() {
    var random = new Random(21);
    int busy = 0;
    for (int run = 0; run < 400; run++) {
      state = ManagerState.EMPTY;
      int size = 1 + random.nextInt(10);
      for (int i = 0; i < size; i++) {
        register("s" + i);
      }
      // One forest after another over the same servers: joins, splits and rings at random.
      for (int step = 0; step < 6; step++) {
        Topology topology = Trees.random(random, size).topology();
        List<Command> commands = Clusters.reconcile(topology, state, this::fresh);
        busy += commands.isEmpty() ? 0 : 1;
        for (Command command : commands) {
          state = apply(command, state);
        }
        assertEquals(
            List.of(),
            Clusters.reconcile(topology, state, this::fresh),
            () -> topology.trees() + " with " + state);
        var ids = new HashSet<ClusterId>();
        for (Tree tree : topology.trees()) {
          // Its source was named just now and comes next; until then nobody knows whose it is.
          boolean waits =
              topology
                  .instance(tree.head())
                  .flatMap(Instance::source)
                  .filter(source -> !topology.instances().containsKey(source))
                  .isPresent();
          if (waits) {
            continue;
          }
          ClusterId id = state.instances().get(tree.head());
          assertTrue(ids.add(id), "two trees with one id");
          assertEquals(tree.head(), state.heads().get(id));
          for (InstanceKey member : tree.members()) {
            assertEquals(id, state.instances().get(member));
          }
        }
        assertTrue(state.heads().keySet().containsAll(ids), state::toString);
      }
    }
    assertTrue(busy > 1_000, "too little happened: " + busy);
  }

  @Test
  void anIdStaysForAsLongAsItsHeadIsThere() {
    var random = new Random(22);
    int kept = 0;
    for (int run = 0; run < 400; run++) {
      state = ManagerState.EMPTY;
      int size = 2 + random.nextInt(8);
      for (int i = 0; i < size; i++) {
        register("s" + i);
      }
      settle(Trees.random(random, size));
      var before = state;
      Topology next = Trees.random(random, size).topology();
      for (Command command : Clusters.reconcile(next, state, this::fresh)) {
        state = apply(command, state);
      }
      for (Tree tree : next.trees()) {
        ClusterId was = before.instances().get(tree.head());
        if (tree.head().equals(before.heads().get(was))) {
          kept++;
          assertEquals(was, state.instances().get(tree.head()));
        }
      }
    }
    assertTrue(kept > 200, "too few were kept: " + kept);
  }

  private void settle(Trees trees) {
    for (Command command : Clusters.reconcile(trees.topology(), state, this::fresh)) {
      state = apply(command, state);
    }
    assertEquals(List.of(), Clusters.reconcile(trees.topology(), state, this::fresh));
  }

  private void register(String... names) {
    for (String name : names) {
      state = apply(new Command.RegisterInstance(key(name), fresh()), state);
    }
  }

  private ClusterId idOf(String name) {
    return state.instances().get(key(name));
  }

  private ClusterId fresh() {
    return new ClusterId("c%012x".formatted(++ids));
  }

  private static ManagerState apply(Command command, ManagerState state) {
    ManagerState.Applied applied =
        state.apply(
            new Entry(new Header(new UUID(0, 1), "t", "t", Instant.EPOCH, Header.LEVEL), command));
    assertEquals(Verdict.ACCEPTED, applied.verdict());
    return applied.state();
  }
}
