package topiary.app.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster that stands still, notes what is asked of it, and refuses on request. */
public final class FakeCluster implements Cluster {

  public final List<String> asked = new ArrayList<>();
  public Optional<ClusterRefused> refusal = Optional.empty();
  public String role;
  public boolean leading;
  public Optional<String> leader;
  public long committed = 42;
  public long applied = 40;
  public Optional<String> trouble = Optional.empty();
  public final TreeMap<String, Duration> heard = new TreeMap<>();
  public final TreeMap<String, URI> http = new TreeMap<>();

  /** What happens when this node waits for what was committed. */
  public Runnable onCatchUp = () -> {};

  private final String self;
  private final List<String> ids;

  private FakeCluster(String self, String role, Optional<String> leader, List<String> ids) {
    this.self = self;
    this.role = role;
    this.leading = role.equals("leader");
    this.leader = leader;
    this.ids = ids;
    for (String id : ids) {
      http.put(id, URI.create("http://" + id + ".example:3000"));
    }
  }

  /** n1, n2 and n3; this is n1, and leads; it hears the others. */
  public static FakeCluster leader() {
    var cluster = new FakeCluster("n1", "leader", Optional.of("n1"), List.of("n1", "n2", "n3"));
    cluster.heard.put("n2", Duration.ofMillis(120));
    cluster.heard.put("n3", Duration.ofMillis(2_900));
    return cluster;
  }

  /** n1, n2 and n3; this is n2, and follows n1. */
  public static FakeCluster follower() {
    return new FakeCluster("n2", "follower", Optional.of("n1"), List.of("n1", "n2", "n3"));
  }

  /** n1, n2 and n3; this is n2, and nobody leads. */
  public static FakeCluster lost() {
    return new FakeCluster("n2", "candidate", Optional.empty(), List.of("n1", "n2", "n3"));
  }

  @Override
  public synchronized ClusterView view() {
    List<ClusterMember> members =
        ids.stream()
            .map(
                id ->
                    new ClusterMember(
                        id,
                        "node-" + id,
                        id + ".raft.example:10008",
                        Optional.ofNullable(http.get(id)),
                        leader.filter(id::equals).isPresent(),
                        id.equals(self),
                        Optional.ofNullable(heard.get(id)),
                        1,
                        "1.2.3"))
            .toList();
    return new ClusterView(
        "c-1",
        self,
        role,
        leading,
        7,
        leader,
        members,
        1,
        10,
        committed,
        applied,
        30,
        Optional.of(Duration.ofMinutes(3)),
        "00ff",
        trouble);
  }

  private synchronized void ask(String what) throws ClusterRefused {
    asked.add(what);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  /** From now on everything is refused. */
  public void refuse(ClusterRefused.Kind kind, String sentence) {
    refusal = Optional.of(new ClusterRefused(kind, sentence));
  }

  @Override
  public void catchUp() throws ClusterRefused {
    ask("catch up");
    onCatchUp.run();
  }

  @Override
  public void join(Newcomer newcomer) throws ClusterRefused {
    ask("join " + newcomer);
  }

  @Override
  public void announce(Newcomer member) throws ClusterRefused {
    ask("announce " + member);
  }

  @Override
  public void remove(String member) throws ClusterRefused {
    ask("remove " + member);
  }

  @Override
  public void transfer(String member) throws ClusterRefused {
    ask("transfer " + member);
  }

  @Override
  public void stepDown() throws ClusterRefused {
    ask("step down");
  }

  @Override
  public void snapshot() throws ClusterRefused {
    ask("snapshot");
  }
}
