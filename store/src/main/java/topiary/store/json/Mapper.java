package topiary.store.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;
import topiary.engine.state.Command;
import topiary.engine.state.Verdict;

/**
 * Jackson, set up once. Every setting that shapes the text or the strictness is given here, so that
 * a newer Jackson with other defaults reads and writes the same.
 */
final class Mapper {

  private Mapper() {}

  static JsonMapper make() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    for (Class<?> sealed :
        List.of(
            Command.class,
            Intent.class,
            Doing.class,
            Reshaping.class,
            Step.class,
            Slot.Kind.class)) {
      builder.addMixIn(sealed, OneOfSeveral.class);
    }
    builder.addMixIn(Verdict.class, OneOfSeveral.class);
    builder.addMixIn(InstanceKey.class, InstanceKeyText.class);
    builder.addMixIn(ClusterId.class, ClusterIdText.class);
    builder.addMixIn(PlanId.class, PlanIdText.class);
    builder.addMixIn(NodeId.class, NodeIdText.class);
    builder.addMixIn(RecoveryId.class, RecoveryIdText.class);
    TypeNames.all().forEach((type, name) -> builder.registerSubtypes(new NamedType(type, name)));
    builder.addModule(StageForm.module());
    builder.addModule(BasisForm.module());
    return builder.build();
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface OneOfSeveral {}

  private abstract static class InstanceKeyText {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static InstanceKey parse(String text) {
      throw new AssertionError("a mix-in is never called");
    }

    @Override
    @JsonValue
    public abstract String toString();
  }

  private abstract static class ClusterIdText {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    ClusterIdText(String text) {}

    @JsonValue
    abstract String text();
  }

  private abstract static class NodeIdText {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    NodeIdText(String text) {}

    @JsonValue
    abstract String text();
  }

  private abstract static class RecoveryIdText {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    RecoveryIdText(String text) {}

    @JsonValue
    abstract String text();
  }

  private abstract static class PlanIdText {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    PlanIdText(String text) {}

    @JsonValue
    abstract String text();
  }
}
