package topiary.engine.said;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SaidTextTest {

  @Test
  void rulesAreReadAndMustIsRefusedAsOrchestratorRefusesIt() {
    for (Rule rule : Rule.values()) {
      assertEquals(rule, Rule.parse(rule.word()));
    }
    assertEquals("CandidatePromotionRule: must not supported yet", no(() -> Rule.parse("must")));
    assertEquals(
        "not a promotion rule: \"best\"; the rules are prefer, neutral, prefer_not, must_not",
        no(() -> Rule.parse("best")));
  }

  @Test
  void halfALetterIsRefused() {
    assertEquals("the alias \ud83c\udf33", SaidText.name("x", " the alias \ud83c\udf33 "));
    for (String half : List.of("\ud83c", "a\udf33b", "\udf33\ud83c")) {
      String message = no(() -> SaidText.name("the alias", half));
      assertTrue(message.startsWith("the alias has half a letter"), message);
      assertTrue(message.chars().noneMatch(c -> Character.isSurrogate((char) c)), message);
    }
  }

  @Test
  void spansAreReadAsOrchestratorWritesThem() {
    assertEquals(Duration.ofSeconds(90), Span.parse("90s"));
    assertEquals(Duration.ofMinutes(10), Span.parse(" 10m\n"));
    assertEquals(Duration.ofHours(3), Span.parse("3h"));
    assertEquals(Duration.ofDays(2), Span.parse("2d"));
    assertEquals(Duration.ofDays(14), Span.parse("2w"));
    for (String wrong : List.of("", "10", "m", "-1m", "1.5h", "10M", "9999999999s")) {
      assertEquals(
          "not a span of time: \""
              + wrong
              + "\"; write a number and one of s, m, h, d, w, as in 30m",
          no(() -> Span.parse(wrong)));
    }
    assertEquals("0s is not from a second to 3650 days", no(() -> Span.parse("0s")));
    assertEquals(
        "999999999w is not from a second to 3650 days", no(() -> Span.parse("999999999w")));
  }

  @Test
  void tagsAreReadAsOrchestratorReadsThem() {
    assertEquals(new TagQuery("a", Optional.empty(), false), TagQuery.parse("a"));
    assertEquals(new TagQuery("a", Optional.of("b=c"), false), TagQuery.parse("a=b=c"));
    assertEquals(new TagQuery("a", Optional.of(""), false), TagQuery.parse("a=\n"));
    assertEquals(new TagQuery("a", Optional.empty(), true), TagQuery.parse("!a"));
    assertEquals(
        List.of(
            new TagQuery("a", Optional.of("b"), false), new TagQuery("c", Optional.empty(), true)),
        TagQuery.all("a=b,~c"));
    for (String wrong : List.of("", "=", "~", "~=b", "=b")) {
      assertEquals("Unable to parse tag: " + wrong, no(() -> TagQuery.parse(wrong)));
    }
    assertEquals("Unable to parse tag: ", no(() -> TagQuery.all("a,")));
    assertEquals(
        "~a says what is not so; name a tag, as in role=backup", no(() -> TagQuery.plain("~a")));
  }

  @Test
  void wordsHaveBounds() {
    assertEquals("ann", SaidText.name("the owner", "ann\n"));
    assertEquals("the owner is empty", no(() -> SaidText.name("the owner", " \n")));
    assertEquals(
        "the owner has 129 letters; 128 are the most",
        no(() -> SaidText.name("the owner", "x".repeat(129))));
    assertEquals("", SaidText.value("the reason", ""));
    assertEquals(
        "the reason has signs that cannot be seen: \"a?b\"",
        no(() -> SaidText.value("the reason", "a\tb")));
  }

  private static String no(org.junit.jupiter.api.function.Executable reading) {
    return assertThrows(IllegalArgumentException.class, reading).getMessage();
  }
}
