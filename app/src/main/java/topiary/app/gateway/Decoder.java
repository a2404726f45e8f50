package topiary.app.gateway;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.InstanceReader;
import topiary.app.json.Json;
import topiary.app.json.SaidJson;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.finding.Evidence;
import topiary.engine.finding.Severity;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Look;
import topiary.engine.model.Topology;
import topiary.engine.said.Attribute;
import topiary.engine.said.OfServer;

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
    Topology was = whole ? Topology.EMPTY : before.topology();
    var clusters = whole ? new HashMap<InstanceKey, ClusterId>() : new HashMap<>(before.clusters());
    List<InstanceKey> gone = data.keys("removed");
    clusters.keySet().removeAll(gone);
    var said = whole ? new HashMap<InstanceKey, OfServer>() : new HashMap<>(before.said());
    said.keySet().removeAll(gone);
    var changed = new LinkedHashMap<InstanceKey, Instance>();
    data.objects(
        "instances",
        i -> {
          Instance read = InstanceReader.instance(i);
          changed.put(read.key(), read);
          clusters.remove(read.key());
          InstanceReader.cluster(i).ifPresent(id -> clusters.put(read.key(), id));
          OfServer of = SaidJson.read(i);
          if (of.equals(OfServer.NOTHING)) {
            said.remove(read.key());
          } else {
            said.put(read.key(), of);
          }
          return read;
        });
    if (data.has("looked")) {
      data.objects(
          "looked",
          i -> {
            Look look = InstanceReader.look(i);
            InstanceKey key = i.key("instance");
            was.instance(key).ifPresent(known -> changed.putIfAbsent(key, known.looked(look)));
            return look;
          });
    }
    var found =
        whole ? new HashMap<InstanceKey, List<FindingView>>() : new HashMap<>(before.found());
    found.keySet().removeAll(gone);
    // A node of an earlier version tells of none.
    if (data.has("findings")) {
      data.objects(
          "findings",
          f -> {
            List<FindingView> of = f.objects("findings", Decoder::finding);
            if (of.isEmpty()) {
              found.remove(f.key("instance"));
            } else {
              found.put(
                  f.key("instance"),
                  of.stream().sorted((a, b) -> a.severity().compareTo(b.severity())).toList());
            }
            return of;
          });
    }
    return new Seen(
        was.next(data.number("revision"), gone, changed.values()),
        clusters,
        said,
        found,
        before.link(),
        before.heard(),
        before.trouble());
  }

  private static FindingView finding(Fields f) throws BadField {
    String severity = f.text("severity");
    return new FindingView(
        f.text("code"),
        Stream.of(Severity.values())
            .filter(s -> s.name().equals(severity))
            .findFirst()
            .orElse(Severity.WARNING),
        f.text("words"),
        f.instant("since"),
        f.instant("certainAt"),
        f.objects(
            "evidence", e -> new Evidence(e.key("instance"), e.instant("at"), e.text("words"))));
  }

  /** What would come of a server's death. */
  static OutlookView outlook(Fields o) throws BadField {
    var moves = new LinkedHashMap<InstanceKey, InstanceKey>();
    o.objects("moves", m -> moves.put(m.key("instance"), m.key("below")));
    return new OutlookView(
        o.key("instance"),
        o.has("finding") ? Optional.of(finding(o.object("finding"))) : Optional.empty(),
        Duration.ofMillis(o.number("silenceMillis")),
        o.has("successor") ? Optional.of(o.key("successor")) : Optional.empty(),
        Duration.ofSeconds(o.number("drainSeconds")),
        reasons(o, "others"),
        moves,
        reasons(o, "left"),
        o.text("lost"));
  }

  private static Map<InstanceKey, String> reasons(Fields o, String name) throws BadField {
    var why = new LinkedHashMap<InstanceKey, String>();
    o.objects(name, r -> why.put(r.key("instance"), r.text("why")));
    return why;
  }

  /** How ready each cluster is. */
  static List<ReadinessView> readiness(Fields answer) throws BadField {
    return answer.objects(
        "rows",
        r ->
            new ReadinessView(
                r.text("cluster").isEmpty() ? r.text("head") : r.text("cluster"),
                r.key("head"),
                (int) r.number("score"),
                r.objects(
                    "reasons",
                    reason ->
                        new ReadinessView.Reason(
                            (int) reason.number("cost"), reason.text("words")))));
  }

  /** What would stop a recovery, with what else is known of its cluster. */
  static WhyNotView whyNot(
      Fields w, Map<String, WhyNotView.Freeze> frozen, List<WhyNotView.Rule> rules)
      throws BadField {
    return new WhyNotView(
        w.key("head"),
        w.texts("obstacles"),
        Optional.ofNullable(frozen.get(w.text("cluster"))),
        rules);
  }

  /** The clusters that are frozen, or are going to be, by their ids. */
  static Map<String, WhyNotView.Freeze> freezes(Fields answer) throws BadField {
    var frozen = new HashMap<String, WhyNotView.Freeze>();
    answer.objects(
        "rows",
        f ->
            frozen.put(
                f.text("cluster"),
                new WhyNotView.Freeze(
                    f.text("owner"), f.text("reason"), f.moment("since"), f.moment("until"))));
    return frozen;
  }

  /** Rules that can be set for a cluster. */
  static List<WhyNotView.Rule> rules(Fields answer) throws BadField {
    return answer.objects(
        "rows",
        r ->
            new WhyNotView.Rule(
                r.text("rule"), r.text("value"), r.optional("setFor").orElse(""), r.text("help")));
  }

  /** What was known at a moment. */
  static Then then(Fields data) throws BadField {
    var servers = new TreeMap<InstanceKey, Instance>();
    var clusters = new HashMap<InstanceKey, ClusterId>();
    data.objects(
        "clusters",
        cluster ->
            cluster.objects(
                "instances",
                i -> {
                  Instance read = InstanceReader.instance(i);
                  servers.put(read.key(), read);
                  InstanceReader.cluster(i).ifPresent(id -> clusters.put(read.key(), id));
                  return read;
                }));
    return new Then(
        data.made("at", Instant::parse).orElseThrow(),
        data.made("recorded", Instant::parse).orElseThrow(),
        data.flag("running"),
        new Topology(0, servers),
        clusters);
  }

  static List<Attribute> attributes(Fields answer) throws BadField {
    return answer.objects(
        "rows",
        a ->
            new Attribute(
                a.text("host"),
                a.text("name"),
                a.text("value"),
                a.made("since", Instant::parse).orElseThrow()));
  }

  /** What changed, newest first. */
  static List<Changed> changes(Fields answer) throws BadField {
    return answer.objects(
        "rows",
        row -> {
          var fields = new TreeMap<String, Changed.Values>();
          Fields different = row.object("fields");
          for (String path : different.names()) {
            Fields values = different.object(path);
            fields.put(path, new Changed.Values(values.value("before"), values.value("after")));
          }
          return new Changed(
              row.made("at", Instant::parse).orElseThrow(),
              row.key("instance"),
              row.constant("kind", Changed.Kind.class),
              fields);
        });
  }

  /** When something did. */
  static Counted counted(Fields answer) throws BadField {
    return new Counted(
        answer.made("from", Instant::parse).orElseThrow(),
        answer.made("to", Instant::parse).orElseThrow(),
        answer.object("kept").made("from", Instant::parse),
        answer.objects(
            "counts",
            c ->
                new Counted.Count(
                    c.made("at", Instant::parse).orElseThrow(), (int) c.number("changes"))));
  }

  static PlanView plan(Fields plan) throws BadField {
    var notes = new ArrayList<>(plan.texts("warnings"));
    String takes = "";
    if (plan.has("expected")) {
      Fields expected = plan.object("expected");
      takes = expected.text("words");
      notes.addAll(expected.texts("doubts"));
    }
    return new PlanView(
        plan.text("fingerprint"),
        plan.text("intent"),
        plan.objects("stages", Decoder::stage),
        plan.texts("outcome"),
        notes,
        takes,
        plan.text("undo"));
  }

  private static PlanView.Stage stage(Fields stage) throws BadField {
    return new PlanView.Stage(
        stage.text("title"),
        stage.counts("after"),
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

  /** The cluster of nodes, as the node says that was asked; spans are ints, 24 days at most. */
  static NodesView nodes(Fields view) throws BadField {
    return new NodesView(
        view.text("self"),
        view.text("role"),
        view.optional("leader"),
        view.objects("members", Decoder::node),
        (int) view.number("level"),
        view.number("committed"),
        view.number("applied"),
        view.count("snapshotAgeSeconds").map(Duration::ofSeconds),
        view.optional("trouble").orElse(""));
  }

  private static NodesView.Node node(Fields member) throws BadField {
    return new NodesView.Node(
        member.text("id"),
        member.text("name"),
        member.text("address"),
        member.made("http", URI::create),
        member.count("heardMillis").map(Duration::ofMillis),
        (int) member.number("level"),
        member.optional("version").orElse(""));
  }

  private static Intent intent(Fields call) throws BadField {
    Map<String, String> values = new HashMap<>();
    Operation operation =
        call.made(
                "operation",
                name -> Catalogue.named(name).orElseThrow(IllegalArgumentException::new))
            .orElseThrow();
    for (Argument argument : operation.arguments()) {
      call.optional(argument.name()).ifPresent(value -> values.put(argument.name(), value));
    }
    return call.made("operation", name -> intent(operation, values)).orElseThrow();
  }

  private static Intent intent(Operation operation, Map<String, String> values) {
    try {
      return Catalogue.intent(operation, Arguments.of(operation, values)).orElseThrow();
    } catch (BadArgument e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
