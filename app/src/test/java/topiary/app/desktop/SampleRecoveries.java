package topiary.app.desktop;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import topiary.app.Samples;
import topiary.app.gateway.RecoveryView;
import topiary.engine.finding.Evidence;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.InstanceKey;

/** Recoveries of the sample fleet. */
public final class SampleRecoveries {

  private static final InstanceKey PRIMARY = Samples.key("eu-primary");
  private static final InstanceKey NEXT = Samples.key("eu-west-1");

  private SampleRecoveries() {}

  /** One that ended well, with all that was done. */
  public static RecoveryView done(Instant opened) {
    return new RecoveryView(
        "r5c1d0ef1a4fe",
        "c0123456789ab",
        PRIMARY,
        RecoveryKind.PRIMARY,
        "DeadMaster",
        false,
        "node a",
        opened,
        List.of(
            new Evidence(
                PRIMARY, Optional.of(opened.minusMillis(8)), "nobody takes connections there"),
            new Evidence(
                NEXT, Optional.of(opened.minusMillis(3)), "cannot connect to it, error 2003"),
            new Evidence(
                Samples.key("eu-west-2"),
                Optional.of(opened.minusMillis(2)),
                "cannot connect to it, error 2003")),
        Optional.of(
            new RecoveryView.Choice(
                NEXT,
                opened.plusMillis(64),
                "it has received the most, and is preferred; eu-west-2:3306 has two transactions"
                    + " less, eu-reports:3306 does not log what it replicates",
                "nothing that was acknowledged: replication waits for a replica, and eu-west-1:3306"
                    + " has all of it")),
        Optional.of(
            new RecoveryView.End(
                opened.plusMillis(187),
                true,
                true,
                "done",
                "eu-west-1:3306 takes the writes; eu-west-2:3306, eu-reports:3306 replicate from"
                    + " it")),
        Optional.empty(),
        List.of(
            new RecoveryView.Plan(
                "pd0782bd844e6",
                "stop receiving on the replicas of eu-primary:3306",
                List.of(
                    step("stop receiving on eu-west-1:3306", opened, 12, 9),
                    step("stop receiving on eu-west-2:3306", opened, 12, 11))),
            new RecoveryView.Plan(
                "p9ed7202b3389",
                "put eu-west-1:3306 in the place of eu-primary:3306",
                List.of(
                    step("wait until eu-west-1:3306 has applied what it has", opened, 66, 4),
                    step("forget the source of eu-west-1:3306", opened, 71, 8),
                    step("let eu-west-1:3306 be written to", opened, 80, 2),
                    new RecoveryView.Step(
                        "have eu-west-2:3306 replicate from eu-west-1:3306",
                        opened.plusMillis(84),
                        Optional.of(opened.plusMillis(101)),
                        Optional.empty())))),
        List.of(
            new RecoveryView.Hook(
                "postMasterFailoverProcesses 1",
                opened.plusMillis(104),
                Optional.of(opened.plusMillis(182)),
                Optional.empty(),
                "moved 10.0.0.5 to eu-west-1\n")),
        Optional.empty());
  }

  private static RecoveryView.Step step(String words, Instant opened, long at, long took) {
    return new RecoveryView.Step(
        words, opened.plusMillis(at), Optional.of(opened.plusMillis(at + took)), Optional.empty());
  }

  /** One that was refused, and seen to. */
  public static RecoveryView failed(Instant opened) {
    return new RecoveryView(
        "r77aa0f01c3d2",
        "cba9876543210",
        Samples.key("us-primary"),
        RecoveryKind.PRIMARY,
        "DeadMasterAndSomeReplicas",
        true,
        "ada",
        opened,
        List.of(),
        Optional.empty(),
        Optional.of(
            new RecoveryView.End(
                opened.plusSeconds(10),
                false,
                true,
                "failed",
                "us-replica-1:3306 would be the successor, and lacks 0-1-44 to 0-1-51, which only"
                    + " the dead one has; nothing was changed")),
        Optional.of(
            new RecoveryView.Acknowledged(
                opened.plusSeconds(900), "ada", "it came back by itself")),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** One that goes on. */
  public static RecoveryView underWay(Instant opened) {
    return new RecoveryView(
        "r0fffe60e65d1",
        "c0123456789ab",
        Samples.key("eu-west-1"),
        RecoveryKind.INTERMEDIATE,
        "DeadIntermediateMaster",
        false,
        "node a",
        opened,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
