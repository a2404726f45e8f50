package topiary.store;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import topiary.engine.finding.Evidence;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.model.Threads;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Login;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.HookList;
import topiary.engine.said.Rule;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;
import topiary.engine.state.ToldPrimary;

/** One of everything. */
public final class Samples {

  public static final InstanceKey DB1 = new InstanceKey("db1", 3306);
  public static final InstanceKey DB2 = new InstanceKey("2001:db8::2", 3307);
  public static final ClusterId CLUSTER = new ClusterId("c00000000000a");
  public static final NodeId NODE = new NodeId("n-1");
  public static final RecoveryId RECOVERY = new RecoveryId("r00000000000a");
  public static final PlanId PLAN = new PlanId("p00000000000a");
  public static final PlanId OTHER = new PlanId("p00000000000b");

  // Nanoseconds on purpose: what is read back must be what was written.
  public static final Instant AT = Instant.parse("2026-11-22T21:00:00.123456789Z");

  private Samples() {}

  public static List<Intent> intents() {
    return Stream.concat(
            Stream.<Intent>of(
                new Intent.Relocate(DB1, DB2),
                new Intent.StartReplication(DB1, Threads.BOTH),
                new Intent.StopReplication(DB1, Threads.BOTH),
                new Intent.SetReadOnly(DB1, true),
                new Intent.Moves(
                    List.of(
                        new Intent.Relocate(DB1, new InstanceKey("db3", 3306)),
                        new Intent.Relocate(DB2, new InstanceKey("db3", 3306)))),
                new Intent.CannotBeUndone("what is gone is gone"),
                new Intent.Undo(PLAN),
                new Intent.RelocateBy(new Intent.Relocate(DB1, DB2), Way.GTID),
                new Intent.OnChannel(new Intent.Relocate(DB1, DB2), "o"),
                new Intent.Replace(DB1, DB2, Intent.Replace.Part.READY)),
            Stream.concat(
                doings().stream().map(doing -> new Intent.OnServer(DB1, doing)),
                reshapings().stream().map(how -> new Intent.InTree(DB1, how))))
        .toList();
  }

  public static List<Reshaping> reshapings() {
    return List.of(
        new Reshaping.Replicas(DB2, Optional.of("^db[12]:")),
        new Reshaping.Siblings(),
        new Reshaping.Up(),
        new Reshaping.ReplicasUp(Optional.empty()),
        new Reshaping.BelowSibling(DB2),
        new Reshaping.TakeSource(Optional.of(DB2)),
        new Reshaping.Repoint(Optional.empty()),
        new Reshaping.RepointReplicas(Optional.of("db")),
        new Reshaping.Regroup(),
        new Reshaping.CoSource(Optional.of(DB2)),
        new Reshaping.Equivalent(DB2),
        new Reshaping.TakeOver(Optional.of(DB2), List.of(DB1), true),
        new Reshaping.ReplicasBy(new Reshaping.Replicas(DB2, Optional.empty()), Way.FILE),
        new Reshaping.Rejoin(Optional.of(DB2)));
  }

  public static List<Doing> doings() {
    return List.of(
        new Doing.Restart(),
        new Doing.Reconnect(),
        new Doing.StopNicely(),
        new Doing.Reset(),
        new Doing.SkipTransaction(),
        new Doing.Delay(60),
        new Doing.UseGtid(true),
        new Doing.SemiSync(Doing.Side.REPLICA, true),
        new Doing.InjectEmpty(),
        new Doing.ForgetErrant(),
        new Doing.FlushLogs(2),
        new Doing.PurgeLogs("bin.000007", true),
        new Doing.KillQuery(42),
        new Doing.Detach(),
        new Doing.Reattach());
  }

  public static List<Step> steps(InstanceKey target) {
    var slot = new Slot<Slot.Kind.Executed>("db1");
    return List.of(
        new Step.StopReplication(target, "", Threads.IO),
        new Step.AwaitDrained(target, "", Duration.ofMillis(1500)),
        new Step.ReadExecuted(target, slot),
        new Step.AwaitLogged(target, slot, Duration.ofSeconds(10)),
        new Step.ReadPending(target, "", new Slot<>("db1")),
        new Step.AwaitLoggedOf(target, slot, List.of(0L, 7L), Duration.ofSeconds(10)),
        new Step.AwaitSendable(target, new Slot<>("db1"), Duration.ofSeconds(10)),
        new Step.PointAt(target, "", DB2, GtidUse.SLAVE_POS),
        new Step.StartReplication(target, "c1", Threads.BOTH),
        new Step.TryConnect(target, "c1", Duration.ofSeconds(2)),
        new Step.AwaitReplicating(target, "", DB2, Duration.ofSeconds(30)),
        new Step.SetReadOnly(target, false),
        new Step.ReadCoordinates(target, "", new Slot<>("db1")),
        new Step.PointAtFile(target, "", DB2, new Slot<>("db1")),
        new Step.ApplyPending(target, "", new Slot<>("db1"), Duration.ofSeconds(10)),
        new Step.ForgetSource(target, ""),
        new Step.SetDelay(target, "", 60),
        new Step.SetSemiSync(target, Doing.Side.SOURCE, true, false),
        new Step.SkipTransaction(target, "", GtidUse.AUTO_POSITION, "uuid:7"),
        new Step.InjectEmpty(target, "uuid:7"),
        new Step.ForgetTransactions(target, "uuid:7"),
        new Step.FlushLogs(target),
        new Step.PurgeLogs(target, "bin.000007"),
        new Step.KillQuery(target, 42),
        new Step.ReadLogEnd(target, new Slot<>("end")),
        new Step.ReadReceived(target, "", new Slot<>("db1")),
        new Step.AwaitPlace(target, "", new Slot<>("db1"), true, Duration.ofSeconds(10)),
        new Step.ApplyUpTo(target, "", new Slot<>("db1"), Duration.ofSeconds(10)),
        new Step.PointBack(target, "", DB2, new Slot<>("db1"), new Slot<>("end")),
        new Step.Detach(target, "", DB2, GtidUse.AUTO_POSITION),
        new Step.DetachAtFile(target, "", DB2, new Slot<>("db1")),
        new Step.Attach(target, "", DB2, GtidUse.SLAVE_POS),
        new Step.PointAtPlace(
            target,
            "",
            DB2,
            new BinlogPosition("bin.000007", 4),
            DB1,
            new BinlogPosition("bin.000001", 120)),
        new Step.Follow(target, DB2, GtidUse.AUTO_POSITION, login()),
        new Step.FollowAtFile(
            target,
            DB2,
            new Slot<>("db1"),
            new Login("repl", Optional.empty(), false, Channel.Encryption.NONE)),
        new Step.ReadLogged(target, slot),
        new Step.QuietDown(target, Duration.ofSeconds(5), true),
        new Step.NotePlace(
            target, new BinlogPosition("bin.000007", 4), DB2, new BinlogPosition("bin.000001", 9)),
        new Step.DisableEvents(target),
        new Step.EnableEvents(
            target, DB2, false, List.of(new ScheduledEvent("shop", "clean `up", 7, true)), true));
  }

  private static Login login() {
    return new Login(
        "repl",
        Optional.of(new Login.Kept(DB1, "")),
        true,
        new Channel.Encryption(
            new TreeMap<>(Map.of("SSL_CA", "/etc/ca.pem")), Optional.of(true), Optional.empty()));
  }

  public static Plan plan(InstanceKey target) {
    var basis = new Basis(target, Field.SOURCE, "db0:3306 \"quoted\" ü\n");
    return new Plan(
        new Intent.Relocate(target, DB2),
        List.of(
            new Stage(
                "move it",
                List.of(basis),
                steps(target),
                List.of(new Step.StartReplication(target, "", Threads.SQL)))),
        List.of(basis),
        List.of("it replicates from there"),
        List.of(),
        new Undoing(new Intent.Relocate(target, DB1), List.of(basis)));
  }

  public static List<Command> commands() {
    Step step = steps(DB1).getFirst();
    return List.of(
        new Command.RegisterInstance(DB1, CLUSTER),
        new Command.ForgetInstance(DB1),
        new Command.NameHead(CLUSTER, DB2),
        new Command.OpenPlan(PLAN, plan(DB1)),
        new Command.BeginStep(PLAN, 1, step),
        new Command.EndStep(PLAN, 1, step, Optional.empty()),
        new Command.EndStep(PLAN, 1, step, Optional.of("no answer")),
        new Command.ClosePlan(PLAN, PlanEnd.FAILED, "It failed."),
        new Command.MarkUndone(PLAN, OTHER),
        new Command.ReleaseHeld(DB1),
        new Command.AddAlias(DB1, DB2),
        new Command.DropAlias(DB1),
        new Command.AnnounceNode(NODE, "n1", URI.create("https://n1.example:3000"), 2, "0.1.0"),
        new Command.DropNode(NODE),
        new Command.RaiseLevel(2),
        new Command.PurgeAudit(AT.minus(Duration.ofDays(400))),
        new Command.NoteFinding(
            DB1,
            Optional.of(CLUSTER),
            Optional.of("UnreachableMaster"),
            Optional.empty(),
            List.of(DB2),
            List.of(
                new Evidence(DB1, Optional.of(AT), "answers again"),
                new Evidence(DB2, Optional.empty(), "is connected to it ü"))),
        new Command.SwitchRecovery(Optional.empty(), Optional.empty(), true),
        new Command.SwitchRecovery(
            Optional.of(CLUSTER), Optional.of(RecoveryKind.INTERMEDIATE), false),
        new Command.HaltRecoveries(true),
        new Command.OpenRecovery(
            RECOVERY,
            CLUSTER,
            DB1,
            RecoveryKind.PRIMARY,
            "DeadMaster",
            false,
            Optional.of(DB2),
            List.of(DB2),
            List.of(new Evidence(DB1, Optional.of(AT), "says nothing"))),
        new Command.ChooseSuccessor(RECOVERY, DB2, "Nothing.", "It is the only one. ü"),
        new Command.CloseRecovery(RECOVERY, RecoveryEnd.DONE_IN_PART, "So it is.", List.of(PLAN)),
        new Command.AcknowledgeRecoveries(List.of(RECOVERY), "seen to"),
        new Command.OweHooks(
            RECOVERY,
            HookList.BEFORE_RECOVERY,
            new TreeMap<>(Map.of("failedHost", "db1", "failureDescription", "\"it\" is ü\n"))),
        new Command.SkipHooks(RECOVERY),
        new Command.BeginHook(RECOVERY, HookList.BEFORE_RECOVERY, 1, 2),
        new Command.EndHook(
            RECOVERY, HookList.BEFORE_RECOVERY, 1, 2, Optional.of("exit 1"), "no\n", true),
        new Command.TellPrimary(CLUSTER, new ToldPrimary("main", DB2, "192.0.2.1", "2001:db8::2")),
        new Command.SetPromotion(DB1, Rule.PREFER_NOT, Duration.ofMinutes(60)),
        new Command.BeginDowntime(DB1, "ann", "disk \"sda\" ü", Duration.ofSeconds(90)),
        new Command.EndDowntime(DB2),
        new Command.BeginMaintenance(DB2, "ben", "", Duration.ofDays(1)),
        new Command.EndMaintenance(DB2),
        new Command.EndMaintenanceById(7),
        new Command.PutTag(DB1, "role", "backup"),
        new Command.DropTag(DB1, "role", Optional.empty()),
        new Command.DropTag(DB1, "role", Optional.of("")),
        new Command.DropTags("role", "backup"),
        new Command.SetPool("readers", List.of(DB1, DB2), Duration.ofMinutes(60)),
        new Command.SetPool("readers", List.of(), Duration.ofMinutes(60)),
        new Command.SetClusterAlias(CLUSTER, Optional.of("main")),
        new Command.SetClusterAlias(CLUSTER, Optional.empty()),
        new Command.SetClusterDomain(CLUSTER, Optional.of("main.db.example")),
        new Command.BeginFreeze(CLUSTER, "ann", "moving", Optional.of(AT), Duration.ofHours(3)),
        new Command.BeginFreeze(CLUSTER, "ann", "", Optional.empty(), Duration.ofHours(3)),
        new Command.EndFreeze(CLUSTER),
        new Command.SetJudgementRule(Optional.empty(), "patience", Optional.of("1500ms")),
        new Command.SetJudgementRule(Optional.of(CLUSTER), "patience", Optional.empty()),
        new Command.SetAttribute("db1", "rack", "r7"),
        new Command.ForgetEnded(AT),
        new Command.RegisterInstances(
            List.of(
                new Command.RegisterInstance(DB1, CLUSTER),
                new Command.RegisterInstance(DB2, CLUSTER))));
  }

  public static Entry entry(UUID id, Command command) {
    return new Entry(new Header(id, "ann", "http", AT, command.level()), command);
  }
}
