package topiary.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import topiary.app.nodes.LocalNode;
import topiary.app.nodes.NodeProgram;

/** How many commands three nodes take, and how long one takes, by how many writers there are. */
final class RaftCommit implements Measurement {

  private static final List<Integer> WRITERS = List.of(1, 16, 64);
  private static final int SECONDS = 10;

  @Override
  public List<Figures> run(Program program) throws IOException {
    try (var raft = new RaftCluster(3)) {
      LocalNode first = raft.nodes().getFirst();
      var arguments = new ArrayList<>(List.of("--config", first.config().toString()));
      arguments.add(Integer.toString(SECONDS));
      WRITERS.forEach(n -> arguments.add(Integer.toString(n)));
      raft.cluster().launch(first, NodeProgram.java(WritingNode.class.getName(), arguments));
      first.awaitReady();
      for (LocalNode other : raft.nodes().subList(1, 3)) {
        raft.cluster().start(other);
      }
      raft.nodes().subList(1, 3).forEach(LocalNode::awaitReady);
      RaftCluster.await(
          "the writers are done", () -> first.said().contains(WritingNode.DONE) || !first.alive());
      return figures(first.said());
    }
  }

  private static List<Figures> figures(List<String> said) throws IOException {
    var rates = new LinkedHashMap<String, Figures>();
    for (String line : said) {
      String[] words = line.split("\t");
      if (words.length == 5 && words[0].equals(WritingNode.RESULT)) {
        String of = words[1] + " writers,";
        rates.put(of + 1, figure(of + " commits", "1/s", words[2]));
        rates.put(of + 2, figure(of + " p50", "ms", words[3]));
        rates.put(of + 3, figure(of + " p99", "ms", words[4]));
      }
    }
    if (rates.size() != 3 * WRITERS.size()) {
      throw new IOException("the writers have ended early: " + said);
    }
    return List.copyOf(rates.values());
  }

  private static Figures figure(String of, String unit, String value) {
    return new Figures(of, unit, List.of(Double.parseDouble(value)));
  }
}
