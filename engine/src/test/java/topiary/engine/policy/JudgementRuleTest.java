package topiary.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.model.ClusterId;
import topiary.engine.said.RuleKey;

/** By what servers are judged, where that is not as shipped. */
class JudgementRuleTest {

  private static final ClusterId ONE = new ClusterId("c000000000001");
  private static final ClusterId OTHER = new ClusterId("c000000000002");

  @ParameterizedTest
  @CsvSource({
    "patience, fast, 1500ms",
    "patience, 3s, 3s",
    "patience, 500ms, 500ms",
    "patience, 10m, 600s",
    "ReasonableReplicationLagSeconds, 10, 10s",
    "ReasonableLockedSemiSyncMasterSeconds, 20, 20s",
    "EnforceExactSemiSyncReplicas, true, true",
    "RecoverNonWriteableMaster, true, true",
    "RecoveryIgnoreHostnameFilters, '^dev  test$', '^dev test$'",
    "ignored-hosts, '', ''"
  })
  void aValueIsKeptInOneForm(String name, String value, String kept) {
    assertEquals(kept, JudgementRule.of(name).checked(value));
    assertEquals(kept, JudgementRule.of(name).checked(kept));
  }

  @ParameterizedTest
  @CsvSource({
    "patience, 499ms, 499ms is not from 500ms to 600s",
    "patience, 11m, 11m is not from 500ms to 600s",
    "patience, soon, 'not a time: \"soon\"; write a number and ms, s or m, as in 3s'",
    "patience, '', 'not a time: \"\"; write a number and ms, s or m, as in 3s'",
    "reasonable-lag, 0, 0 is not from 1s to 600s",
    "exact-semi-sync, yes, 'takes true or false, not \"yes\"'",
    "ignored-hosts, '(', not a pattern: Unclosed group"
  })
  void whatIsNoValueIsRefusedInASentence(String name, String value, String why) {
    JudgementRule rule = JudgementRule.of(name);
    assertEquals(
        why, assertThrows(IllegalArgumentException.class, () -> rule.checked(value)).getMessage());
  }

  @Test
  void anUnknownNameIsToldWhichThereAre() {
    for (String name : new String[] {"", "Patience"}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> JudgementRule.of(name)).getMessage();
      assertTrue(message.contains("patience, reasonable-lag"), message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void howItIsShippedIsAValue(JudgementRule rule) {
    String shipped = rule.in(JudgementPolicy.DEFAULT);
    assertEquals(shipped, rule.checked(shipped));
  }

  @Test
  void aClustersOwnTakesThePlaceOfThatForAll() {
    var rules = new TreeMap<RuleKey, String>();
    rules.put(new RuleKey(Optional.of(ONE), "patience"), "1500ms");
    rules.put(new RuleKey(Optional.empty(), "patience"), "5s");
    rules.put(new RuleKey(Optional.empty(), "reasonable-lag"), "30s");
    rules.put(new RuleKey(Optional.empty(), "of-a-later-version"), "x");
    rules.put(new RuleKey(Optional.empty(), "locked-after"), "for ever");
    var all =
        Map.of(
            Optional.of(ONE), Duration.ofMillis(1500),
            Optional.of(OTHER), Duration.ofSeconds(5),
            Optional.<ClusterId>empty(), Duration.ofSeconds(5));
    all.forEach(
        (cluster, patience) -> {
          JudgementPolicy policy = JudgementRule.of(JudgementPolicy.DEFAULT, rules, cluster);
          assertEquals(patience, policy.patience());
          assertEquals(30, policy.reasonableLag());
          assertEquals(JudgementPolicy.DEFAULT.lockedAfter(), policy.lockedAfter());
        });
  }
}
