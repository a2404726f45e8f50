package topiary.app.legacy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Audit;
import topiary.engine.state.Deeds;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;
import topiary.store.StoreException;

/** Who did what, in orchestrator's form. */
final class AuditAnswers {

  private static final int PAGE = 20;

  private final Optional<Audit> audit;

  AuditAnswers(Optional<Audit> audit) {
    this.audit = audit;
  }

  /** A page of all, or of what is about one server, newest first. */
  Answer page(Call call) throws Trouble {
    Set<String> about =
        call.path("host").isEmpty()
            ? Set.of()
            : Set.of(Hints.exactly(call.path("host"), call.path("port")).toString());
    var asked = new Audit.Asked(about, Optional.empty(), PAGE * page(call.path("page")), PAGE);
    try {
      List<Audit.Row> rows = audit.map(a -> a.rows(asked)).orElse(List.of());
      return Answer.raw(rows.stream().map(AuditAnswers::row).toList());
    } catch (StoreException e) {
      return Answer.error(e.getMessage());
    }
  }

  /** Whatever is no page is the first, as there. */
  static int page(String text) {
    try {
      return Math.clamp(Long.parseLong(text), 0, Integer.MAX_VALUE / PAGE);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Map<String, Object> row(Audit.Row row) {
    Header header = row.entry().header();
    String refused =
        row.verdict() instanceof Verdict.Rejected rejected ? "; refused: " + rejected.reason() : "";
    return new Json()
        .with("AuditId", row.index())
        .with("AuditTimestamp", Text.stamp(header.at()))
        .with("AuditType", row.type())
        .with("AuditInstanceKey", server(row).map(Json::key).orElse(Json.NO_KEY))
        .with(
            "Message",
            Deeds.words(row.entry().command())
                + " (by "
                + header.actor()
                + ", "
                + header.cause()
                + ")"
                + refused)
        .map();
  }

  /** The server it is about; the end of a plan names none itself, but the row does. */
  private static Optional<InstanceKey> server(Audit.Row row) {
    return Deeds.server(row.entry().command())
        .or(
            () ->
                row.about().stream()
                    .filter(subject -> subject.indexOf(':') >= 0)
                    .map(InstanceKey::parse)
                    .findFirst());
  }
}
