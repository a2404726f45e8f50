package topiary.app.gateway;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.InstanceReader;
import topiary.app.json.Json;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Look;
import topiary.engine.model.Topology;

/** A node's JSON as values. */
final class Decoder {

  private Decoder() {}

  static Fields object(String json) throws BadField, Json.BadJson {
    return new Fields(Json.object(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** An answer; of a list, an object that has it as its {@code rows}. */
  static Fields answer(String json) throws BadField, Json.BadJson {
    return object(json.startsWith("[") ? "{\"rows\":" + json + "}" : json);
  }

  /** What is known after another event. */
  static Seen fold(Seen before, String event, Fields data) throws BadField {
    boolean whole = event.equals("snapshot");
    var instances =
        whole ? new TreeMap<InstanceKey, Instance>() : new TreeMap<>(before.topology().instances());
    var clusters = whole ? new HashMap<InstanceKey, ClusterId>() : new HashMap<>(before.clusters());
    for (InstanceKey gone : data.keys("removed")) {
      instances.remove(gone);
      clusters.remove(gone);
    }
    data.objects(
        "instances",
        i -> {
          Instance read = InstanceReader.instance(i);
          instances.put(read.key(), read);
          clusters.remove(read.key());
          InstanceReader.cluster(i).ifPresent(id -> clusters.put(read.key(), id));
          return read;
        });
    if (data.has("looked")) {
      data.objects("looked", i -> look(i, instances));
    }
    return new Seen(
        new Topology(data.number("revision"), instances),
        clusters,
        before.link(),
        before.heard(),
        before.trouble());
  }

  private static Instance look(Fields i, Map<InstanceKey, Instance> instances) throws BadField {
    Look look = InstanceReader.look(i);
    return instances.computeIfPresent(i.key("instance"), (key, was) -> was.looked(look));
  }

  static PlanView plan(Fields plan) throws BadField {
    return new PlanView(
        plan.text("fingerprint"),
        plan.text("intent"),
        plan.objects("stages", Decoder::stage),
        plan.texts("outcome"),
        plan.texts("warnings"),
        plan.text("undo"));
  }

  private static PlanView.Stage stage(Fields stage) throws BadField {
    return new PlanView.Stage(
        stage.text("title"),
        stage.objects(
            "guards",
            g -> new PlanView.Guard(g.text("instance"), g.text("field"), g.text("value"))),
        steps(stage, "steps"),
        steps(stage, "lastly"));
  }

  private static List<PlanView.Step> steps(Fields stage, String name) throws BadField {
    return stage.objects(
        name,
        s ->
            new PlanView.Step(
                s.count("number").orElse(0), s.text("instance"), s.text("words"), s.texts("sql")));
  }

  static RunView run(Fields run) throws BadField {
    return new RunView(
        run.made("plan", PlanId::new).orElseThrow(),
        (int) run.number("version"),
        (int) run.number("total"),
        run.objects(
            "steps",
            s ->
                new RunView.Step(
                    (int) s.number("number"),
                    s.constant("phase", RunView.Phase.class),
                    s.optional("failure").orElse(""),
                    s.optional("words").orElse(""))),
        run.has("end") ? Optional.of(run.constant("end", RunView.End.class)) : Optional.empty(),
        run.optional("report").orElse(""));
  }

  /** The first of several runs, newest first, that can be undone. */
  static Optional<Undoable> undoable(Fields runs) throws BadField {
    List<Optional<Undoable>> latest =
        runs.objects(
            "rows",
            run ->
                run.has("back")
                    ? Optional.of(
                        new Undoable(
                            run.made("plan", PlanId::new).orElseThrow(),
                            intent(run.object("back"))))
                    : Optional.empty());
    return latest.stream().flatMap(Optional::stream).findFirst();
  }

  private static Intent intent(Fields call) throws BadField {
    Map<String, String> values = new HashMap<>();
    for (String name : List.of("replica", "below", "instance", "plan")) {
      call.optional(name).ifPresent(value -> values.put(name, value));
    }
    return call.made("operation", name -> intent(name, values)).orElseThrow();
  }

  private static Intent intent(String name, Map<String, String> values) {
    try {
      Operation operation = Catalogue.named(name).orElseThrow(IllegalArgumentException::new);
      return Catalogue.intent(operation, Arguments.of(operation, values)).orElseThrow();
    } catch (BadArgument e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
