package topiary.app.text;

import java.time.temporal.ChronoUnit;
import topiary.engine.port.Audit;
import topiary.engine.state.Deeds;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;

/** The audit as lines. */
public final class AuditText {

  private AuditText() {}

  /** One row. */
  public static String line(Audit.Row row, Ink ink) {
    Header header = row.entry().header();
    String refused =
        row.verdict() instanceof Verdict.Rejected rejected
            ? " " + ink.warn("(refused: " + rejected.reason() + ")")
            : "";
    // A report is several lines; a row is one.
    String words = Deeds.words(row.entry().command()).strip().replaceAll("\\s*\\R\\s*", "; ");
    return ink.faint(row.index() + "  " + header.at().truncatedTo(ChronoUnit.MILLIS))
        + "  "
        + header.actor()
        + " ("
        + header.cause()
        + "): "
        + words
        + refused
        + "\n";
  }

  /** What going along the chain has shown. */
  public static String verification(Audit.Verification verified) {
    var text = new StringBuilder();
    if (verified.cut().index() > 0) {
      text.append("Everything up to entry ")
          .append(verified.cut().index())
          .append(" was cut off on purpose; the chain goes on from ")
          .append(verified.cut().hash())
          .append(".\n");
    }
    text.append(
        verified.broken().isEmpty() ? "The whole audit holds: " : "The audit does not hold. ");
    text.append(verified.rows()).append(verified.rows() == 1 ? " row" : " rows");
    text.append(verified.broken().isEmpty() ? "" : " hold");
    if (verified.rows() > 0) {
      text.append(", up to entry ")
          .append(verified.upTo().index())
          .append(" with ")
          .append(verified.upTo().hash());
    }
    text.append(".\n");
    verified
        .broken()
        .ifPresent(
            b ->
                text.append("The first that does not is entry ")
                    .append(b.index())
                    .append(": ")
                    .append(b.why())
                    .append(".\n"));
    verified
        .noted()
        .ifPresent(
            met ->
                text.append(
                    met
                        ? "The hash that was noted is in it.\n"
                        : "The hash that was noted is not in it: what was there then was written"
                            + " over, or cut off since.\n"));
    return text.toString();
  }
}
