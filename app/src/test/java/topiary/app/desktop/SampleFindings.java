package topiary.app.desktop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.app.Samples;
import topiary.app.desktop.model.ClusterRow;
import topiary.app.gateway.FindingView;
import topiary.app.gateway.OutlookView;
import topiary.app.gateway.ReadinessView;
import topiary.app.gateway.WhyNotView;
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

  /** What would come of the death of the first primary. */
  public static OutlookView outlook() {
    var others = new LinkedHashMap<InstanceKey, String>();
    others.put(Samples.key("eu-west-2"), "could serve fewer of the others: 1 of 3");
    others.put(Samples.key("eu-reports"), "does not log what it replicates");
    return new OutlookView(
        Samples.key("eu-primary"),
        Optional.of(finding(Code.DEAD_MASTER, Samples.NOW)),
        Duration.ofSeconds(3),
        Optional.of(Samples.key("eu-west-1")),
        Duration.ofSeconds(2),
        others,
        Map.of(Samples.key("eu-west-2"), Samples.key("eu-west-1")),
        Map.of(Samples.key("eu-reports"), "runs an older version than eu-west-1:3306"),
        "by the last looks 0-1-43, and what is written in the moment before eu-west-1:3306 receives"
            + " it: replication does not wait");
  }

  /** What would stop a recovery, in a frozen cluster. */
  public static WhyNotView whyNot(Instant now) {
    return new WhyNotView(
        Samples.key("eu-primary"),
        List.of(
            "automatic recovery of a dead primary is off in this cluster; enable-recovery"
                + " c000000000001 turns it on",
            "the cluster is frozen by ann (moving racks) until " + now.plusSeconds(7_200)),
        Optional.of(
            new WhyNotView.Freeze(
                "ann", "moving racks", now.minusSeconds(600), now.plusSeconds(7_200))),
        List.of(
            new WhyNotView.Rule("block", "30m", "cluster", ""),
            new WhyNotView.Rule("accept-loss", "false", "", ""),
            new WhyNotView.Rule("key-prefix", "", "", ""),
            new WhyNotView.Rule("recover-primaries", "alias~=prod", "all", ""),
            new WhyNotView.Rule("patience", "3s", "", ""),
            new WhyNotView.Rule("reasonable-lag", "10s", "", "")));
  }

  /** How ready clusters are, each less than the one before. */
  public static List<ReadinessView> readiness(List<ClusterRow> clusters) {
    var all = new ArrayList<ReadinessView>();
    int score = 90;
    for (ClusterRow row : clusters) {
      all.add(
          new ReadinessView(
              row.id(),
              row.head(),
              score,
              List.of(
                  new ReadinessView.Reason(
                      100 - score, "only a-replica:3306 could take its place"))));
      score = Math.max(0, score - 30);
    }
    return all;
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
