package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.fake.Passwords;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Flavor;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.flavor.Credentials;
import topiary.lab.flavor.Flavors;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * A replica of a head that is written to becomes its co-source, and is none again: where the
 * servers say they replicate from, that nothing is lost or applied twice, and what is refused.
 */
@Execution(ExecutionMode.SAME_THREAD)
class CoSourceIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private Ground ground;
  private Manager manager;
  private MemoryLog journal;
  private Passwords passwords;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Ground.oneFlavor();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void byGtid(topiary.lab.flavor.Flavor flavor) throws Exception {
    try (Ground here = Ground.up("cosource", "p(r1,r2)", flavor)) {
      eachIsDoneUndoneAndRefused(here);
    }
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void byFileAndPosition(topiary.lab.flavor.Flavor flavor) throws Exception {
    try (Ground here = Ground.withoutGtid("cosourcefile", "p(r1,r2)", flavor)) {
      eachIsDoneUndoneAndRefused(here);
    }
  }

  private void eachIsDoneUndoneAndRefused(Ground here) throws Exception {
    ground = here;
    journal = new MemoryLog();
    passwords = here.passwords();
    try (Ground.Topiary topiary = Ground.topiary(passwords, journal, journal, QUICK, Set::of)) {
      manager = topiary.manager();
      topiary.discover(ground.key("r1"), 3);
      try (Load load = Load.start(ground.lab())) {
        Ground.await(() -> load.acknowledged() > 20, "nothing is written");
        refusals();
        done("r1");
        stand("r1", "p", "p");
        notTwice();
        goesOn(load);
        // What others wrote while it was a replica is not applied again when it connects anew.
        connectsAnew();
        goesOn(load);
        undone();
        stand("-", "p", "p");
        done("r1");
        stand("r1", "p", "p");
        load.stop();
        List<Check.Result> results = load.check(Ground.LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      theirPartsChanged();
      wrongPassword();
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  @Test
  void onMySqlThePasswordIsReadFromTheReplica() throws Exception {
    try (Ground here = Ground.up("cosourcekept", "p(r1,r2)", Flavors.named("mysql-9.7"))) {
      ground = here;
      journal = new MemoryLog();
      // An account that may read it.
      var all = Credentials.read(ground.lab().credentials().file().getParent(), "lab");
      var tls = here.passwords().credentials(ground.key("p")).orElseThrow().tls();
      passwords = new Passwords(all.user(), all.password(), tls);
      try (Ground.Topiary topiary = Ground.topiary(passwords, journal, journal, QUICK, Set::of)) {
        manager = topiary.manager();
        topiary.discover(ground.key("r1"), 3);
        done("r1");
        stand("r1", "p", "p");
        String secret = ground.lab().replication().password();
        assertFalse(journal.accepted().toString().contains(secret), "the journal has it");
        assertTrue(journal.accepted().toString().contains("user=repl"));
      }
    }
  }

  private void refusals() throws Exception {
    refused("p", " is not a replica");
    refused("r1", "r2", " replicates from ");
    ended(new Intent.SetReadOnly(ground.key("r1"), false));
    refused("r1", " takes writes: two that do would overwrite each other's; \"set-read-only\" ");
    ended(new Intent.SetReadOnly(ground.key("r1"), true));
    passwords.forgetReplication();
    boolean maria = flavor() == Flavor.MARIADB;
    // Topiary's account may not read mysql.slave_master_info in the lab.
    refused("r1", maria ? "MariaDB does not tell it" : "keeps none in mysql.slave_master_info, or");
    passwords.replicating(ground.lab().replication().user(), ground.lab().replication().password());
  }

  private Flavor flavor() {
    return manager
        .topology()
        .instance(ground.key("p"))
        .flatMap(i -> i.facts())
        .orElseThrow()
        .identity()
        .flavor();
  }

  /** Twice is refused, and so is a second one. */
  private void notTwice() throws Exception {
    refused("r1", " are co-sources already");
    refused("r2", " is no head: it replicates from " + ground.key("r1") + ", in a ring");
  }

  private void goesOn(Load load) {
    long so = load.acknowledged();
    Ground.await(() -> load.acknowledged() > so + 20, "the head is not written to any more");
    stand("r1", "p", "p");
  }

  private void connectsAnew() throws Exception {
    ended(new Intent.OnServer(ground.key("p"), new Doing.Restart()));
    stand("r1", "p", "p");
  }

  /** What is written on the other once it is the one that takes writes comes to the head. */
  private void theirPartsChanged() throws Exception {
    ended(new Intent.SetReadOnly(ground.key("p"), true));
    ended(new Intent.SetReadOnly(ground.key("r1"), false));
    ground.tell("r1", "CREATE DATABASE other", "CREATE TABLE other.t (id INT PRIMARY KEY)");
    ground.tell("r1", "INSERT INTO other.t VALUES (1)");
    for (String member : List.of("p", "r2")) {
      Ground.await(
          () -> count(member).filter("1"::equals).isPresent(),
          member + " does not get what r1 wrote");
    }
    ended(new Intent.SetReadOnly(ground.key("r1"), true));
    ended(new Intent.SetReadOnly(ground.key("p"), false));
    stand("r1", "p", "p");
  }

  private Optional<String> count(String member) {
    Map<String, String> there = ground.ask(member, "SHOW DATABASES LIKE 'other'");
    if (there.isEmpty() || ground.ask(member, "SHOW TABLES IN other").isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(ground.ask(member, "SELECT COUNT(*) AS n FROM other.t").get("n"));
  }

  /** The head cannot log in: it is put back to where it was, and the report says why. */
  private void wrongPassword() throws Exception {
    ended(new Intent.OnServer(ground.key("p"), new Doing.Reset()));
    stand("-", "p", "p");
    passwords.replicating(ground.lab().replication().user(), "n0t-the-password");
    Outcome outcome = manager.applyNow(coSource("r1", "p"), DBA).await();
    assertEquals(PlanEnd.FAILED, outcome.end(), outcome::report);
    assertFalse(outcome.report().contains("n0t-the-password"), outcome::report);
    assertTrue(outcome.report().contains("Put back: make "), outcome::report);
    refresh();
    stand("-", "p", "p");
  }

  private void stand(String... sources) {
    List<String> members = List.of("p", "r1", "r2");
    for (int i = 0; i < sources.length; i++) {
      String wanted = sources[i].equals("-") ? "-" : sources[i] + " Yes Yes";
      assertEquals(wanted, ground.stands(members.get(i)), members.get(i));
    }
  }

  private Intent coSource(String member, String source) {
    return new Intent.InTree(
        ground.key(member), new Reshaping.CoSource(Optional.of(ground.key(source))));
  }

  private void done(String member) throws Exception {
    ended(new Intent.InTree(ground.key(member), new Reshaping.CoSource(Optional.empty())));
  }

  private void undone() throws Exception {
    ended(new Intent.Undo(manager.undoable().orElseThrow()));
  }

  private void ended(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(
        PlanEnd.DONE, outcome.end(), () -> outcome.report() + " " + journal.latest(1).getFirst());
    refresh();
  }

  private void refused(String member, String why) throws Exception {
    refused(new Intent.InTree(ground.key(member), new Reshaping.CoSource(Optional.empty())), why);
  }

  private void refused(String member, String source, String why) throws Exception {
    refused(coSource(member, source), why);
  }

  private void refused(Intent intent, String why) throws Exception {
    PlanResult result = manager.plan(intent);
    assertTrue(
        result instanceof PlanResult.Refused r && r.reason().contains(why),
        () -> intent.words() + ": " + result);
  }

  private void refresh() {
    try {
      for (String member : List.of("p", "r1", "r2")) {
        manager.refresh(ground.key(member));
      }
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }
}
