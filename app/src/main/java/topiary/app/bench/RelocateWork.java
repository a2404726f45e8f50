package topiary.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import topiary.lab.sim.Kind;
import topiary.lab.tree.Tree;
import topiary.lab.wire.SimulatedSpec;

/**
 * How long it takes to move a server's replicas below another one, from the request to the end of
 * the plan, and how many statements the servers are told for it: by a node as users start it, on
 * simulated servers in this process whose head is written to.
 *
 * @param counts how many replicas, one tree after the other
 * @param rounds how often all of them are moved
 */
record RelocateWork(List<Integer> counts, int rounds) implements Measurement {

  private static final int WRITES = 100;

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var figures = new ArrayList<Figures>();
    for (int count : counts) {
      for (Kind kind : Kind.values()) {
        figures.addAll(run(program, kind, count));
      }
    }
    return figures;
  }

  private List<Figures> run(Program program, Kind kind, int count)
      throws IOException, InterruptedException {
    // Two below the head, and all others below the first of them.
    String replicas =
        IntStream.rangeClosed(1, count).mapToObj(i -> "r" + i).collect(Collectors.joining(","));
    Tree tree = Tree.parse("p(a(" + replicas + "),b)");
    SimulatedSpec spec = SimulatedSpec.of(tree, 1).kinds(List.of(kind)).writes(WRITES);
    var seconds = new ArrayList<Double>();
    var statements = new ArrayList<Double>();
    try (var fleet = new Fleet(program, spec)) {
      List<String> names = tree.members().stream().map(Tree.Member::name).toList();
      String from = fleet.addresses().get(names.indexOf("a")).toString();
      String to = fleet.addresses().get(names.indexOf("b")).toString();
      for (int round = 0; round < rounds; round++) {
        long asked = fleet.questions();
        long began = System.nanoTime();
        fleet.carryOut("relocate-replicas", Map.of("instance", from, "below", to));
        seconds.add((System.nanoTime() - began) / 1e9);
        statements.add((double) (fleet.questions() - asked));
        String back = from;
        from = to;
        to = back;
      }
    }
    String of = count + (count == 1 ? " replica, " : " replicas, ") + kind.id();
    return List.of(new Figures(of, "s", seconds), new Figures(of + ", statements", "", statements));
  }
}
