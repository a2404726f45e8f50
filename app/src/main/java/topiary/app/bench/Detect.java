package topiary.app.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import topiary.app.nodes.NodeApi;
import topiary.engine.finding.Code;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;

/**
 * How long it takes from a primary's death until a node as users start it, with the shipped
 * settings, tells of it: on real servers of the standard kind, a primary with two replicas.
 *
 * @param hangs whether it is frozen instead, and what is measured is until it is suspected
 * @param rounds how often
 */
record Detect(boolean hangs, int rounds) implements Measurement {

  @Override
  public List<Figures> run(Program program) throws IOException {
    Cache cache = Cache.standard();
    Path folder = cache.root().resolve("bench").resolve("detect-" + ProcessHandle.current().pid());
    Disk.delete(folder);
    Disk.makePrivate(folder);
    try (var lab = Lab.start(LabSpec.of(cache, Lab.freeName(cache, "detect"), "p(a,b)"))) {
      Process node =
          program
              .with(List.of("node", "--config", OnServers.config(lab, folder).toString()), Map.of())
              .start();
      try {
        var api = new NodeApi(URI.create(Fleet.ready(node.inputReader(StandardCharsets.UTF_8))));
        return List.of(new Figures("", "s", rounds(lab, api)));
      } finally {
        Program.end(node, "the node");
      }
    } finally {
      Disk.delete(folder);
    }
  }

  private List<Double> rounds(Lab lab, NodeApi api) {
    OnServers.await(() -> OnServers.seen(api) == lab.members().size(), "not all servers are seen");
    var seconds = new ArrayList<Double>();
    Code wanted = hangs ? Code.UNREACHABLE_MASTER : Code.DEAD_MASTER;
    for (int round = 0; round < rounds; round++) {
      OnServers.await(() -> found(api, failure -> true) == 0, "somebody fails still");
      long began = System.nanoTime();
      if (hangs) {
        lab.hang("p");
      } else {
        lab.kill("p");
      }
      OnServers.await(
          () -> found(api, failure -> failure.equals(wanted.word())) > 0,
          wanted.word() + " is not found");
      seconds.add((System.nanoTime() - began) / 1e9);
      if (hangs) {
        lab.resume("p");
      } else {
        lab.start("p");
        lab.makeWritable("p");
      }
    }
    return seconds;
  }

  private static long found(NodeApi api, Predicate<String> failure) {
    return api.list("replication-analysis").orElseThrow().stream()
        .map(one -> (Map<?, ?>) ((Map<?, ?>) one).get("failure"))
        .filter(f -> f != null && failure.test(f.get("code").toString()))
        .count();
  }
}
