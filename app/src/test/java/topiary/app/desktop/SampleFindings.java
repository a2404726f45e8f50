package topiary.app.desktop;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.app.Samples;
import topiary.app.gateway.FindingView;
import topiary.engine.finding.Code;
import topiary.engine.finding.Evidence;
import topiary.engine.model.InstanceKey;

/** A bad moment of the sample fleet. */
public final class SampleFindings {

  private SampleFindings() {}

  /** What is found at a moment. */
  public static Map<InstanceKey, List<FindingView>> of(Instant now) {
    return Map.of(
        Samples.key("eu-west-1"),
        List.of(
            finding(
                Code.DEAD_INTERMEDIATE_MASTER,
                now.minusSeconds(12),
                said("eu-west-1", now, "does not answer since 11:59:45; nobody takes connections"),
                said("eu-replica-1", now, "cannot connect to it, error 2003"),
                said("eu-replica-2", now, "cannot connect to it, error 2003"))),
        Samples.key("eu-primary"),
        List.of(
            finding(
                Code.DRIFTED_SETTINGS,
                now.minusSeconds(7_300),
                said("eu-west-2", now, "sync_binlog is 0, at the primary 1")),
            finding(
                Code.MULTIPLE_MAJOR_VERSIONS_LOGGING_REPLICAS,
                now.minusSeconds(90_000),
                said("eu-west-2", now, "runs 11.4"))),
        Samples.key("us-primary"),
        List.of(
            finding(
                Code.ALL_MASTER_REPLICAS_NOT_REPLICATING_OR_DEAD,
                now.minusSeconds(190),
                said("us-primary", now, "answers"),
                said("us-replica-3", now, "is stopped"))),
        Samples.key("shop-staging"),
        List.of(
            finding(
                Code.UNREACHABLE_MASTER,
                now.minusSeconds(1),
                said("shop-staging", now, "does not answer; it may only be slow"))));
  }

  /** One of them. */
  public static FindingView finding(Code code, Instant since, Evidence... evidence) {
    return new FindingView(
        code.word(),
        code.severity(),
        code.words(),
        Optional.of(since),
        Optional.empty(),
        List.of(evidence));
  }

  /** What a server says. */
  public static Evidence said(String host, Instant at, String words) {
    return new Evidence(Samples.key(host), Optional.of(at), words);
  }
}
