package topiary.app.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import topiary.app.nodes.LocalCluster;
import topiary.app.nodes.NodeApi;
import topiary.app.nodes.NodeProgram;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.load.Client;

/**
 * How long nobody can write when a primary dies, hangs or is taken over from: until another has
 * acknowledged a write to a client, or, of a source below it, until its replica gets from elsewhere
 * what is written. Every time real servers of the standard kind and nodes as users start them, with
 * the shipped settings but for the switch that lets recoveries begin by themselves.
 *
 * @param what happens
 * @param nodes how many look after the servers: one by itself, or a cluster of several
 * @param rounds how often
 */
record Failover(What what, int nodes, int rounds) implements Measurement {

  Failover(What what, int rounds) {
    this(what, 1, rounds);
  }

  /** What happens to a server. */
  enum What {
    /** The primary's process is killed. */
    DIES,
    /** The primary's process is stopped; it keeps its connections and answers nothing. */
    HANGS,
    /** The same, where servers are judged with the profile {@code fast}. */
    HANGS_FAST,
    /** A source below the primary is killed. */
    INTERMEDIATE_DIES,
    /** A replica takes over from the primary, which lives. */
    IS_TAKEN_OVER
  }

  @Override
  public List<Figures> run(Program program) throws IOException {
    var seconds = new ArrayList<Double>();
    for (int round = 0; round < rounds; round++) {
      seconds.add(round(program));
    }
    return List.of(new Figures("", "s", seconds));
  }

  private double round(Program program) throws IOException {
    Cache cache = Cache.standard();
    Path folder =
        cache.root().resolve("bench").resolve("failover-" + ProcessHandle.current().pid());
    Disk.delete(folder);
    Disk.makePrivate(folder);
    try (var lab =
        Lab.start(
            OnServers.asShipped(LabSpec.of(cache, Lab.freeName(cache, "failover"), "p(a,b(c))")))) {
      return nodes == 1 ? withOne(program, lab, folder) : withSeveral(lab, folder);
    } finally {
      Disk.delete(folder);
    }
  }

  private double withOne(Program program, Lab lab, Path folder) throws IOException {
    Process node =
        program
            .with(List.of("node", "--config", OnServers.config(lab, folder).toString()), Map.of())
            .start();
    try {
      var api = new NodeApi(URI.create(Fleet.ready(node.inputReader(StandardCharsets.UTF_8))));
      awaitSeen(lab, api);
      return trouble(lab, api);
    } finally {
      Program.end(node, "the node");
    }
  }

  private double withSeveral(Lab lab, Path folder) throws IOException {
    try (LocalCluster cluster = OnServers.cluster(lab, folder, NodeProgram.standard(), nodes)) {
      cluster.start();
      cluster.nodes().forEach(node -> awaitSeen(lab, node.api()));
      return trouble(lab, cluster.leader().api());
    }
  }

  private static void awaitSeen(Lab lab, NodeApi api) {
    OnServers.await(() -> OnServers.seen(api) == lab.members().size(), "not all servers are seen");
  }

  private double trouble(Lab lab, NodeApi api) {
    if (!api.post("enable-recovery", Map.of())) {
      throw new LabException("recoveries cannot be switched on");
    }
    if (what == What.HANGS_FAST
        && !api.post("set-judgement-rule", Map.of("rule", "patience", "value", "fast"))) {
      throw new LabException("the patience cannot be set");
    }
    return switch (what) {
      case INTERMEDIATE_DIES -> getsAgain(lab);
      case IS_TAKEN_OVER -> gap(lab, api);
      case DIES -> takesWrites(lab, () -> lab.kill("p"));
      case HANGS, HANGS_FAST -> takesWrites(lab, () -> lab.hang("p"));
    };
  }

  private static double takesWrites(Lab lab, Runnable trouble) {
    try (var p = new Client(lab, "p");
        var a = new Client(lab, "a");
        var b = new Client(lab, "b")) {
      prepare(p, List.of(a, b));
      long began = System.nanoTime();
      trouble.run();
      OnServers.await(() -> a.write() || b.write(), "nobody takes writes");
      return (System.nanoTime() - began) / 1e9;
    }
  }

  /** The longest time between two writes that were acknowledged, whoever did it. */
  private static double gap(Lab lab, NodeApi api) {
    try (var p = new Client(lab, "p");
        var a = new Client(lab, "a")) {
      prepare(p, List.of(a));
      var asked =
          CompletableFuture.supplyAsync(
              () -> api.post("take-over", Map.of("instance", lab.member("a").address())));
      long last = System.nanoTime();
      long gap = 0;
      boolean over = false;
      while (!over) {
        boolean wrote = p.write();
        over = !wrote && a.write();
        if (wrote || over) {
          gap = Math.max(gap, System.nanoTime() - last);
          last = System.nanoTime();
        }
        if (!over && asked.isDone() && !asked.join()) {
          throw new LabException("nobody takes over");
        }
      }
      if (!asked.join()) {
        throw new LabException("the taking over was not carried out to its end");
      }
      return gap / 1e9;
    }
  }

  private static double getsAgain(Lab lab) {
    try (var p = new Client(lab, "p");
        var c = new Client(lab, "c")) {
      prepare(p, List.of(c));
      long before = c.rows();
      long began = System.nanoTime();
      lab.kill("b");
      p.write();
      c.awaitMoreThan(before);
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static void prepare(Client primary, List<Client> replicas) {
    primary.prepare();
    primary.write();
    replicas.forEach(replica -> replica.awaitMoreThan(0));
  }
}
