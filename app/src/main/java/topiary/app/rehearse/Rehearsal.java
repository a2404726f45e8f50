package topiary.app.rehearse;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.lab.Fault;
import topiary.lab.base.Await;
import topiary.lab.load.LongStatement;
import topiary.lab.load.OpenTransaction;
import topiary.lab.load.Question;
import topiary.lab.load.TableLock;

/**
 * Something that goes wrong, and what is to come of it.
 *
 * @param name by which it is asked for
 * @param what in words
 * @param set what the stage has besides
 * @param play does it, and looks at the outcome; what there is to say when all is as it should be
 */
record Rehearsal(String name, String what, Set set, Play play) {

  /**
   * What a stage has that most have not.
   *
   * @param links whether who can reach whom can be changed
   * @param hooks what the node's file says of hooks; empty for none
   * @param three whether three nodes look after the servers, which are a cluster
   * @param mortal whether nodes are started so that they can be told at which moment to die
   * @param places whether the servers replicate by file and position, without GTIDs
   */
  record Set(
      boolean links, Map<String, Object> hooks, boolean three, boolean mortal, boolean places) {
    static final Set PLAIN = new Set(false, Map.of(), false, false, false);
    static final Set LINKS = new Set(true, Map.of(), false, false, false);
    static final Set THREE = new Set(false, Map.of(), true, false, false);
    static final Set PLACES = new Set(false, Map.of(), false, false, true);

    static Set hooks(Map<String, Object> hooks) {
      return new Set(false, hooks, false, false, false);
    }

    static Set mortal(boolean three) {
      return new Set(false, Map.of(), three, true, false);
    }
  }

  Rehearsal(String name, String what, Play play) {
    this(name, what, Set.PLAIN, play);
  }

  /** What is done on a stage. */
  interface Play {
    String on(Stage stage) throws Wrong, IOException;
  }

  private static final Duration FOR_SURE = Duration.ofSeconds(8);

  /** What the load writes to. */
  private static final String LEDGER = "lab.ledger";

  /** In the audit, when a successor is to apply what it has received. */
  private static final String DRAINS =
      "begins: (wait until [0-9.:]+ has applied|stop replication on)";

  /** All of them, in the order in which they are played. */
  static Map<String, Rehearsal> all() {
    var all = new LinkedHashMap<String, Rehearsal>();
    for (Rehearsal one :
        List.of(
            new Rehearsal("kill", "the primary's process is killed", Rehearsal::kill),
            new Rehearsal("hang", "the primary hangs", Rehearsal::hang),
            new Rehearsal(
                "wake", "the primary hangs, and wakes when another has its place", Rehearsal::wake),
            new Rehearsal(
                "cut",
                "the primary is cut off, together with those who write to it",
                Set.LINKS,
                Rehearsal::cutOff),
            new Rehearsal("back", "the primary is killed and back after a second", Rehearsal::back),
            new Rehearsal(
                "intermediate", "a source below the primary is killed", Rehearsal::intermediate),
            new Rehearsal(
                "candidate",
                "the primary is killed, and a moment later a replica",
                Rehearsal::twoDie),
            new Rehearsal(
                "promotion",
                "the primary is killed, and then the one that is being promoted",
                Rehearsal::promotion),
            new Rehearsal(
                "behind",
                "the primary is killed, and who has received the most has applied the least",
                Set.LINKS,
                Rehearsal::behind),
            new Rehearsal(
                "passes-on",
                "the primary is killed, and who has received the most must not be promoted",
                Set.LINKS,
                Rehearsal::passesOn),
            new Rehearsal(
                "below",
                "the primary is killed with a replica, and only one below that may be promoted",
                Rehearsal::below),
            new Rehearsal(
                "lagging",
                "the primary is killed, and no replica has applied what it received",
                Rehearsal::lagging),
            new Rehearsal(
                "errant",
                "the primary is killed, and who would be next has a transaction of its own",
                Rehearsal::errant),
            new Rehearsal(
                "two",
                "the primary is killed, and then the one that took its place",
                Rehearsal::two),
            new Rehearsal(
                "node", "the primary is killed, and the node in the midst of it", Rehearsal::node),
            new Rehearsal(
                "node-stopping",
                "the same, when replicas are being stopped",
                stage -> nodeAt(stage, "begin plan [0-9a-z]+: make")),
            new Rehearsal(
                "node-chosen",
                "the same, when it is written who comes next",
                stage -> nodeAt(stage, "takes its place")),
            new Rehearsal(
                "node-writeable",
                "the same, when that one is being made writeable",
                stage -> nodeAt(stage, "begins: make [0-9.:]+ writeable")),
            new Rehearsal(
                "node-moving",
                "the same, when the others are being moved",
                stage -> nodeAt(stage, "begin plan [0-9a-z]+: relocate")),
            new Rehearsal(
                "leader",
                "the primary is killed, and the leader of three nodes in the midst of it",
                Set.THREE,
                stage -> leaderAt(stage, "begin plan [0-9a-z]+: make")),
            new Rehearsal(
                "leader-chosen",
                "the same, when it is written who comes next",
                Set.THREE,
                stage -> leaderAt(stage, "takes its place")),
            new Rehearsal(
                "leader-moving",
                "the same, when the others are being moved",
                Set.THREE,
                stage -> leaderAt(stage, "begin plan [0-9a-z]+: relocate")),
            new Rehearsal(
                "rejoin",
                "the primary is killed, and comes back to replicate from its successor",
                Rehearsal::rejoin),
            new Rehearsal(
                "places",
                "the primary is killed, and its replicas go by file and position",
                Set.PLACES,
                Rehearsal::places),
            new Rehearsal("off", "recovery is switched off, the primary killed", Rehearsal::off),
            new Rehearsal(
                "downtime", "the primary is in downtime, and killed", Rehearsal::downtime),
            new Rehearsal(
                "blocked", "a second primary dies, the first not seen to", Rehearsal::blocked),
            new Rehearsal(
                "takeover", "a replica takes over, and it is taken back", Rehearsal::takeOver),
            new Rehearsal(
                "takeover-lock", "a replica is to take over, a table is locked", Rehearsal::locked),
            new Rehearsal(
                "takeover-long",
                "a replica is to take over, a statement does not end",
                Rehearsal::longStatement),
            new Rehearsal(
                "hook-hangs",
                "the primary is killed, and hooks around that hang",
                Set.hooks(
                    Map.of(
                        "seconds", 2,
                        "onFailureDetection", List.of("sleep 300"),
                        "postMasterFailover", List.of("sleep 300"))),
                stage -> hooked(stage, "sleep")),
            new Rehearsal(
                "hook-floods",
                "the primary is killed, and hooks around that write without end",
                Set.hooks(
                    Map.of(
                        "seconds", 2,
                        "preFailover", List.of("head -c 50000000 /dev/zero | tr '\\0' a"),
                        "postMasterFailover", List.of("yes"))),
                stage -> hooked(stage, "yes")),
            new Rehearsal(
                "hook-fails",
                "the primary is killed, and the hook before its recovery fails",
                Set.hooks(Map.of("preFailover", List.of("echo no; exit 3"))),
                Rehearsal::hookFails))) {
      all.put(one.name(), one);
    }
    return all;
  }

  static void on(Stage stage) throws Wrong {
    stage.tell("enable-recovery", Map.of());
  }

  /** All that a primary's death is to come to, when nothing else happens. */
  private static String replaced(Stage stage, int recoveries) throws Wrong {
    String head = stage.awaitSuccess(recoveries);
    stage.mustTakeWritesAlone(head);
    stage.mustWriteTo(head);
    return head;
  }

  private static String kill(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    String head = replaced(stage, 1);
    for (String other : List.of("r1", "r2", "r4")) {
      if (!other.equals(head)) {
        stage.mustFollow(other, head);
      }
    }
    return head + " has its place; " + stage.mustHaveAll();
  }

  private static String hang(Stage stage) throws Wrong {
    on(stage);
    stage.lab().hang("p");
    String head = replaced(stage, 1);
    return head + " has its place; " + stage.mustHaveAll();
  }

  private static String wake(Stage stage) throws Wrong {
    on(stage);
    try (var open = new OpenTransaction(stage.lab(), "p")) {
      stage.lab().hang("p");
      String head = replaced(stage, 1);
      stage.lab().resume("p");
      // It takes writes when it wakes, until it is made to refuse them.
      stage.mustTakeWritesAlone(head);
      stage.mustWriteTo(head);
      stage.await(open::ended, "a client's transaction is open on p still");
      stage.mustTell("Disconnected from " + stage.address("p") + ": ");
      stage.mustTellWhatIsOwn("p", head);
      return head + " has its place, p refuses writes and has ended what was open";
    }
  }

  private static String cutOff(Stage stage) throws Wrong {
    on(stage);
    Fault cut = stage.cutOff("p");
    String head = stage.awaitSuccess(1);
    // Its clients, who are cut off with it, go on, and nobody can tell it anything.
    if (!stage.writable().equals(List.of("p", head))) {
      throw new Wrong("these take writes: " + stage.writable());
    }
    stage.mustWriteTo("p");
    cut.heal();
    stage.mustTakeWritesAlone(head);
    stage.mustWriteTo(head);
    stage.mustFollowNobody("p");
    stage.mustTell("Disconnected from " + stage.address("p") + ": ");
    String own = stage.mustTellWhatIsOwn("p", head);
    if (own.isEmpty()) {
      throw new Wrong("p was written to while it was cut off, and nothing is told of it");
    }
    stage.mustFind("p", own);
    return head + " has its place, p is left alone, refuses writes, and has " + own;
  }

  private static String promotion(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    String chosen = stage.awaitChosen();
    stage.lab().kill(chosen);
    Map<?, ?> end = stage.awaitEnd(1);
    String report = String.valueOf(end.get("report"));
    if ("FAILED".equals(end.get("end"))) {
      // It may have taken writes, which would be lost: people decide.
      if (!report.contains("told to take writes") || !stage.writable().isEmpty()) {
        throw new Wrong(stage.writable() + " take writes: " + report);
      }
      return chosen + " may have taken writes, nobody else is promoted: people decide";
    }
    String head = replaced(stage, 1);
    if (head.equals(chosen)) {
      throw new Wrong(chosen + " is dead, and is said to have the place");
    }
    return chosen + " was chosen, " + head + " has the place; " + stage.mustHaveTheSame();
  }

  /** The replica that has received the most is promoted, and has applied it by then. */
  private static String behind(Stage stage) throws Wrong {
    on(stage);
    try (var _ = new TableLock(stage.lab(), "r2", LEDGER)) {
      onlyR2GetsTheLast(stage);
      stage.awaitAudit(DRAINS);
    }
    String head = replaced(stage, 1);
    if (!head.equals("r2")) {
      throw new Wrong(head + " has the place, and r2 had received more");
    }
    return "r2 has its place; " + stage.mustHaveAll();
  }

  /** The primary writes on, and of those right below it only r2 gets it; then it is killed. */
  private static void onlyR2GetsTheLast(Stage stage) throws Wrong {
    Fault one = stage.lab().faults().cut("r1", "p");
    Fault other = stage.lab().faults().cut("r4", "p");
    stage.mustWrite();
    stage.lab().kill("p");
    one.heal();
    other.heal();
  }

  /** Who is chosen gets what only one has that must not be promoted. */
  private static String passesOn(Stage stage) throws Wrong {
    on(stage);
    String never = stage.address("r2").replace(".", "\\.") + "$";
    stage.tell("set-recovery-rule", Map.of("rule", "never-promote", "value", never));
    onlyR2GetsTheLast(stage);
    String head = replaced(stage, 1);
    if (head.equals("r2")) {
      throw new Wrong("r2 has the place, and must not be promoted");
    }
    stage.mustFollow("r2", head);
    stage.mustTell(stage.address(head) + " has got from " + stage.address("r2"));
    return head + " has its place, and got the rest from r2; " + stage.mustHaveAll();
  }

  /** One whose source died with the primary is as near to it as anybody. */
  private static String below(Stage stage) throws Wrong {
    on(stage);
    for (String not : List.of("r2", "r4")) {
      stage.tell("register-candidate", Map.of("instance", stage.address(not), "rule", "must_not"));
    }
    stage.lab().kill("p");
    stage.lab().kill("r1");
    String head = replaced(stage, 1);
    if (!head.equals("r3")) {
      throw new Wrong(head + " has the place, and must not be promoted");
    }
    stage.mustFollow("r2", "r3");
    stage.mustFollow("r4", "r3");
    return "r3 has its place; " + stage.mustHaveAll();
  }

  private static String lagging(Stage stage) throws Wrong {
    on(stage);
    try (var _ = new TableLock(stage.lab(), "r1", LEDGER);
        var _ = new TableLock(stage.lab(), "r2", LEDGER);
        var _ = new TableLock(stage.lab(), "r4", LEDGER)) {
      stage.mustWrite();
      stage.lab().kill("p");
      stage.awaitAudit(DRAINS);
      if (!stage.writable().isEmpty()) {
        throw new Wrong(stage.writable() + " take writes, and have not applied what they received");
      }
    }
    String head = replaced(stage, 1);
    return head + " has its place; " + stage.mustHaveAll();
  }

  private static String errant(Stage stage) throws Wrong, IOException {
    on(stage);
    String next = stage.wouldBeNext();
    stage.writeOn(next);
    stage.await(
        () -> stage.errant(next) || stage.cannotApply(next),
        "it is not seen that " + next + " has a transaction of its own");
    stage.lab().kill("p");
    String head = replaced(stage, 1);
    if (head.equals(next)) {
      throw new Wrong(next + " has the place, and what only it had with it");
    }
    if (!stage.maria()) {
      return head + " has its place, and not " + next + "; " + stage.mustHaveAll();
    }
    // MariaDB takes no replica that has more than its source, so it stays where it was.
    stage.mustTell(stage.address(next) + " is not below it");
    return head
        + " has its place, and not "
        + next
        + ", and why that is not below it is said; "
        + stage.mustHaveAllBut(next, "r3");
  }

  private static String nodeAt(Stage stage, String moment) throws Wrong, IOException {
    on(stage);
    stage.lab().kill("p");
    stage.awaitAudit(moment);
    stage.crashNode();
    return goneOnWith(stage);
  }

  /** The one recovery of p, in which somebody was interrupted, has come to its end. */
  static String goneOnWith(Stage stage) throws Wrong {
    String head = replaced(stage, 1);
    if (stage.recoveries() != 1) {
      throw new Wrong("there were " + stage.recoveries() + " recoveries of one death");
    }
    for (String other : List.of("r1", "r2", "r4")) {
      if (!other.equals(head)) {
        stage.mustFollow(other, head);
      }
    }
    return head + " has its place; " + stage.mustHaveAll();
  }

  private static String leaderAt(Stage stage, String moment) throws Wrong, IOException {
    on(stage);
    Map<String, Stage.Told> before = stage.told();
    stage.lab().kill("p");
    stage.awaitAudit(moment);
    String dead = stage.leader();
    stage.crashLeader();
    String outcome = goneOnWith(stage);
    stage.mustBeOnce(before);
    String next = stage.leader();
    stage.revive();
    stage.mustAgree();
    return dead + " is dead, " + next + " has gone on; " + outcome;
  }

  private static String longStatement(Stage stage) throws Wrong {
    String told;
    try (var statement = new LongStatement(stage.lab(), "p")) {
      stage.tried("take-over", Map.of("instance", stage.address("r1")));
      Map<?, ?> end = stage.awaitEnd(1);
      String report = String.valueOf(end.get("report"));
      if (!"FAILED".equals(end.get("end")) || !report.contains(statement.text())) {
        throw new Wrong("it is not told what was in the way: " + report);
      }
      stage.mustTakeWritesAlone("p");
      stage.mustWriteTo("p");
      if (!statement.runs()) {
        throw new Wrong("the statement has not outlived what was refused");
      }
      stage.tell("take-over", Map.of("instance", stage.address("r1"), "end-statements", true));
      stage.await(
          () -> !statement.failure().isEmpty(), "who asked for the statement was told nothing");
      told = statement.failure();
    }
    stage.mustTakeWritesAlone("r1");
    stage.mustWriteTo("r1");
    stage.mustFollow("p", "r1");
    stage.awaitAudit("DONE: .*Disconnected from " + stage.address("p") + ": app ");
    // Had it come to its end by itself, there would be a second row.
    if (!Question.ask(stage.lab(), "r1", "SELECT COUNT(*) FROM longer.t").equals("1")) {
      throw new Wrong("what the statement was to write is there");
    }
    return "refused, and then the statement ended (\"" + told + "\"); " + stage.mustHaveAll();
  }

  /** Hooks hold up nothing, and what came of them is told. */
  private static String hooked(Stage stage, String command) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    String head = replaced(stage, 1);
    stage.await(
        () -> stage.report().contains("was ended after 2 s"),
        "it is not told that a hook took too long");
    stage.await(() -> !stage.runs(command), command + " goes on");
    return head + " has its place; " + stage.mustHaveAll();
  }

  private static String hookFails(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    Map<?, ?> end = stage.awaitEnd(1);
    String report = String.valueOf(end.get("report"));
    if (!"FAILED".equals(end.get("end")) || !report.contains("ended with 3")) {
      throw new Wrong("it is not told that a hook failed: " + report);
    }
    if (!stage.writable().isEmpty()) {
      throw new Wrong("something was done all the same");
    }
    stage.mustFollow("r1", "p");
    return "nothing is done, and why is said";
  }

  private static String back(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    stage.lab().start("p");
    stage.await(() -> stage.writable().size() == 1, "not exactly one takes writes");
    String head = stage.writable().getFirst();
    stage.mustWriteTo(head);
    if (head.equals("p")) {
      return "p takes the writes again; " + stage.mustHaveAll();
    }
    stage.awaitSuccess(1);
    stage.mustTakeWritesAlone(head);
    // Whether a former primary is made a replica is for people to say.
    stage.mustFollowNobody("p");
    String own = stage.mustTellWhatIsOwn("p", head);
    return head
        + " has its place, p refuses writes"
        + (own.isEmpty() ? "" : ", and has " + own)
        + "; "
        + stage.mustHaveAllBut("p");
  }

  /** A former primary that has nothing of its own is made a replica, by the rule for that. */
  private static String rejoin(Stage stage) throws Wrong {
    on(stage);
    stage.tell("set-recovery-rule", Map.of("rule", "rejoin", "value", "true"));
    // What nobody else got is not to decide whether it may.
    stage.stopWriting("p", List.of("r1", "r2", "r4"));
    stage.lab().kill("p");
    String head = stage.awaitSuccess(1);
    stage.mustTakeWritesAlone(head);
    stage.lab().start("p");
    stage.mustFollow("p", head);
    stage.writeAgain();
    stage.mustWriteTo(head);
    stage.mustCatchUp("p", head);
    return "p is below " + head + "; " + stage.mustHaveAll();
  }

  /** Who has received as much as the successor follows it, and of whoever does not it is told. */
  private static String places(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    String head = replaced(stage, 1);
    var left = new ArrayList<String>();
    for (String other : List.of("r1", "r2", "r4")) {
      if (!other.equals(head) && stage.tells(stage.address(other) + " is not below it")) {
        left.add(other);
      } else if (!other.equals(head)) {
        stage.mustFollow(other, head);
      }
    }
    String words =
        left.isEmpty() ? "the others are below it" : "it is told that " + left + " are not";
    if (left.contains("r1")) {
      left.add("r3");
    }
    return head
        + " has its place, "
        + words
        + "; "
        + stage.mustHaveAllBut(left.toArray(String[]::new));
  }

  private static String intermediate(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("r1");
    stage.awaitSuccess(1);
    stage.mustTakeWritesAlone("p");
    return "r3 is elsewhere; " + stage.mustHaveAll();
  }

  private static String twoDie(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    stage.lab().kill("r1");
    String head = replaced(stage, 1);
    for (String other : List.of("r2", "r3", "r4")) {
      if (!other.equals(head)) {
        stage.mustFollow(other, head);
      }
    }
    return head + " has its place, the others are below it; " + stage.mustHaveTheSame();
  }

  private static String two(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    String first = replaced(stage, 1);
    stage.tell("ack-all-recoveries", Map.of("comment", "rehearsed"));
    stage.lab().kill(first);
    String second = replaced(stage, 2);
    return first + ", then " + second + "; " + stage.mustHaveAll();
  }

  private static String node(Stage stage) throws Wrong, IOException {
    on(stage);
    stage.lab().kill("p");
    stage.await(() -> stage.recoveries() == 1, "no recovery has begun");
    stage.crashNode();
    String head = replaced(stage, 1);
    return head + " has its place; " + stage.mustHaveAll();
  }

  private static String off(Stage stage) throws Wrong {
    stage.lab().kill("p");
    return nothingIsDone(stage, "is off");
  }

  private static String downtime(Stage stage) throws Wrong {
    on(stage);
    stage.tell(
        "begin-downtime",
        Map.of("instance", stage.address("p"), "owner", "rehearsal", "reason", "rehearsed"));
    stage.lab().kill("p");
    return nothingIsDone(stage, "is in downtime");
  }

  private static String blocked(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    String head = replaced(stage, 1);
    stage.lab().kill(head);
    stage.await(
        () -> stage.whyNot(head).contains("ended at"), "it is not said that a recovery blocks it");
    if (Await.holds(FOR_SURE, () -> stage.recoveries() > 1)) {
      throw new Wrong("a second recovery has begun, and nobody has seen to the first");
    }
    return "the second is not recovered, and why is said";
  }

  private static String nothingIsDone(Stage stage, String why) throws Wrong {
    stage.await(() -> stage.whyNot("p").contains(why), "it is not said that recovery " + why);
    if (Await.holds(FOR_SURE, () -> stage.recoveries() > 0 || !stage.writable().isEmpty())) {
      throw new Wrong("something was done");
    }
    return "nothing is done, and why is said";
  }

  private static String takeOver(Stage stage) throws Wrong {
    stage.tell("take-over", Map.of("instance", stage.address("r1")));
    stage.mustTakeWritesAlone("r1");
    stage.mustWriteTo("r1");
    stage.mustFollow("p", "r1");
    stage.mustFollow("r2", "r1");
    stage.mustCatchUp("p", "r1");
    stage.tell("take-over", Map.of("instance", stage.address("p")));
    stage.mustTakeWritesAlone("p");
    stage.mustWriteTo("p");
    return "there and back; " + stage.mustHaveAll();
  }

  private static String locked(Stage stage) throws Wrong {
    var lock = new TableLock(stage.lab(), "p");
    try (lock) {
      stage.tried("take-over", Map.of("instance", stage.address("r1")));
      Map<?, ?> end = stage.awaitEnd(1);
      if (!"FAILED".equals(end.get("end"))
          || !String.valueOf(end.get("report")).contains("LOCK TABLES")) {
        throw new Wrong("it is not told what was in the way: " + end.get("report"));
      }
    }
    stage.mustTakeWritesAlone("p");
    stage.mustWriteTo("p");
    stage.mustFollow("r2", "p");
    return "all is as before; " + stage.mustHaveAll();
  }
}
