package topiary.engine.fake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import topiary.engine.model.NodeId;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/**
 * One log in memory that several nodes share, whose leadership a test moves as it likes: also
 * behind the back of the node that has it.
 */
public final class SharedLog {

  private final MemoryLog log = new MemoryLog();
  private final Map<String, Member> members = new TreeMap<>();
  private Optional<String> leader = Optional.empty();
  private long term;

  /** What all of them write. */
  public MemoryLog log() {
    return log;
  }

  /** A node of this name; made when it is asked for first. */
  public synchronized Member member(String name) {
    return members.computeIfAbsent(name, Member::new);
  }

  /** The nodes that decide; a manager that is given them is not alone. */
  public synchronized Set<NodeId> ids() {
    return members.keySet().stream().map(NodeId::new).collect(Collectors.toSet());
  }

  /** Everybody learns that this node leads. */
  public void elect(String name) {
    String before = leader().orElse("");
    electUnnoticed(name);
    if (!before.isEmpty() && !before.equals(name)) {
      member(before).learn();
    }
  }

  /** A node leads; the one that led before goes on believing in itself. */
  public void electUnnoticed(String name) {
    Member elected = member(name);
    long now;
    synchronized (this) {
      leader = Optional.of(name);
      now = ++term;
    }
    elected.learn();
    elected.followers.forEach(f -> f.leads(now));
  }

  /** Whoever believes in what is not so any more learns it. */
  public void notice() {
    List<Member> all;
    synchronized (this) {
      all = List.copyOf(members.values());
    }
    all.forEach(Member::learn);
  }

  /** Nobody leads: the majority is lost, and the leader knows. */
  public void nobody() {
    String before = leader().orElse("");
    synchronized (this) {
      leader = Optional.empty();
    }
    if (!before.isEmpty()) {
      member(before).learn();
    }
  }

  private synchronized Optional<String> leader() {
    return leader;
  }

  private synchronized Leadership truth(String name) {
    return new Leadership(leader.filter(name::equals).isPresent(), term, leader);
  }

  /** The log as one node has it. */
  public final class Member implements CommandLog {

    private final String name;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final List<Command> proposed = new CopyOnWriteArrayList<>();
    private volatile Leadership believed;

    private Member(String name) {
      this.name = name;
      believed = truth(name);
    }

    private void learn() {
      boolean led = believed.leading();
      believed = truth(name);
      if (led && !believed.leading()) {
        followers.forEach(Follower::stopsLeading);
      }
    }

    /** Everything this node has asked for, whether it came into force or not. */
    public List<Command> proposed() {
      return List.copyOf(proposed);
    }

    @Override
    public CompletableFuture<Verdict> submit(Entry entry) {
      proposed.add(entry.command());
      return truth(name).leading()
          ? log.submit(entry)
          : CompletableFuture.failedFuture(truth(name).notLeading());
    }

    @Override
    public ManagerState state() {
      return log.state();
    }

    @Override
    public Leadership leadership() {
      // Of the others a follower knows at once.
      return believed.leading() ? believed : truth(name);
    }

    @Override
    public CompletableFuture<Void> confirm(long wanted) {
      Leadership now = truth(name);
      return now.in(wanted)
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(now.notLeading());
    }

    @Override
    public void follow(Follower follower) {
      followers.add(follower);
      log.follow(follower);
    }
  }
}
