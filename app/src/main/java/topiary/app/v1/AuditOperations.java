package topiary.app.v1;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import topiary.app.text.AuditText;
import topiary.engine.manager.RequestRefused;
import topiary.engine.port.Audit;
import topiary.engine.state.Deeds;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;

/** What is asked about who did what. */
final class AuditOperations {

  /** The status of a chain that does not hold: the question was fine, the chain is not. */
  private static final int DOES_NOT_HOLD = 422;

  private final Optional<Audit> audit;

  AuditOperations(Optional<Audit> audit) {
    this.audit = audit;
  }

  private Audit known() throws RequestRefused {
    return audit.orElseThrow(
        () -> new RequestRefused(RequestRefused.Kind.REFUSED, "this node keeps no audit"));
  }

  Answer rows(Set<String> about, Optional<Instant> since, int skip, int limit)
      throws RequestRefused {
    List<Audit.Row> rows = known().rows(new Audit.Asked(about, since, skip, limit));
    return Answer.ok(
        rows.stream().map(AuditOperations::json).toList(),
        ink ->
            rows.isEmpty()
                ? "The audit has nothing of that.\n"
                : rows.stream().map(row -> AuditText.line(row, ink)).collect(Collectors.joining()));
  }

  private static Map<String, Object> json(Audit.Row row) {
    Header header = row.entry().header();
    var json = new LinkedHashMap<String, Object>();
    json.put("index", row.index());
    json.put("at", header.at().toString());
    json.put("actor", header.actor());
    json.put("cause", header.cause());
    json.put("type", row.type());
    json.put("about", row.about());
    json.put("message", Deeds.words(row.entry().command()));
    json.put("verdict", row.verdict() instanceof Verdict.Accepted ? "accepted" : "rejected");
    json.put(
        "reason", row.verdict() instanceof Verdict.Rejected rejected ? rejected.reason() : null);
    json.put("hash", row.hash());
    return json;
  }

  Answer verify(Optional<String> noted) throws RequestRefused {
    Audit.Verification verified = known().verify(noted);
    var json = new LinkedHashMap<String, Object>();
    json.put("holds", verified.holds());
    json.put("rows", verified.rows());
    json.put("upTo", json(verified.upTo()));
    json.put("cut", verified.cut().index() == 0 ? null : json(verified.cut()));
    json.put("broken", verified.broken().map(AuditOperations::json).orElse(null));
    json.put("noted", verified.noted().orElse(null));
    if (!verified.holds()) {
      String sentences = AuditText.verification(verified).strip().replace('\n', ' ');
      json.put("error", Failure.body("refused", sentences));
    }
    return new Answer(
        verified.holds() ? 200 : DOES_NOT_HOLD,
        json,
        ink -> AuditText.verification(verified),
        Map.of());
  }

  private static Object json(Audit.Broken broken) {
    var json = new LinkedHashMap<String, Object>();
    json.put("index", broken.index());
    json.put("why", broken.why());
    return json;
  }

  /** The end of the chain, for a node's health; null where none is kept. */
  Object head() {
    return audit.map(a -> json(a.head())).orElse(null);
  }

  private static Object json(Audit.Head head) {
    var json = new LinkedHashMap<String, Object>();
    json.put("index", head.index());
    json.put("hash", head.hash());
    return json;
  }
}
