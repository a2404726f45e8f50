package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.gateway.Changed;

/** What changed, in words. */
class PastWordsTest {

  private final TreeMap<String, Changed.Values> fields = new TreeMap<>();

  private PastWordsTest with(String path, Object before, Object after) {
    fields.put(path, new Changed.Values(before, after));
    return this;
  }

  private void says(Notice.Severity severity, String words) {
    var event = new Changed(Samples.NOW, Samples.key("r"), Changed.Kind.CHANGED, fields);
    assertEquals(words, PastWords.of(event));
    assertEquals(severity, PastWords.severity(event));
    fields.clear();
  }

  @Test
  void whatIsDifferentIsToldAsTheDetailsHaveIt() {
    with("readOnly", false, true)
        .with("superReadOnly", false, true)
        .says(Notice.Severity.NEWS, "read-only: off → on; super read-only: off → on");
    with("channels.0.delaySeconds", 0, 3600)
        .says(Notice.Severity.NEWS, "held back, seconds: 0 → 3600");
    with("version", "9.6.0", "9.7.0").says(Notice.Severity.NEWS, "version: 9.6.0 → 9.7.0");
    with("detected.dataCenter", "", "eu")
        .says(Notice.Severity.NEWS, "detected, data center: nothing → eu");
    with("complaints", List.of(), List.of("two have one server_id"))
        .says(Notice.Severity.NEWS, "complaints: none → two have one server_id");
    with("channels.1.io", "RUNNING", "CONNECTING")
        .says(Notice.Severity.NEWS, "receiving of stream 2: running → connecting");
    with("uptimeSeconds", 900, 2).says(Notice.Severity.NEWS, "was restarted");
  }

  @Test
  void troubleIsToldWithItsReason() {
    with("condition", "SEEN", "UNREACHABLE")
        .with("sentence", null, "nobody listens\n there")
        .says(Notice.Severity.ERROR, "seen → unreachable: nobody listens there");
    with("condition", "UNREACHABLE", "SEEN")
        .with("sentence", "nobody listens", null)
        .says(Notice.Severity.GOOD, "unreachable → seen");
    with("channels.0.sql", "RUNNING", "STOPPED")
        .with("channels.0.sqlError.code", null, 1062)
        .with("channels.0.sqlError.message", null, "Duplicate entry '1'")
        .says(
            Notice.Severity.ERROR,
            "applying error 1062: Duplicate entry '1'; applying: running → stopped");
    with("channels.0.sqlError.code", 1062, null)
        .with("channels.0.sqlError.message", "Duplicate entry '1'", null)
        .says(Notice.Severity.GOOD, "applying error 1062 is gone");
    with("channels.1.ioError.message", "at try 1", "at try 2")
        .says(Notice.Severity.ERROR, "receiving error of stream 2: at try 2");
    with("channels.0.io", "RUNNING", "STOPPED")
        .says(Notice.Severity.WARNING, "receiving: running → stopped");
  }

  @Test
  void anotherSourceIsToldOnce() {
    with("source", "a:1", "b:1")
        .with("channels.0.source", "a:1", "b:1")
        .with("channels.0.sourceUuid", "x", "y")
        .with("channels.0.executedPosition", "f:1", "g:2")
        .says(Notice.Severity.NEWS, "source: a:1 → b:1");
    with("source", null, "b:1")
        .with("channels.0.source", null, "b:1")
        .with("channels.0.io", null, "RUNNING")
        .with("channels.0.name", null, "")
        .says(Notice.Severity.NEWS, "replicates from b:1");
    with("source", "b:1", null)
        .with("channels", null, List.of())
        .with("channels.0.source", "b:1", null)
        .with("channels.0.sql", "RUNNING", null)
        .says(Notice.Severity.NEWS, "replicates from b:1 no more");
  }

  @Test
  void theFirstLookOfANodeIsNotEverythingItSaw() {
    with("condition", "UNSEEN", "SEEN")
        .with("version", null, "9.7.0")
        .with("readOnly", null, true)
        .says(Notice.Severity.NEWS, "was seen for the first time since the node began");
    with("condition", "UNSEEN", "DENIED")
        .with("sentence", null, "no such user")
        .says(
            Notice.Severity.ERROR,
            "was looked at for the first time since the node began: denied: no such user");
  }

  @Test
  void muchIsCounted() {
    for (int i = 0; i < 9; i++) {
      with("field" + (char) ('A' + i), i, "x".repeat(200));
    }
    var event = new Changed(Samples.NOW, Samples.key("r"), Changed.Kind.CHANGED, fields);
    String words = PastWords.of(event);
    assertEquals(6, words.split("→", -1).length - 1, words);
    assertEquals(true, words.endsWith("x…; and 3 values more"), words);
    fields.clear();
    with("executedGtid", "a", "b").says(Notice.Severity.NEWS, "1 value of little weight differ");
  }
}
