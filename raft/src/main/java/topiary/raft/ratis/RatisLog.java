package topiary.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;
import topiary.raft.api.Applier;
import topiary.raft.api.Leadership;
import topiary.raft.api.LogException;
import topiary.raft.api.LogListener;
import topiary.raft.api.LogPosition;
import topiary.raft.api.LogStatus;
import topiary.raft.api.NotLeading;
import topiary.raft.api.Peer;
import topiary.raft.api.SharedLog;

/** One member of a log that several nodes share. Thread-safe. */
public final class RatisLog implements SharedLog {

  private static final System.Logger LOG = System.getLogger(RatisLog.class.getName());

  /** From a snapshot that failed to the next try, in entries. */
  private static final int RETRY = 500;

  private static final long SNAPSHOT_MILLIS = 60_000;

  /** How long an ending member waits for Ratis. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  static {
    // Ratis would end the process by itself, and makes itself the handler of what nobody catches.
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    ExitUtils.disableSystemExit();
    ExitUtils.setTerminateOnUncaughtException(false);
    Thread.setDefaultUncaughtExceptionHandler(handler);
  }

  private final Membership membership;
  private final Applier applier;
  private final Consumer<Throwable> onFatal;
  private final Runnable onRemoved;
  private final RaftGroupId group;
  private final RaftPeerId self;
  private final ClientId client = ClientId.randomId();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();

  /** The term this member leads in; 0 when it does not. */
  private volatile long leads;

  /** Whether the listener was told so; used by the log's thread alone. */
  private boolean saidToLead;

  private volatile boolean closing;
  private long tryAgainAt;
  private LogListener listener;
  private Snapshots snapshots;
  private Machine machine;
  private RaftServer server;

  /**
   * A member that has not started.
   *
   * @param applier what the entries are for
   * @param onFatal called once, when this member cannot go on; the process is to end there
   * @param onRemoved called once, when the others have removed this member
   */
  public RatisLog(
      Membership membership, Applier applier, Consumer<Throwable> onFatal, Runnable onRemoved) {
    this.membership = membership;
    this.applier = applier;
    this.onFatal = onFatal;
    this.onRemoved = onRemoved;
    group = RaftGroupId.valueOf(membership.cluster());
    self = RaftPeerId.valueOf(membership.self().id());
  }

  @Override
  public void listen(LogListener listener) {
    if (machine != null) {
      throw new IllegalStateException("the log is running already");
    }
    this.listener = listener;
  }

  /**
   * Takes part from here on.
   *
   * @throws LogException when its folder or its address cannot be used
   */
  @Override
  public void start() {
    snapshots = new Snapshots(applier, membership.folder().resolve("snapshots"));
    machine = new Machine(applier, listener, snapshots, new Owner());
    try {
      if (membership.first()) {
        Beginning.at(membership, applier.lastApplied());
      }
      List<RaftPeer> peers = membership.first() ? List.of(there(membership.self())) : List.of();
      server =
          RaftServer.newBuilder()
              .setServerId(self)
              .setGroup(RaftGroup.valueOf(group, peers))
              .setStateMachine(machine)
              .setProperties(Settings.properties(membership))
              .setParameters(Settings.parameters(membership))
              .setOption(RaftStorage.StartupOption.RECOVER)
              .build();
      server.start();
    } catch (IOException | RuntimeException e) {
      // RuntimeException: what goes wrong in its own threads it wraps into whatever is at hand.
      close();
      throw new LogException("the cluster's log cannot be opened: " + Reasons.root(e), e);
    }
  }

  /** What the machine says. */
  private final class Owner implements Machine.Owner {

    @Override
    public void ready() {
      DivisionInfo info = info();
      long term = info.getCurrentTerm();
      if (info.isLeaderReady()) {
        leads = term;
        saidToLead = true;
        listener.leads(term);
        if (!info.isLeader() || info.getCurrentTerm() != term) {
          // It came meanwhile, before there was anything to take back.
          stops();
        }
      }
    }

    @Override
    public void notLeading() {
      leads = 0;
      machine.later(this::stops);
    }

    private void stops() {
      leads = 0;
      if (saidToLead) {
        saidToLead = false;
        listener.stopsLeading();
      }
    }

    @Override
    public void appliedSinceSnapshot(long entries) {
      if (entries >= membership.snapshotEvery() && entries >= tryAgainAt) {
        tryAgainAt = entries + RETRY;
        snapshots
            .write()
            .whenComplete(
                (position, fault) -> {
                  if (fault == null) {
                    tryAgainAt = 0;
                    handIn();
                  }
                });
      }
    }

    @Override
    public void removed() {
      if (!closing && told.compareAndSet(false, true)) {
        leads = 0;
        onRemoved.run();
      }
    }

    @Override
    public void failed(Throwable cause) {
      if (told.compareAndSet(false, true)) {
        leads = 0;
        onFatal.accept(cause);
      }
    }
  }

  @Override
  public CompletableFuture<byte[]> submit(byte[] command) {
    if (command.length > Settings.COMMAND_BYTES) {
      return CompletableFuture.failedFuture(
          new LogException(
              "a command of "
                  + command.length
                  + " bytes is too large for the log, which takes "
                  + Settings.COMMAND_BYTES));
    }
    var request =
        request(RaftClientRequest.writeRequestType())
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(command)))
            .build();
    return ask(request).thenApply(reply -> reply.getMessage().getContent().toByteArray());
  }

  private RaftClientRequest.Builder request(RaftClientRequest.Type type) {
    return RaftClientRequest.newBuilder()
        .setClientId(client)
        .setServerId(self)
        .setGroupId(group)
        .setCallId(CallId.getAndIncrement())
        .setType(type);
  }

  private CompletableFuture<RaftClientReply> ask(RaftClientRequest request) {
    return reply(() -> server.submitClientRequestAsync(request));
  }

  private interface Question {
    CompletableFuture<RaftClientReply> ask() throws IOException;
  }

  private CompletableFuture<RaftClientReply> reply(Question question) {
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = question.ask();
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(sentence(e));
    }
    return reply.handle(
        (answer, fault) -> {
          if (fault != null) {
            throw new CompletionException(sentence(fault));
          }
          if (!answer.isSuccess()) {
            throw new CompletionException(sentence(answer.getException()));
          }
          return answer;
        });
  }

  private LogException sentence(Throwable fault) {
    return Reasons.of(fault, closing, self.toString(), leadership());
  }

  @Override
  public Leadership leadership() {
    RaftServer.Division division = division().orElse(null);
    if (division == null) {
      return new Leadership(false, 0, Optional.empty());
    }
    DivisionInfo info = division.getInfo();
    long term = leads;
    boolean leading = term > 0 && info.isLeader() && info.getCurrentTerm() == term;
    return new Leadership(
        leading,
        info.getCurrentTerm(),
        Optional.ofNullable(info.getLeaderId()).map(RaftPeerId::toString));
  }

  @Override
  public CompletableFuture<Void> confirm(long term) {
    if (!leadsIn(term)) {
      return CompletableFuture.failedFuture(notLeading());
    }
    // A read that a majority has to agree to; answered by nobody else, as this member led before
    // it, and does so after it, in the same term.
    return catchUp()
        .thenApply(
            done -> {
              if (!leadsIn(term)) {
                throw new CompletionException(notLeading());
              }
              return done;
            });
  }

  private boolean leadsIn(long term) {
    Leadership now = leadership();
    return now.leading() && now.term() == term;
  }

  private NotLeading notLeading() {
    return Reasons.notLeading(self.toString(), leadership());
  }

  @Override
  public CompletableFuture<Void> catchUp() {
    return ask(request(RaftClientRequest.readRequestType()).setMessage(Message.EMPTY).build())
        .thenApply(reply -> null);
  }

  @Override
  public CompletableFuture<Void> change(List<Peer> present, List<Peer> wanted) {
    var arguments =
        SetConfigurationRequest.Arguments.newBuilder()
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .setServersInCurrentConf(present.stream().map(RatisLog::there).toList())
            .setServersInNewConf(wanted.stream().map(RatisLog::there).toList())
            .build();
    var request =
        new SetConfigurationRequest(client, self, group, CallId.getAndIncrement(), arguments);
    return reply(() -> server.setConfigurationAsync(request)).thenApply(reply -> null);
  }

  @Override
  public CompletableFuture<Void> transfer(String to, Duration limit) {
    return handOver(RaftPeerId.valueOf(to), limit);
  }

  @Override
  public CompletableFuture<Void> stepDown() {
    return handOver(null, membership.timing().longest().multipliedBy(3));
  }

  private CompletableFuture<Void> handOver(RaftPeerId to, Duration limit) {
    var request =
        new TransferLeadershipRequest(
            client, self, group, CallId.getAndIncrement(), to, limit.toMillis());
    return reply(() -> server.transferLeadershipAsync(request)).thenApply(reply -> null);
  }

  @Override
  public CompletableFuture<LogPosition> snapshot() {
    return snapshots.write().thenCompose(position -> handIn().thenApply(done -> position));
  }

  /** Has Ratis fetch the snapshot that was written, and let go of the log before it. */
  private CompletableFuture<Void> handIn() {
    var request =
        SnapshotManagementRequest.newCreate(
            client, self, group, CallId.getAndIncrement(), SNAPSHOT_MILLIS, 1);
    return reply(() -> server.snapshotManagementAsync(request))
        .handle(
            (reply, fault) -> {
              if (fault != null) {
                // The next snapshot does it.
                LOG.log(
                    System.Logger.Level.DEBUG, "the log before a snapshot stays for now", fault);
              }
              return null;
            });
  }

  @Override
  public LogStatus status() {
    Optional<RaftServer.Division> division = division();
    if (division.isEmpty()) {
      return new LogStatus(
          self.toString(),
          ended.get() ? LogStatus.Role.ENDED : LogStatus.Role.OUTSIDE,
          leadership(),
          List.of(),
          Map.of(),
          0,
          0,
          applier.lastApplied().index(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
    RaftServer.Division d = division.get();
    List<Peer> members =
        d.getRaftConf().getCurrentPeers().stream()
            .map(p -> new Peer(p.getId().toString(), p.getAddress()))
            .sorted(Comparator.comparing(Peer::id))
            .toList();
    return new LogStatus(
        self.toString(),
        role(d, members),
        leadership(),
        members,
        heard(d),
        d.getRaftLog().getStartIndex(),
        d.getRaftLog().getLastCommittedIndex(),
        machine.getLastAppliedTermIndex().getIndex(),
        snapshots.position(),
        snapshots.at(),
        snapshots.trouble());
  }

  private LogStatus.Role role(RaftServer.Division division, List<Peer> members) {
    if (!division.getInfo().isAlive()) {
      return LogStatus.Role.ENDED;
    }
    if (members.stream().noneMatch(p -> p.id().equals(self.toString()))) {
      return LogStatus.Role.OUTSIDE;
    }
    RaftPeerRole role = division.getInfo().getCurrentRole();
    return switch (role) {
      case LEADER -> LogStatus.Role.LEADER;
      case CANDIDATE -> LogStatus.Role.CANDIDATE;
      default -> LogStatus.Role.FOLLOWER;
    };
  }

  private static Map<String, Duration> heard(RaftServer.Division division) {
    var heard = new HashMap<String, Duration>();
    if (division.getInfo().isLeader()) {
      for (ServerRpcProto follower :
          division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
        heard.put(
            follower.getId().getId().toStringUtf8(),
            Duration.ofMillis(follower.getLastRpcElapsedTimeMs()));
      }
    }
    return heard;
  }

  private DivisionInfo info() {
    return division()
        .orElseThrow(() -> new IllegalStateException("the log is not running"))
        .getInfo();
  }

  private Optional<RaftServer.Division> division() {
    if (server == null || ended.get()) {
      return Optional.empty();
    }
    try {
      return Optional.of(server.getDivision(group));
    } catch (IOException e) {
      // Removed, or not there yet.
      LOG.log(System.Logger.Level.DEBUG, "the log's group is not there", e);
      return Optional.empty();
    }
  }

  private static RaftPeer there(Peer peer) {
    return RaftPeer.newBuilder().setId(peer.id()).setAddress(peer.address()).build();
  }

  @Override
  public void close() {
    closing = true;
    if (!ended.compareAndSet(false, true) || server == null) {
      return;
    }
    // Ratis waits up to a day for threads of its own.
    Thread ending = Thread.ofPlatform().name("end of the log").daemon().start(this::closeServer);
    try {
      if (!ending.join(PATIENCE)) {
        LOG.log(System.Logger.Level.WARNING, "the cluster's log did not end in " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      snapshots.close();
      machine.close();
    }
  }

  private void closeServer() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the cluster's log did not end in order", e);
    }
  }
}
