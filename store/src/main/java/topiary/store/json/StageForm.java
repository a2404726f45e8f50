package topiary.store.json;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;

/**
 * A stage as JSON. One that begins after the one before it is written as it always was, so that
 * nodes that know of no other order read it.
 */
final class StageForm {

  private StageForm() {}

  private record Plain(String title, List<Basis> guards, List<Step> steps, List<Step> lastly) {}

  private record Started(
      String title, List<Basis> guards, List<Step> steps, List<Step> lastly, Stage.Start start) {}

  static SimpleModule module() {
    return new SimpleModule("stage")
        .addSerializer(Stage.class, new Writer())
        .addDeserializer(Stage.class, new Reader());
  }

  private static final class Writer extends ValueSerializer<Stage> {
    @Override
    public void serialize(Stage s, JsonGenerator out, SerializationContext context) {
      Object form =
          s.start()
              .<Object>map(at -> new Started(s.title(), s.guards(), s.steps(), s.lastly(), at))
              .orElseGet(() -> new Plain(s.title(), s.guards(), s.steps(), s.lastly()));
      context.writeValue(out, form);
    }
  }

  private static final class Reader extends ValueDeserializer<Stage> {
    @Override
    public Stage deserialize(JsonParser in, DeserializationContext context) {
      JsonNode tree = context.readTree(in);
      if (!tree.has("start")) {
        Plain p = context.readTreeAsValue(tree, Plain.class);
        return new Stage(p.title(), p.guards(), p.steps(), p.lastly());
      }
      Started p = context.readTreeAsValue(tree, Started.class);
      return new Stage(p.title(), p.guards(), p.steps(), p.lastly(), Optional.of(p.start()));
    }
  }
}
