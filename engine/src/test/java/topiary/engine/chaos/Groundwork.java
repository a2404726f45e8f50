package topiary.engine.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.PlanEnd;
import topiary.lab.sim.Kind;

/** What has to be so among simulated servers before some operations make sense. */
final class Groundwork {

  /** The second channel of a replica with two sources. */
  static final String SIDE = "side";

  private static final PlanId NOTED = new PlanId("p000000000001");

  private Groundwork() {}

  /** A replica gets the transactions of another tree, too. */
  static Consumer<FakeField> secondSource(String replica) {
    return field -> {
      field.tree().servers().follow(field.key(replica), SIDE, field.tree().otherHead());
      pause(field);
    };
  }

  /** Somebody has written to a replica. */
  static Consumer<FakeField> errant(String replica) {
    return field -> field.tree().servers().server(field.key(replica)).errant(2, now(field));
  }

  /** A replica has failed at a transaction. */
  static Consumer<FakeField> failed(String replica) {
    return field -> {
      field.tree().servers().server(field.key(replica)).fail(now(field));
      pause(field);
    };
  }

  /** The same, and it does not say which transaction that is, as those with one applying thread. */
  static Consumer<FakeField> failedWithoutAName(String replica) {
    return field -> {
      field.tree().servers().server(field.key(replica)).sayLess(now(field));
      failed(replica).accept(field);
    };
  }

  /** A replica gets the transactions of another tree, too, and has failed at one of them. */
  static Consumer<FakeField> failedOnTheSide(String replica) {
    return secondSource(replica)
        .andThen(
            field -> {
              field.tree().servers().server(field.key(replica)).fail(SIDE, now(field));
              pause(field);
            });
  }

  /** Everybody acknowledges, and waits for it. */
  static void semiSync(FakeField field) {
    field
        .tree()
        .servers()
        .keys()
        .forEach(k -> field.tree().servers().server(k).semiSync(now(field)));
  }

  /**
   * Nobody writes, a replica goes by file and position, and an earlier plan has noted which place
   * in another server's log is the one where it stands.
   */
  static Consumer<FakeField> noted(String replica, String source, String other) {
    return field -> {
      FakeTree tree = field.tree();
      InstanceKey key = field.key(replica);
      tree.servers().server(tree.head()).writes(0, now(field));
      byFile(field, key);
      pause(field);
      write(
          field,
          new Step.PointAtPlace(
              field.key("c"),
              "",
              field.key(other),
              end(field, field.key(other)),
              field.key(source),
              end(field, field.key(source))));
    };
  }

  private static void byFile(FakeField field, InstanceKey key) {
    boolean maria = field.tree().servers().server(key).kind() == Kind.MARIADB;
    List<String> statements =
        maria
            ? List.of("STOP SLAVE", "CHANGE MASTER TO MASTER_USE_GTID=no", "START SLAVE")
            : List.of(
                "STOP REPLICA",
                "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=0",
                "START REPLICA");
    statements.forEach(sql -> field.tree().servers().truth(key, sql));
  }

  private static BinlogPosition end(FakeField field, InstanceKey key) {
    boolean maria = field.tree().servers().server(key).kind() == Kind.MARIADB;
    Map<String, String> row =
        field
            .tree()
            .servers()
            .truth(key, maria ? "SHOW MASTER STATUS" : "SHOW BINARY LOG STATUS")
            .first()
            .orElseThrow();
    return new BinlogPosition(row.get("File"), Long.parseLong(row.get("Position")));
  }

  /** Has the log tell of a plan that is over. */
  private static void write(FakeField field, Step.PointAtPlace step) {
    var plan =
        new Plan(
            new Intent.Relocate(step.target(), step.source()),
            List.of(new Stage("Move it", List.of(), List.of(step), List.of())),
            List.of(),
            List.of(),
            List.of(),
            new Undoing(new Intent.OnServer(step.target(), new Doing.Restart()), List.of()));
    List<Command> commands =
        List.of(
            new Command.OpenPlan(NOTED, plan),
            new Command.BeginStep(NOTED, 1, step),
            new Command.EndStep(NOTED, 1, step, Optional.empty()),
            new Command.ClosePlan(NOTED, PlanEnd.DONE, ""));
    for (Command command : commands) {
      var header =
          new Header(UUID.randomUUID(), "dba", "test", Instant.ofEpochSecond(1), Header.LEVEL);
      field.log().log().submit(new Entry(header, command));
    }
  }

  private static void pause(FakeField field) {
    field.tree().world().pause(Duration.ofMillis(500));
  }

  private static long now(FakeField field) {
    return field.tree().world().micros();
  }
}
