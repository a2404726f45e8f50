package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.analysis.World;
import topiary.engine.finding.Finding;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.port.Audit;
import topiary.engine.recovery.Obstacles;
import topiary.engine.recovery.Recoverable;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.Recoveries;
import topiary.engine.state.Verdict;

/** Recoveries, in orchestrator's form. */
final class RecoveryAnswers {

  private static final int PAGE = 20;

  /** As many recoveries as are looked through for one that is asked for. */
  private static final int MANY = 1_000;

  /** As many rows as one recovery's steps are. */
  private static final int STEPS = 1_000;

  /** For so long orchestrator calls one recently active that has ended. */
  private static final Duration RECENT = Duration.ofMinutes(5);

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Fleetview fleet;
  private final Supplier<Picture> now;
  private final LegacyNode node;
  private final Optional<Audit> audit;

  RecoveryAnswers(Fleetview fleet, Supplier<Picture> now, LegacyNode node, Optional<Audit> audit) {
    this.fleet = fleet;
    this.now = now;
    this.node = node;
    this.audit = audit;
  }

  /**
   * A recovery.
   *
   * @param number by which orchestrator's paths call it: its first row's place in the log, which is
   *     the same on all nodes
   */
  private record Numbered(long number, RecoveryBook.Entry entry) {

    Command.OpenRecovery open() {
      return entry.opened().said();
    }

    Optional<Instant> ended() {
      return entry.closed().map(RecoveryBook.Said::at);
    }

    boolean acknowledged() {
      return entry.acknowledged().isPresent();
    }

    /** Who has the place of the dead one; empty as long as nobody has it. */
    Optional<InstanceKey> successor() {
      return RecoveryAnswers.successor(entry);
    }
  }

  static Optional<InstanceKey> successor(RecoveryBook.Entry entry) {
    return entry
        .closed()
        .filter(c -> c.said().end().successful())
        .flatMap(c -> entry.chosen().stream().reduce((a, b) -> b))
        .map(c -> c.said().successor());
  }

  // What there was

  /** Newest first; each is read only when it is needed. */
  private Stream<Numbered> recoveries(String about) {
    return opened(about).flatMap(this::numbered);
  }

  private Stream<Audit.Row> opened(String about) {
    var asked = new Audit.Asked(Set.of(about), Set.of("open-recovery"), Optional.empty(), 0, MANY);
    return audit.stream()
        .flatMap(a -> a.rows(asked).stream())
        .filter(row -> row.verdict() instanceof Verdict.Accepted);
  }

  private Stream<Numbered> numbered(Audit.Row row) {
    return row.entry().command() instanceof Command.OpenRecovery open
        ? fleet.recoveryBook().latest(Optional.of(open.id().text()), 1).stream()
            .map(entry -> new Numbered(row.index(), entry))
        : Stream.empty();
  }

  Answer all(Call call) {
    return page(call, Deeds.RECOVERIES);
  }

  Answer byId(Call call) {
    return answer(byNumber(call.path("id")));
  }

  private Stream<Numbered> byNumber(String number) {
    return opened(Deeds.RECOVERIES)
        .filter(row -> Long.toString(row.index()).equals(number))
        .flatMap(this::numbered);
  }

  Answer byUid(Call call) {
    return answer(byName(call.path("uid")));
  }

  private Stream<Numbered> byName(String name) {
    return recoveries(name).filter(r -> r.open().id().text().equals(name));
  }

  Answer ofCluster(Call call) {
    return page(call, about(call.path("clusterName")));
  }

  Answer ofAlias(Call call) {
    return page(call, about(call.path("clusterAlias")));
  }

  private Answer page(Call call, String about) {
    boolean open = "true".equals(call.query().get("unacknowledged"));
    long skip = (long) PAGE * AuditAnswers.page(call.path("page"));
    return answer(
        open
            ? recoveries(about).filter(r -> !r.acknowledged()).skip(skip).limit(PAGE)
            : opened(about).skip(skip).limit(PAGE).flatMap(this::numbered));
  }

  Answer active(Call call) {
    return answer(recoveries(about(call.path("clusterName"))).filter(r -> r.ended().isEmpty()));
  }

  Answer recentlyActive(Call call) {
    return answer(recoveries(about(call.path("clusterName"))).filter(recent()));
  }

  Answer recentlyActiveOfServer(Call call) throws Trouble {
    InstanceKey key = Hints.exactly(call.path("host"), call.path("port"));
    return answer(
        recoveries(Deeds.RECOVERIES)
            .filter(recent())
            .filter(r -> r.successor().filter(key::equals).isPresent()));
  }

  private Predicate<Numbered> recent() {
    Instant since = fleet.registry().now().minus(RECENT);
    return r -> r.ended().filter(at -> at.isAfter(since)).isPresent();
  }

  /** What a name of a cluster, or of a server of it, is written as; else the name itself. */
  private String about(String name) {
    return cluster(name).map(ClusterId::text).orElse(name);
  }

  private Optional<ClusterId> cluster(String name) {
    try {
      return Optional.of(fleet.registry().cluster(name));
    } catch (RequestRefused e) {
      // To orchestrator a name that is none is one without recoveries.
      return Optional.empty();
    }
  }

  private Answer answer(Stream<Numbered> what) {
    Picture picture = now.get();
    return Answer.raw(what.map(r -> json(r, picture)).toList());
  }

  /** One that has just ended; nothing where nothing is kept. */
  Object json(Optional<RecoveryBook.Entry> entry) {
    Picture picture = now.get();
    return entry
        .flatMap(e -> byName(e.id().text()).findFirst())
        .map(numbered -> json(numbered, picture))
        .orElse(null);
  }

  private Object json(Numbered recovery, Picture picture) {
    Command.OpenRecovery open = recovery.open();
    Optional<RecoveryBook.Said<Command.CloseRecovery>> closed = recovery.entry().closed();
    Optional<RecoveryBook.Said<Command.AcknowledgeRecoveries>> acknowledged =
        recovery.entry().acknowledged();
    boolean successful = recovery.successor().isPresent();
    Object analysis =
        new Json()
            .with("AnalyzedInstanceKey", Json.key(open.failed()))
            .with("Analysis", open.code())
            .with("ClusterDetails", cluster(open, picture))
            .with("CountReplicas", open.replicas().size())
            .with("Replicas", Json.keys(open.replicas()))
            .with("SlaveHosts", Json.keys(open.replicas()))
            .map();
    return new Json()
        .with("Id", recovery.number())
        .with("UID", open.id().text())
        .with("AnalysisEntry", analysis)
        .with("SuccessorKey", recovery.successor().map(Json::key).orElse(Json.NO_KEY))
        .with("SuccessorAlias", recovery.successor().map(this::alias).orElse(""))
        .with("SuccessorBinlogCoordinates", null)
        .with("IsActive", closed.isEmpty() || blocks(open))
        .with("IsSuccessful", successful)
        .with("LostReplicas", List.of())
        .with("ParticipatingInstanceKeys", Json.keys(open.replicas()))
        .with(
            "AllErrors",
            List.of(
                closed
                    .filter(c -> !c.said().end().successful())
                    .map(c -> c.said().report())
                    .orElse("")))
        .with("RecoveryStartTimestamp", Text.stamp(recovery.entry().opened().at()))
        .with("RecoveryEndTimestamp", closed.map(c -> Text.stamp(c.at())).orElse(""))
        .with("ProcessingNodeHostname", node.hostname())
        .with("ProcessingNodeToken", node.token())
        .with("Acknowledged", acknowledged.isPresent())
        .with("AcknowledgedAt", acknowledged.map(a -> Text.stamp(a.at())).orElse(""))
        .with("AcknowledgedBy", acknowledged.map(RecoveryBook.Said::actor).orElse(""))
        .with("AcknowledgedComment", acknowledged.map(a -> a.said().comment()).orElse(""))
        .with("LastDetectionId", 0)
        .with("RelatedRecoveryId", 0)
        .with("Type", "")
        .with("RecoveryType", "NotMasterRecovery")
        .map();
  }

  /** By what orchestrator called it then: its primary, which has died. */
  private static Object cluster(Command.OpenRecovery open, Picture picture) {
    Optional<String> is = picture.name(open.cluster());
    String was =
        open.kind() != RecoveryKind.INTERMEDIATE
            ? Text.of(open.failed())
            : is.orElse(open.cluster().text());
    int members = is.map(name -> picture.clusters().get(name).size()).orElse(0);
    return ClusterAnswers.info(picture, was, Optional.of(open.cluster()), members);
  }

  private String alias(InstanceKey key) {
    return fleet
        .topology()
        .instance(key)
        .flatMap(Instance::facts)
        .map(f -> f.background().detected().alias())
        .orElse("");
  }

  private boolean blocks(Command.OpenRecovery open) {
    return blocking(open.cluster()).filter(e -> e.id().equals(open.id())).isPresent();
  }

  private Optional<EndedRecovery> blocking(ClusterId cluster) {
    return Obstacles.blocked(
        fleet.recoveries(),
        RecoveryRule.of(fleet.recoveryPolicy(), fleet.world().said().rules(), Optional.of(cluster)),
        cluster,
        fleet.registry().now());
  }

  /** What was decided and done, oldest first, each by its place in the log. */
  Answer steps(Call call) {
    return Answer.raw(
        byName(call.path("uid")).map(r -> steps(r.open().id())).findFirst().orElse(List.of()));
  }

  private List<Object> steps(RecoveryId id) {
    Set<String> about =
        Stream.concat(
                Stream.of(id.text()),
                fleet.recoveryBook().find(id).stream()
                    .flatMap(entry -> entry.plans().stream())
                    .map(plan -> plan.id().text()))
            .collect(Collectors.toSet());
    var asked = new Audit.Asked(about, Optional.empty(), 0, STEPS);
    var steps = new ArrayList<Object>();
    for (Audit.Row row : audit.map(a -> a.rows(asked)).orElse(List.of()).reversed()) {
      steps.add(
          new Json()
              .with("Id", row.index())
              .with("RecoveryUID", id.text())
              .with("AuditAt", Text.stamp(row.entry().header().at()))
              .with("Message", Deeds.words(row.entry().command()))
              .map());
    }
    return steps;
  }

  /** What is due, would begin by itself, and is stopped by a recovery before it. */
  Answer blocked(Call call) {
    String name = call.path("clusterName");
    Optional<ClusterId> only = cluster(name);
    Picture picture = now.get();
    return Answer.raw(
        fleet.findings().values().stream()
            .flatMap(judgement -> judgement.failure().stream())
            .flatMap(found -> stopped(found).stream())
            .filter(b -> name.isEmpty() || only.filter(b.cluster()::equals).isPresent())
            .map(b -> json(b, picture))
            .toList());
  }

  private record Blocked(Finding found, ClusterId cluster, EndedRecovery by) {}

  private Optional<Blocked> stopped(Finding found) {
    Recoveries recoveries = fleet.recoveries();
    Optional<RecoveryKind> kind = Recoverable.by(found.code());
    Optional<ClusterId> cluster =
        Optional.ofNullable(fleet.registry().clusters().get(found.subject()));
    return cluster
        .filter(id -> !recoveries.halted() && recoveries.in(id).isEmpty())
        .filter(id -> kind.filter(recoveries.of(id)::of).isPresent())
        .flatMap(
            id ->
                blocking(id)
                    .filter(by -> Obstacles.keepsBack(by, found.subject(), kind.orElseThrow()))
                    .map(by -> new Blocked(found, id, by)));
  }

  private Object json(Blocked blocked, Picture picture) {
    return new Json()
        .with("FailedInstanceKey", Json.key(blocked.found().subject()))
        .with("ClusterName", picture.name(blocked.cluster()).orElse(blocked.cluster().text()))
        .with("Analysis", blocked.found().code().word())
        .with("LastBlockedTimestamp", Text.stamp(fleet.registry().now()))
        .with(
            "BlockingRecoveryId",
            opened(blocked.by().id().text()).findFirst().map(Audit.Row::index).orElse(0L))
        .map();
  }

  // What is done

  /** Waits for the end. */
  Answer recover(Call call) throws Trouble, InterruptedException {
    return recover(call, "true".equals(call.query().get("skipProcesses")));
  }

  /** The same without hooks. */
  Answer recoverLite(Call call) throws Trouble, InterruptedException {
    return recover(call, true);
  }

  private Answer recover(Call call, boolean skipHooks) throws Trouble, InterruptedException {
    Picture picture = now.get();
    InstanceKey failed = Hints.server(picture, call.path("host"), call.path("port"));
    Optional<InstanceKey> candidate = candidate(call, picture);
    try {
      Optional<RecoveryBook.Entry> entry = fleet.recover(failed, candidate, skipHooks, call.by());
      Optional<InstanceKey> successor = entry.flatMap(RecoveryAnswers::successor);
      return successor
          .map(s -> Answer.ok("Recovery executed on " + Text.of(failed), Json.key(s)))
          .orElseGet(
              () ->
                  Answer.error(
                      "Recovery attempted but no instance promoted"
                          + entry
                              .flatMap(RecoveryBook.Entry::closed)
                              .map(c -> ": " + c.said().report())
                              .orElse(""),
                      Json.key(failed)));
    } catch (RequestRefused e) {
      return Answer.error("Recovery not attempted: " + e.getMessage(), Json.key(failed));
    }
  }

  private Optional<InstanceKey> candidate(Call call, Picture picture) throws Trouble {
    String host = call.path("candidateHost");
    if (host.isEmpty()) {
      return Optional.empty();
    }
    InstanceKey meant = fleet.real(Hints.server(picture, host, call.path("candidatePort")));
    if (!picture.knows(meant)) {
      throw new Trouble("Cannot read instance: " + Text.of(meant));
    }
    return Optional.of(meant);
  }

  /** One, by its number or its name. */
  Answer acknowledge(Call call) throws Trouble, RequestRefused {
    String name = call.path("recoveryId") + call.path("uid");
    String comment = comment(call);
    Numbered recovery =
        (call.path("uid").isEmpty() && NUMBER.matcher(name).matches()
                ? byNumber(name)
                : byName(name))
            .findFirst()
            .orElseThrow(() -> new Trouble("No recovery found: " + Text.printable(name)));
    if (recovery.ended().isEmpty()) {
      throw new Trouble(
          "Recovery " + name + " is under way; it can be acknowledged when it has ended");
    }
    return acknowledged(
        Stream.of(recovery), comment, call, Answer.ok("Acknowledged recovery", name));
  }

  Answer acknowledgeCluster(Call call) throws Trouble, RequestRefused {
    String comment = comment(call);
    Picture picture = now.get();
    String alias = call.path("clusterAlias");
    String name =
        alias.isEmpty()
            ? Hints.cluster(picture, call.path("clusterHint"))
            : Hints.clusterByAlias(picture, alias);
    return acknowledged(
        recoveries(about(name)), comment, call, Answer.ok("Acknowledged cluster recoveries", name));
  }

  Answer acknowledgeServer(Call call) throws Trouble, RequestRefused {
    String comment = comment(call);
    InstanceKey key = Hints.server(now.get(), call.path("host"), call.path("port"));
    return acknowledged(
        recoveries(key.toString()).filter(r -> r.open().failed().equals(key)),
        comment,
        call,
        Answer.ok("Acknowledged instance recoveries", Json.key(key)));
  }

  Answer acknowledgeAll(Call call) throws Trouble, RequestRefused {
    String comment = comment(call);
    return acknowledged(
        recoveries(Deeds.RECOVERIES),
        comment,
        call,
        Answer.ok("Acknowledged all recoveries", comment));
  }

  private static String comment(Call call) throws Trouble {
    String comment = call.query().getOrDefault("comment", "").strip();
    if (comment.isEmpty()) {
      throw new Trouble("No acknowledge comment given");
    }
    return comment;
  }

  /** Those of them that have ended and are not acknowledged; that it is none is no error there. */
  private Answer acknowledged(Stream<Numbered> which, String comment, Call call, Answer answer)
      throws RequestRefused {
    List<RecoveryId> ids =
        which
            .filter(r -> r.ended().isPresent() && !r.acknowledged())
            .map(r -> r.entry().id())
            .toList();
    if (!ids.isEmpty()) {
      fleet.request(new Command.AcknowledgeRecoveries(ids, comment), call.by());
    }
    return answer;
  }

  /** Tells applications where to write: of one cluster, or of all. */
  Answer submitPrimaries(Call call) throws Trouble, RequestRefused {
    String hint = call.path("clusterHint");
    Optional<ClusterId> only =
        hint.isEmpty() ? Optional.empty() : cluster(Hints.cluster(now.get(), hint));
    List<Object> pairs = new ArrayList<>();
    fleet
        .submitPrimaries(only, call.by())
        .forEach((key, value) -> pairs.add(new Json().with("Key", key).with("Value", value).map()));
    // What orchestrator's Go writes for a list of nothing.
    return Answer.ok("Submitted " + pairs.size() + " masters", pairs.isEmpty() ? null : pairs);
  }

  // Where they begin by themselves

  Answer disable(Call call) throws RequestRefused {
    return halt(call, true);
  }

  Answer enable(Call call) throws RequestRefused {
    return halt(call, false);
  }

  private Answer halt(Call call, boolean halted) throws RequestRefused {
    fleet.request(new Command.HaltRecoveries(halted), call.by());
    return halted(halted);
  }

  Answer check(Call call) {
    return halted(fleet.recoveries().halted());
  }

  private static Answer halted(boolean halted) {
    String is = halted ? "disabled" : "enabled";
    return Answer.ok("Global recoveries " + is, is);
  }

  /** The switches, as the filters that orchestrator's file would have. */
  Answer filters(Call call) {
    World world = fleet.world();
    return Answer.ok(
        "Automated recovery configuration details",
        new Json()
            .with("RecoverMasterClusterFilters", filters(AutoRecovery::primary))
            .with("RecoverIntermediateMasterClusterFilters", filters(AutoRecovery::intermediate))
            .with(
                "RecoveryIgnoreHostnameFilters",
                world.policy().ignored().stream().map(Pattern::pattern).toList())
            .map());
  }

  /** All of them as one star; else those that are known, by their names. */
  private List<String> filters(Predicate<AutoRecovery> on) {
    Picture picture = now.get();
    Recoveries recoveries = fleet.recoveries();
    boolean everywhere =
        on.test(recoveries.everywhere()) && recoveries.automatic().values().stream().allMatch(on);
    return everywhere
        ? List.of("*")
        : picture.clusters().keySet().stream()
            .filter(name -> on.test(picture.automatic(picture.id(name))))
            .toList();
  }
}
