package topiary.app.gateway;

import java.util.List;
import java.util.Optional;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.engine.finding.Evidence;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.state.RecoveryEnd;

/** A node's JSON as recoveries. */
final class RecoveryDecoder {

  private RecoveryDecoder() {}

  static List<RecoveryView> all(Fields answer) throws BadField {
    return answer.objects("rows", RecoveryDecoder::one);
  }

  static RecoveryView one(Fields f) throws BadField {
    return new RecoveryView(
        f.text("id"),
        f.text("cluster"),
        f.key("failed"),
        f.constant("kind", RecoveryKind.class),
        f.text("code"),
        f.flag("forced"),
        f.text("actor"),
        f.moment("opened"),
        f.objects(
            "evidence", e -> new Evidence(e.key("instance"), e.instant("at"), e.text("words"))),
        f.has("successor") ? Optional.of(choice(f)) : Optional.empty(),
        f.has("closed") ? Optional.of(end(f)) : Optional.empty(),
        f.has("acknowledged")
            ? Optional.of(acknowledged(f.object("acknowledged")))
            : Optional.empty(),
        f.objects("plans", RecoveryDecoder::plan),
        f.objects("hooks", RecoveryDecoder::hook),
        f.optional("former"));
  }

  private static RecoveryView.Choice choice(Fields f) throws BadField {
    return new RecoveryView.Choice(
        f.key("successor"), f.moment("chosen"), f.text("why"), f.text("lost"));
  }

  private static RecoveryView.End end(Fields f) throws BadField {
    RecoveryEnd how = f.constant("end", RecoveryEnd.class);
    return new RecoveryView.End(
        f.moment("closed"),
        how.successful(),
        how != RecoveryEnd.NOT_NEEDED,
        how.words(),
        f.text("report"));
  }

  private static RecoveryView.Acknowledged acknowledged(Fields f) throws BadField {
    return new RecoveryView.Acknowledged(f.moment("at"), f.text("actor"), f.text("comment"));
  }

  private static RecoveryView.Plan plan(Fields f) throws BadField {
    return new RecoveryView.Plan(
        f.text("id"), f.text("words"), f.objects("steps", RecoveryDecoder::step));
  }

  private static RecoveryView.Step step(Fields f) throws BadField {
    return new RecoveryView.Step(
        f.text("words"), f.moment("begun"), f.instant("ended"), f.optional("failure"));
  }

  private static RecoveryView.Hook hook(Fields f) throws BadField {
    long attempt = f.number("attempt");
    return new RecoveryView.Hook(
        f.text("list") + " " + f.number("number") + (attempt > 1 ? ", attempt " + attempt : ""),
        f.moment("begun"),
        f.instant("ended"),
        f.optional("failure"),
        f.optional("output").orElse(""));
  }
}
