package topiary.app.rehearse;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.lab.base.Await;
import topiary.lab.load.TableLock;

/**
 * Something that goes wrong, and what is to come of it.
 *
 * @param name by which it is asked for
 * @param what in words
 * @param play does it, and looks at the outcome; what there is to say when all is as it should be
 */
record Rehearsal(String name, String what, Play play) {

  /** What is done on a stage. */
  interface Play {
    String on(Stage stage) throws Wrong, IOException;
  }

  private static final Duration FOR_SURE = Duration.ofSeconds(8);

  /** All of them, in the order in which they are played. */
  static Map<String, Rehearsal> all() {
    var all = new LinkedHashMap<String, Rehearsal>();
    for (Rehearsal one :
        List.of(
            new Rehearsal("kill", "the primary's process is killed", Rehearsal::kill),
            new Rehearsal("hang", "the primary hangs", Rehearsal::hang),
            new Rehearsal(
                "wake", "the primary hangs, and wakes when another has its place", Rehearsal::wake),
            new Rehearsal("back", "the primary is killed and back after a second", Rehearsal::back),
            new Rehearsal(
                "intermediate", "a source below the primary is killed", Rehearsal::intermediate),
            new Rehearsal(
                "candidate",
                "the primary is killed, and a moment later a replica",
                Rehearsal::twoDie),
            new Rehearsal(
                "two",
                "the primary is killed, and then the one that took its place",
                Rehearsal::two),
            new Rehearsal(
                "node", "the primary is killed, and the node in the midst of it", Rehearsal::node),
            new Rehearsal("off", "recovery is switched off, the primary killed", Rehearsal::off),
            new Rehearsal(
                "downtime", "the primary is in downtime, and killed", Rehearsal::downtime),
            new Rehearsal(
                "blocked", "a second primary dies, the first not seen to", Rehearsal::blocked),
            new Rehearsal(
                "takeover", "a replica takes over, and it is taken back", Rehearsal::takeOver),
            new Rehearsal(
                "takeover-lock",
                "a replica is to take over, a table is locked",
                Rehearsal::locked))) {
      all.put(one.name(), one);
    }
    return all;
  }

  private static void on(Stage stage) throws Wrong {
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
    stage.lab().hang("p");
    String head = replaced(stage, 1);
    stage.lab().resume("p");
    // It takes writes when it wakes, until it is made to refuse them.
    stage.mustTakeWritesAlone(head);
    stage.mustWriteTo(head);
    return head + " has its place, and p refuses writes";
  }

  private static String back(Stage stage) throws Wrong {
    on(stage);
    stage.lab().kill("p");
    stage.lab().start("p");
    stage.await(() -> stage.writable().size() == 1, "not exactly one takes writes");
    stage.mustWriteTo(stage.writable().getFirst());
    return stage.writable().getFirst() + " takes the writes; " + stage.mustHaveAll();
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
    stage.mustFollow("r3", head);
    return head + " has its place, r3 is below it; " + stage.mustHaveTheSame();
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
