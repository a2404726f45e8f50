package topiary.app.wire;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import topiary.app.cluster.Cluster;
import topiary.app.cluster.ClusterMember;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.ClusterRefused.Kind;
import topiary.app.cluster.ClusterView;
import topiary.app.cluster.Newcomer;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.NodeId;
import topiary.engine.state.ManagerState;
import topiary.engine.state.NodeInfo;
import topiary.raft.api.Leadership;
import topiary.raft.api.LogStatus;
import topiary.raft.api.NotLeading;
import topiary.raft.api.Peer;
import topiary.raft.api.Quorum;
import topiary.raft.api.SharedLog;
import topiary.store.Store;

/** The cluster, over its log and what it has written down of its nodes. */
final class Members implements Cluster {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Filling a newcomer may take a while; somebody waits for it. */
  private static final Duration FILLING = Duration.ofSeconds(55);

  private static final By NODES = new By("topiary", "cluster");

  private final String cluster;
  private final SharedLog log;
  private final Store store;
  private final Manager manager;

  /** One change of the members at a time: the next is judged by what this one has made. */
  private final Object changing = new Object();

  private record Hashed(long applied, String hash) {}

  private volatile Hashed hashed = new Hashed(-1, "");

  Members(String cluster, SharedLog log, Store store, Manager manager) {
    this.cluster = cluster;
    this.log = log;
    this.store = store;
    this.manager = manager;
  }

  /** Those with a vote. */
  Set<NodeId> ids() {
    return log.status().members().stream()
        .map(Peer::id)
        .map(NodeId::new)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public ClusterView view() {
    LogStatus status = log.status();
    ManagerState state = store.state();
    Leadership leadership = status.leadership();
    var members = new ArrayList<ClusterMember>();
    for (Peer peer : status.members()) {
      Optional<NodeInfo> info = Optional.ofNullable(state.nodes().get(new NodeId(peer.id())));
      members.add(
          new ClusterMember(
              peer.id(),
              info.map(NodeInfo::name).orElse(peer.id()),
              peer.address(),
              info.map(NodeInfo::http),
              leadership.leader().filter(peer.id()::equals).isPresent(),
              peer.id().equals(status.self()),
              Optional.ofNullable(status.heard().get(peer.id())),
              info.map(NodeInfo::level).orElse(0),
              info.map(NodeInfo::version).orElse("")));
    }
    return new ClusterView(
        cluster,
        status.self(),
        status.role().name().toLowerCase(Locale.ROOT),
        leadership.leading(),
        leadership.term(),
        leadership.leader(),
        members,
        state.level(),
        status.firstIndex(),
        status.committed(),
        status.applied(),
        status.snapshot().map(s -> s.index()).orElse(0L),
        status.snapshotAt().map(at -> Duration.between(at, Instant.now())),
        hash(),
        status.trouble());
  }

  /** Counted once for each state: it reads every row. */
  private String hash() {
    long applied = store.lastApplied().index();
    Hashed known = hashed;
    if (known.applied() != applied) {
      known = new Hashed(applied, store.stateHash());
      hashed = known;
    }
    return known.hash();
  }

  @Override
  public void catchUp() throws ClusterRefused {
    await(log.catchUp(), PATIENCE);
  }

  @Override
  public void join(Newcomer newcomer) throws ClusterRefused {
    meant(newcomer);
    requireLeading();
    if (newcomer.level() < store.state().level()) {
      throw new ClusterRefused(
          Kind.REFUSED,
          "the cluster is at feature level "
              + store.state().level()
              + ", and node "
              + newcomer.name()
              + " (version "
              + newcomer.version()
              + ") supports only "
              + newcomer.level()
              + ": update it");
    }
    var fresh = new Peer(newcomer.id(), newcomer.address());
    synchronized (changing) {
      List<Peer> present = log.status().members();
      if (!present.contains(fresh)) {
        // Whoever had the address, or the id at another one, is replaced.
        var wanted = new ArrayList<Peer>();
        for (Peer peer : present) {
          if (!peer.address().equals(fresh.address()) && !peer.id().equals(fresh.id())) {
            wanted.add(peer);
          }
        }
        wanted.add(fresh);
        change(present, wanted, Set.of(fresh.id()));
      }
    }
    announce(newcomer);
  }

  @Override
  public void announce(Newcomer member) throws ClusterRefused {
    meant(member);
    if (log.status().members().stream().noneMatch(p -> p.id().equals(member.id()))) {
      throw new ClusterRefused(
          Kind.REFUSED, "node " + member.name() + " (" + member.id() + ") is no member any more");
    }
    ask(
        () ->
            manager.announce(
                new NodeId(member.id()),
                new NodeInfo(member.name(), member.http(), member.level(), member.version()),
                NODES));
  }

  private void meant(Newcomer newcomer) throws ClusterRefused {
    if (!newcomer.cluster().equals(cluster)) {
      throw new ClusterRefused(
          Kind.REFUSED,
          "node "
              + newcomer.name()
              + " belongs to cluster "
              + newcomer.cluster()
              + ", this one is "
              + cluster
              + ": join with an empty data folder");
    }
  }

  private interface Asked {
    void done() throws RequestRefused;
  }

  private static void ask(Asked deed) throws ClusterRefused {
    try {
      deed.done();
    } catch (RequestRefused e) {
      throw new ClusterRefused(
          switch (e.kind()) {
            case REFUSED -> Kind.REFUSED;
            case NOT_LEADING -> Kind.NOT_LEADING;
            default -> Kind.BROKEN;
          },
          e.getMessage(),
          e);
    }
  }

  @Override
  public void remove(String member) throws ClusterRefused {
    requireLeading();
    ClusterMember leaving = member(member);
    synchronized (changing) {
      List<Peer> present = log.status().members();
      List<Peer> wanted = present.stream().filter(p -> !p.id().equals(leaving.id())).toList();
      change(present, wanted, Set.of());
    }
  }

  private void change(List<Peer> present, List<Peer> wanted, Set<String> newcomers)
      throws ClusterRefused {
    Optional<String> refusal = Quorum.refuses(present, wanted, alive(newcomers));
    if (refusal.isPresent()) {
      throw new ClusterRefused(Kind.REFUSED, refusal.get());
    }
    await(log.change(present, wanted), FILLING);
  }

  private Set<String> alive(Set<String> newcomers) {
    LogStatus status = log.status();
    var alive = new HashSet<>(newcomers);
    alive.add(status.self());
    status
        .heard()
        .forEach(
            (id, ago) -> {
              if (ago.compareTo(topiary.app.cluster.Quorum.SILENCE) <= 0) {
                alive.add(id);
              }
            });
    return alive;
  }

  @Override
  public void transfer(String member) throws ClusterRefused {
    requireLeading();
    await(log.transfer(member(member).id(), PATIENCE), PATIENCE);
  }

  @Override
  public void stepDown() throws ClusterRefused {
    requireLeading();
    await(log.stepDown(), PATIENCE);
  }

  @Override
  public void snapshot() throws ClusterRefused {
    await(log.snapshot(), FILLING);
  }

  private ClusterMember member(String idOrName) throws ClusterRefused {
    ClusterView view = view();
    return view.member(idOrName)
        .orElseThrow(
            () ->
                new ClusterRefused(
                    Kind.UNKNOWN,
                    "no member is called \""
                        + idOrName
                        + "\", or several are; there are "
                        + view.members().stream()
                            .map(m -> m.name() + " (" + m.id() + ")")
                            .collect(Collectors.joining(", "))));
  }

  private void requireLeading() throws ClusterRefused {
    if (!log.leadership().leading()) {
      throw new ClusterRefused(Kind.NOT_LEADING, "this node does not lead the cluster");
    }
  }

  private static void await(CompletableFuture<?> deed, Duration limit) throws ClusterRefused {
    try {
      deed.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new ClusterRefused(
          e.getCause() instanceof NotLeading ? Kind.NOT_LEADING : Kind.BROKEN,
          e.getCause().getMessage(),
          e);
    } catch (TimeoutException e) {
      throw new ClusterRefused(
          Kind.BROKEN,
          "it was not done within " + limit.toSeconds() + " s; it may still be, look again",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterRefused(Kind.BROKEN, "this node is ending", e);
    }
  }

  /** What a member has said of itself. */
  Optional<NodeInfo> known(String id) {
    return Optional.ofNullable(store.state().nodes().get(new NodeId(id)));
  }

  /** Where the leader serves, as far as this node knows; empty when it is this node. */
  Optional<URI> leaderHttp() {
    return log.leadership()
        .leader()
        .map(NodeId::new)
        .filter(id -> !id.text().equals(log.status().self()))
        .flatMap(id -> Optional.ofNullable(store.state().nodes().get(id)))
        .map(NodeInfo::http);
  }

  /** Lets go of what is written of nodes that are no members any more. Only where it leads. */
  void tidy() throws ClusterRefused {
    Set<NodeId> members = ids();
    for (NodeId id : store.state().nodes().keySet()) {
      if (!members.contains(id)) {
        ask(() -> manager.dropNode(id, NODES));
      }
    }
  }
}
