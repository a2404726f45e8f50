package topiary.app.rehearse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import topiary.app.bench.OnServers;
import topiary.app.bench.Program;
import topiary.app.json.Json;
import topiary.app.nodes.NodeApi;
import topiary.app.nodes.NodeProgram;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.gtid.MariaPosition;
import topiary.lab.Fault;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Member;
import topiary.lab.MemberStatus;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Flavor;
import topiary.lab.load.Check;
import topiary.lab.load.Load;
import topiary.lab.load.Question;
import topiary.lab.load.Stray;
import topiary.lab.proxy.Link;

/**
 * A rehearsal's servers, {@code p} with four replicas in two tiers, a writer on them, and a node as
 * users start it, or three, with the shipped settings but for the switch that lets recoveries
 * begin.
 */
final class Stage implements AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int RATE = 100;

  /** The word that starts a node, and what the links of one are called by. */
  static final String NODE = "node";

  /** In the report, when more may be lost than is known. */
  private static final String UNKNOWN_TAIL = "sent to nobody, is not known";

  /** So many rows more show that somebody takes writes. */
  private static final int SOME = 20;

  /** A node that can be told when to die. */
  private static final String MORTAL = "topiary.app.main.MortalNode";

  /** So many rows of the audit are more than a rehearsal makes. */
  private static final int ROWS = 1_000;

  private final Path folder;
  private final Path fate;
  private final Lab lab;
  private Load load;
  private final boolean semiSync;
  private final Nodes nodes;

  /** Everything is up and seen, and written to, when this returns. */
  Stage(Program program, Flavor flavor, boolean semiSync, Rehearsal.Set set) throws IOException {
    this.semiSync = semiSync;
    Cache cache = Cache.standard();
    folder = cache.root().resolve("bench").resolve("rehearse-" + ProcessHandle.current().pid());
    Disk.delete(folder);
    Disk.makePrivate(folder);
    fate = folder.resolve("fate");
    Disk.makePrivate(fate);
    LabSpec spec =
        OnServers.asShipped(
            LabSpec.of(cache, Lab.freeName(cache, "rehearse"), "p(r1(r3),r2,r4)").flavor(flavor));
    spec = set.places() ? spec.withoutGtid() : spec;
    spec = semiSync ? spec.semiSync() : spec;
    lab = Lab.start(set.links() ? spec.proxied() : spec);
    Nodes started = null;
    try {
      started = nodes(program, set);
      nodes = started;
      for (NodeApi one : nodes.apis()) {
        OnServers.await(
            () -> OnServers.seen(one) == lab.members().size(), "a node does not see all servers");
      }
      load = Load.start(lab, RATE);
      if (!writes()) {
        throw new LabException("nothing is written");
      }
    } catch (IOException | RuntimeException e) {
      if (started != null) {
        started.close();
      }
      lab.close();
      throw e;
    }
  }

  private Nodes nodes(Program program, Rehearsal.Set set) throws IOException {
    Optional<List<String>> mortal = set.mortal() ? Optional.of(mortal()) : Optional.empty();
    if (set.three()) {
      NodeProgram each = mortal.map(NodeProgram::new).orElseGet(NodeProgram::standard);
      return new ThreeNodes(OnServers.cluster(lab, folder, each, ThreeNodes.COUNT));
    }
    Path config = OnServers.config(lab, folder);
    withHooks(config, set.hooks());
    return new OneNode(program, config, lab.faults(), mortal);
  }

  /** What starts it, with the options of one that users start, and what those have kept linked. */
  private List<String> mortal() {
    var command = new ArrayList<>(NodeProgram.java(MORTAL, List.of(fate.toString())));
    String servers = System.getProperty("topiary.lab.servers", "");
    Path linked = Path.of(servers).resolveSibling("node.aot");
    if (!servers.isEmpty() && Files.exists(linked)) {
      command.addAll(1, List.of("-XX:AOTCache=" + linked, "-Xlog:disable"));
    }
    return command;
  }

  private static void withHooks(Path config, Map<String, Object> hooks) throws IOException {
    if (!hooks.isEmpty()) {
      try {
        var json = new LinkedHashMap<>(Json.object(Files.readAllBytes(config)));
        json.put("hooks", hooks);
        Files.write(config, Json.bytes(json));
      } catch (Json.BadJson e) {
        throw new IOException(e);
      }
    }
  }

  private NodeApi api() {
    return nodes.api();
  }

  Lab lab() {
    return lab;
  }

  /** What there is to see why an outcome is not what it should be. */
  String evidence() throws IOException {
    var text = new StringBuilder();
    for (Object one : api().list("recoveries").orElse(List.of())) {
      String id = String.valueOf(((Map<?, ?>) one).get("id"));
      text.append(api().text("recovery?recovery=" + id).orElse(id + " is not told")).append('\n');
    }
    text.append(api().text("audit").orElse("the audit is not told")).append('\n');
    for (MemberStatus status : status()) {
      text.append(status).append('\n');
    }
    return text.append(nodes.said()).toString();
  }

  Load load() {
    return load;
  }

  /** Ends the node at once, as a crash would, and starts it again. */
  void crashNode() throws IOException {
    nodes.kill();
    nodes.revive();
  }

  /** Ends the node that leads at once, and waits until another one does. */
  void crashLeader() throws IOException, Wrong {
    String dead = leader();
    nodes.kill();
    mustBeLedByAnother(dead);
  }

  /** Who of the three leads, once somebody does. */
  String leader() {
    return ((ThreeNodes) nodes).leader().name();
  }

  void mustBeLedByAnother(String than) throws Wrong {
    String next = leader();
    if (next.equals(than)) {
      throw new Wrong(than + " is dead, and is said to lead");
    }
  }

  /** All of three that run must come to stand at the same place with the same state. */
  void mustAgree() throws Wrong {
    await(((ThreeNodes) nodes)::agree, "the three nodes are not at the same place");
  }

  /** Starts a node that has died again, as users do, and waits until it serves. */
  void revive() throws IOException {
    nodes.revive();
  }

  /** Has whoever comes to this moment of the next recovery die of it. */
  void dieAt(int moment) throws IOException {
    MortalLog.end(fate, moment);
  }

  /** The moments of a recovery up to now, in words. */
  List<String> moments() throws IOException {
    return MortalLog.met(fate);
  }

  /** Waits until a node has died, or a recovery has ended; whether one has died. */
  boolean dies() throws Wrong {
    await(() -> !nodes.alive() || !ended().isEmpty(), "no node dies, and no recovery ends");
    // Whoever has ended it may be about to die of that.
    return Await.holds(LOOK, () -> !nodes.alive());
  }

  /** Cuts a server off from the node and from all other servers, and from nobody else. */
  Fault cutOff(String member) {
    return lab.faults()
        .cut(
            Stream.concat(Stream.of(NODE), lab.members().stream().map(Member::name))
                .filter(client -> !client.equals(member))
                .map(client -> Link.from(client).to(member))
                .toArray(Link[]::new));
  }

  void tell(String operation, Map<String, Object> arguments) throws Wrong {
    if (!api().post(operation, arguments)) {
      throw new Wrong("the node refuses " + operation + " " + new TreeMap<>(arguments));
    }
  }

  /** Has something done that is to be refused, or not to succeed. */
  boolean tried(String operation, Map<String, Object> arguments) {
    return api().post(operation, arguments);
  }

  String address(String member) {
    return lab.member(member).address();
  }

  /** What the node says is against a recovery of the tree of a server. */
  String whyNot(String member) {
    return api().text("why-not?cluster=" + address(member)).orElse("");
  }

  /** Ended recoveries, newest first. */
  private List<Map<?, ?>> ended() {
    return api().list("recoveries").orElse(List.of()).stream()
        .<Map<?, ?>>map(one -> (Map<?, ?>) one)
        .filter(one -> one.get("end") != null)
        .toList();
  }

  /** What is told of the latest recovery. */
  String report() {
    return api().list("recoveries").orElse(List.of()).stream()
        .findFirst()
        .map(one -> String.valueOf(((Map<?, ?>) one).get("id")))
        .flatMap(id -> api().text("recovery?recovery=" + id))
        .orElse("");
  }

  /** Waits until the audit has something. */
  void awaitAudit(String pattern) throws Wrong {
    Pattern wanted = Pattern.compile(pattern);
    await(
        () -> api().text("audit").filter(text -> wanted.matcher(text).find()).isPresent(),
        "the audit has no \"" + pattern + "\"");
  }

  /** Waits until it is written who is to be promoted. */
  String awaitChosen() throws Wrong {
    awaitAudit("takes its place");
    return named(((Map<?, ?>) api().list("recoveries").orElseThrow().getFirst()).get("successor"));
  }

  private String named(Object address) throws Wrong {
    return lab.members().stream()
        .filter(m -> m.address().equals(address))
        .map(Member::name)
        .findFirst()
        .orElseThrow(() -> new Wrong(address + " is none of these servers"));
  }

  /** Who would be promoted if p died now. */
  String wouldBeNext() throws Wrong {
    Map<String, Object> told =
        api()
            .get("what-if-dead?instance=" + address("p"))
            .orElseThrow(() -> new Wrong("it is not told what would be if p died"));
    return named(told.get("successor"));
  }

  /** Whether the node says that a server has transactions that its head has not. */
  boolean errant(String member) {
    return api()
        .get("instance?instance=" + address(member))
        .filter(json -> json.get("errantGtid") != null)
        .isPresent();
  }

  /** Whether a replica has failed at what it is to apply. */
  boolean cannotApply(String member) {
    return status().stream()
        .filter(s -> s.member().name().equals(member))
        .flatMap(s -> s.view().stream())
        .flatMap(v -> v.replication().stream())
        .anyMatch(r -> !r.applying() && !r.fault().isEmpty());
  }

  /** Writes something on a server whatever its settings, as somebody with all rights may. */
  void writeOn(String member) {
    Stray.write(lab, member);
  }

  /** Whether the node has such a process. */
  boolean runs(String command) {
    return nodes
        .descendants()
        .anyMatch(p -> p.info().commandLine().filter(c -> c.contains(command)).isPresent());
  }

  int recoveries() {
    return api().list("recoveries").orElse(List.of()).size();
  }

  /** Waits for the end of so many recoveries; the latest. */
  Map<?, ?> awaitEnd(int recoveries) throws Wrong {
    await(() -> ended().size() >= recoveries, "no recovery has ended");
    return ended().getFirst();
  }

  /** The same, of one that is to have ended well; who has the place now. */
  String awaitSuccess(int recoveries) throws Wrong {
    Map<?, ?> end = awaitEnd(recoveries);
    if (!String.valueOf(end.get("end")).startsWith("DONE")) {
      throw new Wrong("the recovery has failed: " + end.get("report"));
    }
    return named(end.get("successor"));
  }

  void await(BooleanSupplier condition, String otherwise) throws Wrong {
    if (!Await.holds(LONG, condition)) {
      throw new Wrong("after " + LONG.toSeconds() + " s " + otherwise);
    }
  }

  private List<MemberStatus> status() {
    return lab.status(LOOK);
  }

  /** Who takes writes now. */
  List<String> writable() {
    return status().stream().filter(MemberStatus::writable).map(s -> s.member().name()).toList();
  }

  void mustTakeWritesAlone(String member) throws Wrong {
    await(() -> writable().equals(List.of(member)), member + " is not the one that takes writes");
  }

  /** Nothing is written any more, and these have all that the other has. */
  void stopWriting(String source, List<String> replicas) throws Wrong {
    load.stop();
    for (String replica : replicas) {
      mustCatchUp(replica, source);
    }
  }

  void writeAgain() {
    load = Load.start(lab, RATE);
  }

  /** Rows are written, wherever. */
  void mustWrite() throws Wrong {
    if (!writes()) {
      throw new Wrong("after " + LONG.toSeconds() + " s nothing is written");
    }
  }

  private boolean writes() {
    int before = load.acknowledged();
    return Await.holds(LONG, () -> load.acknowledged() > before + SOME);
  }

  void mustWriteTo(String member) throws Wrong {
    await(() -> load.target().filter(member::equals).isPresent(), "nobody writes to " + member);
    mustWrite();
  }

  void mustFollow(String member, String source) throws Wrong {
    await(
        () ->
            status().stream()
                .filter(s -> s.member().name().equals(member))
                .flatMap(s -> s.source().stream())
                .anyMatch(source::equals),
        member + " is not below " + source);
  }

  /**
   * It has all that another has by now. A former primary of MySQL that waits for semi-synchronous
   * replicas waits for them with what it applies, too, until it gives them up after its timeout.
   */
  void mustCatchUp(String member, String source) throws Wrong {
    GtidPosition wanted = position(source);
    await(() -> position(member).covers(wanted), member + " does not catch up with " + source);
  }

  private GtidPosition position(String member) {
    String text =
        status().stream()
            .filter(s -> s.member().name().equals(member))
            .flatMap(s -> s.view().stream())
            .findFirst()
            .map(view -> view.position())
            .orElse("");
    return maria() ? MariaPosition.parse(text) : GtidSet.parse(text);
  }

  void mustFollowNobody(String member) throws Wrong {
    if (status().stream()
        .filter(s -> s.member().name().equals(member))
        .anyMatch(s -> s.view().isEmpty() || !s.sources().isEmpty())) {
      throw new Wrong(member + " is below somebody, or does not answer");
    }
  }

  private List<Check.Result> rows(String... left) {
    load.stop();
    return load.check(LONG, List.of(left)).stream()
        .filter(r -> lab.member(r.member()).state() == Member.State.RUNNING)
        .toList();
  }

  /**
   * Stops writing; all servers that run must have the same rows. Where two have died at once, what
   * only they had is lost with them.
   */
  String mustHaveTheSame() throws Wrong {
    List<Check.Result> results = rows();
    if (results.stream().map(Check.Result::firstMissing).distinct().count() > 1
        || results.stream().anyMatch(r -> !r.fault().isEmpty())) {
      throw new Wrong("not all have the same rows: " + results);
    }
    int lost = results.getFirst().missing();
    return load.acknowledged()
        + " rows, "
        + (lost == 0 ? "none missing" : lost + " lost that only the dead ones had");
  }

  /** Stops writing; every row that was acknowledged must be on all servers that run. */
  String mustHaveAll() throws Wrong {
    return mustHaveAllBut();
  }

  /** The same, of all but these. */
  String mustHaveAllBut(String... left) throws Wrong {
    List<Check.Result> results = rows(left);
    Optional<Check.Result> lacks = results.stream().filter(r -> !r.complete()).findFirst();
    if (lacks.isEmpty()) {
      return load.acknowledged() + " rows, none missing";
    }
    Check.Result one = lacks.get();
    boolean all = results.stream().map(Check.Result::firstMissing).distinct().count() == 1;
    if (semiSync || !one.fault().isEmpty() || !all || one.missing() > SOME || !mayBeLost()) {
      throw new Wrong("rows are missing: " + one);
    }
    return load.acknowledged()
        + " rows, "
        + one.missing()
        + " missing that p had sent to nobody, as the report says may be";
  }

  /** Whether it is told that the one that died, or is left alone, may have rows nobody else has. */
  private boolean mayBeLost() {
    return report().contains(UNKNOWN_TAIL) || own().isPresent();
  }

  boolean maria() {
    return lab.flavor().id().startsWith("mariadb");
  }

  /** Whether the report of the latest recovery has some words. */
  boolean tells(String words) {
    return report().contains(words);
  }

  /** Waits until the report of the latest recovery has some words. */
  void mustTell(String words) throws Wrong {
    await(() -> report().contains(words), "it is not told: " + words);
  }

  /** Waits until it is found, of a server, what it has that it should not have. */
  void mustFind(String member, String own) throws Wrong {
    await(
        () ->
            api()
                .text("replication-analysis")
                .filter(t -> t.contains(address(member)) && t.contains("has " + own))
                .isPresent(),
        "it is not found that " + member + " has " + own);
  }

  /** What is told that the former primary has of its own. */
  private Optional<String> own() {
    return api().list("recoveries").orElse(List.of()).stream()
        .findFirst()
        .map(one -> ((Map<?, ?>) one).get("formerOwn"))
        .map(String::valueOf);
  }

  /**
   * What the former primary has and the new one has not must be told, to the transaction; what it
   * is, empty for nothing.
   */
  String mustTellWhatIsOwn(String former, String head) throws Wrong {
    await(
        () -> own().orElse("").equals(isOwn(former, head)),
        "it is not told what only " + former + " has");
    return isOwn(former, head);
  }

  /** The same as the servers say it. */
  private String isOwn(String former, String head) {
    if (!maria()) {
      return GtidSet.parse(Question.ask(lab, former, "SELECT @@gtid_executed"))
          .minus(GtidSet.parse(Question.ask(lab, head, "SELECT @@gtid_executed")))
          .toString();
    }
    Map<String, Long> others = lasts(head);
    var own = new ArrayList<String>();
    lasts(former)
        .forEach(
            (writer, last) -> {
              Long has = others.get(writer);
              if (has == null || has < last) {
                own.add(
                    (has == null ? "" : "after " + writer + "-" + has + " ")
                        + "up to "
                        + writer
                        + "-"
                        + last);
              }
            });
    return String.join(", ", own);
  }

  /** The last transaction of each writer in MariaDB's words: {@code 0-1} and its number. */
  private Map<String, Long> lasts(String member) {
    var lasts = new LinkedHashMap<String, Long>();
    for (String gtid : Question.ask(lab, member, "SELECT @@gtid_binlog_state").split(",")) {
      int dash = gtid.lastIndexOf('-');
      lasts.put(gtid.substring(0, dash).strip(), Long.valueOf(gtid.substring(dash + 1).strip()));
    }
    return lasts;
  }

  /**
   * What a server was told since it was started that a recovery tells it once at most.
   *
   * @param moves how often it was given a source
   * @param forgets how often it was made to forget one
   */
  record Told(long moves, long forgets) {

    Told since(Told before) {
      return new Told(moves - before.moves, forgets - before.forgets);
    }
  }

  /** The same of each server that runs, by its own count. */
  Map<String, Told> told() {
    var told = new TreeMap<String, Told>();
    for (Member member : lab.members()) {
      if (member.state() == Member.State.RUNNING) {
        String name = member.name();
        told.put(
            name,
            new Told(
                counted(name, "COM_CHANGE_MASTER", "COM_CHANGE_REPLICATION_SOURCE"),
                counted(name, "COM_RESET", "COM_RESET_REPLICA")));
      }
    }
    return told;
  }

  private long counted(String member, String... names) {
    return Long.parseLong(
        Question.ask(
            lab,
            member,
            "SELECT CAST(COALESCE(SUM(VARIABLE_VALUE), 0) AS UNSIGNED) FROM "
                + (maria()
                    ? "information_schema.GLOBAL_STATUS"
                    : "performance_schema.global_status")
                + " WHERE UPPER(VARIABLE_NAME) IN ('"
                + String.join("', '", names)
                + "')"));
  }

  /**
   * There was one recovery, its successor was chosen once, it was closed once, no step of it was
   * begun twice; and no server was given a source twice or made to forget one twice.
   */
  void mustBeOnce(Map<String, Told> before) throws Wrong {
    List<Map<?, ?>> rows =
        api().list("audit?limit=" + ROWS).orElse(List.of()).stream()
            .<Map<?, ?>>map(row -> (Map<?, ?>) row)
            .filter(row -> "accepted".equals(row.get("verdict")))
            .toList();
    for (String type : List.of("open-recovery", "choose-successor", "close-recovery")) {
      long count = rows.stream().filter(row -> type.equals(row.get("type"))).count();
      if (count != 1) {
        throw new Wrong("the audit has " + type + " " + count + " times");
      }
    }
    List<String> begun =
        rows.stream()
            .filter(row -> "begin-step".equals(row.get("type")))
            .map(row -> String.valueOf(row.get("message")))
            .map(words -> words.substring(0, words.indexOf(" begins")))
            .toList();
    if (begun.isEmpty() || begun.size() != Set.copyOf(begun).size()) {
      throw new Wrong("a step was begun twice, or none was: " + begun);
    }
    for (var now : told().entrySet()) {
      Told since = now.getValue().since(before.get(now.getKey()));
      if (since.moves() > 1 || since.forgets() > 1) {
        throw new Wrong(now.getKey() + " was told the same twice: " + since);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      load.close();
    } finally {
      try {
        nodes.close();
      } finally {
        lab.close();
        Disk.delete(folder);
      }
    }
  }
}
