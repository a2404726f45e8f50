package topiary.store.json;

import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;

/**
 * A value a plan rests on, as JSON. One that is not said of a channel by its name is written as it
 * always was, so that nodes that know of no such thing read it.
 */
final class BasisForm {

  private BasisForm() {}

  private record Plain(InstanceKey instance, Field field, String value) {}

  private record Named(InstanceKey instance, Field field, String value, String channel) {}

  static SimpleModule module() {
    return new SimpleModule("basis")
        .addSerializer(Basis.class, new Writer())
        .addDeserializer(Basis.class, new Reader());
  }

  private static final class Writer extends ValueSerializer<Basis> {
    @Override
    public void serialize(Basis b, JsonGenerator out, SerializationContext context) {
      Object form =
          b.channel()
              .<Object>map(name -> new Named(b.instance(), b.field(), b.value(), name))
              .orElseGet(() -> new Plain(b.instance(), b.field(), b.value()));
      context.writeValue(out, form);
    }
  }

  private static final class Reader extends ValueDeserializer<Basis> {
    @Override
    public Basis deserialize(JsonParser in, DeserializationContext context) {
      JsonNode tree = context.readTree(in);
      if (!tree.has("channel")) {
        Plain p = context.readTreeAsValue(tree, Plain.class);
        return new Basis(p.instance(), p.field(), p.value());
      }
      Named p = context.readTreeAsValue(tree, Named.class);
      return new Basis(p.instance(), p.field(), p.value(), Optional.of(p.channel()));
    }
  }
}
