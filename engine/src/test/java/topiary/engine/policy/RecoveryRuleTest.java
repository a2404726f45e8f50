package topiary.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.engine.model.ClusterId;
import topiary.engine.said.RuleKey;

class RecoveryRuleTest {

  private static final ClusterId CLUSTER = new ClusterId("c00000000000a");
  private static final ClusterId OTHER = new ClusterId("c00000000000b");

  @Test
  void aClustersOwnComesBeforeWhatIsForAllAndThatBeforeWhatIsShipped() {
    var rules = new TreeMap<RuleKey, String>();
    rules.put(new RuleKey(Optional.empty(), "block"), "2h");
    rules.put(new RuleKey(Optional.of(CLUSTER), "block"), "30m");
    rules.put(new RuleKey(Optional.of(CLUSTER), "accept-loss"), "true");
    rules.put(new RuleKey(Optional.empty(), "patience"), "5s");
    rules.put(new RuleKey(Optional.empty(), "later"), "what a later version knows");
    RecoveryPolicy here = RecoveryRule.of(RecoveryPolicy.DEFAULT, rules, Optional.of(CLUSTER));
    assertEquals(Duration.ofMinutes(30), here.block());
    assertTrue(here.acceptLoss());
    RecoveryPolicy there = RecoveryRule.of(RecoveryPolicy.DEFAULT, rules, Optional.of(OTHER));
    assertEquals(Duration.ofHours(2), there.block());
    assertEquals(RecoveryPolicy.DEFAULT.drain(), there.drain());
    assertEquals(
        RecoveryPolicy.DEFAULT,
        RecoveryRule.of(RecoveryPolicy.DEFAULT, new TreeMap<>(), Optional.empty()));
  }

  @Test
  void noNameIsOneOfJudgementToo() {
    for (RecoveryRule rule : RecoveryRule.values()) {
      assertTrue(
          Stream.of(JudgementRule.values()).noneMatch(other -> other.word().equals(rule.word())));
      assertEquals(rule, RecoveryRule.of(rule.word()));
      assertEquals(rule.in(RecoveryPolicy.DEFAULT), rule.checked(rule.in(RecoveryPolicy.DEFAULT)));
    }
    assertEquals(RecoveryRule.BLOCK, RecoveryRule.of("RecoveryPeriodBlockSeconds"));
    assertEquals(RecoveryRule.KEY_PREFIX, RecoveryRule.of("KVClusterMasterPrefix"));
    assertEquals(RecoveryRule.NEVER_PROMOTE, RecoveryRule.of("PromotionIgnoreHostnameFilters"));
  }

  @ParameterizedTest
  @CsvSource({
    "block, 90s, 90s",
    "block, 3600, 1h",
    "block, 0s, 0s",
    "drain, 2d, 2d",
    "loss-patience, 1m, 1m",
    "accept-loss, true, true",
    "rejoin, true, true",
    "at-once, 0012, 12",
    "at-once, 1000, 1000",
    "never-promote, ' db-backup  :3307$ ', db-backup :3307$",
    "key-prefix, kv/primary/, kv/primary/",
    "recover-primaries, ' * ', *",
    "recover-intermediates, 'alias=shop   ^db1', alias=shop ^db1"
  })
  void aValueIsKeptAsItIsWrittenShortest(String rule, String value, String kept) {
    assertEquals(kept, RecoveryRule.of(rule).checked(value));
  }

  @ParameterizedTest
  @CsvSource({
    "*, true",
    "db1.example:3306, true",
    "shop, true",
    "sho, false",
    "alias=shop, true",
    "alias=sho, false",
    "alias~=^sho, true",
    "alias~=^hop, false",
    "db1, true",
    "^db2, false",
    "'^db2 alias=shop', true",
    "'', false"
  })
  void clustersAreMeantAsOrchestratorMeansThem(String filters, boolean meant) {
    assertEquals(meant, ClusterFilters.parse(filters).match("db1.example:3306", "shop"));
  }

  @ParameterizedTest
  @CsvSource({
    "block, soon, not a span of time",
    "block, 31d, is more than 30d",
    "accept-loss, yes, takes true or false",
    "at-once, 0, takes a number from 1 to 1000",
    "at-once, 1001, takes a number from 1 to 1000",
    "at-once, few, takes a number from 1 to 1000",
    "never-promote, '(', not a pattern: Unclosed group",
    "key-prefix, a b, takes a text without spaces",
    "recover-primaries, alias~=(, not a pattern",
    "recover-primaries, shop (, not a pattern"
  })
  void whatIsNoValueIsRefusedWithASentence(String rule, String value, String sentence) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> RecoveryRule.of(rule).checked(value));
    assertTrue(e.getMessage().contains(sentence), e::getMessage);
  }
}
