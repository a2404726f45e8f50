package topiary.app.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.IntentJson;
import topiary.app.json.Json;
import topiary.app.v1.V1Api;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Judging;
import topiary.engine.catalogue.Operation;
import topiary.engine.catalogue.Recovering;
import topiary.engine.catalogue.Saying;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Attribute;

/** Deeds, asked of a node's own API, whatever carries what is asked. */
abstract class ApiGateway implements Gateway {

  private static final long FOLLOW_MILLIS = 10_000;

  /** So many of the latest plans are looked through for one that can be undone. */
  private static final int LOOKED_BACK = 50;

  private static final byte[] NOTHING = {};
  private static final Map<String, String> HEADERS =
      Map.of("user-agent", V1Api.DESKTOP_AGENT, "content-type", "application/json");

  /** Carries a request to what is below {@code /api/v1}, and its answer back. */
  abstract Reply.Whole carry(Request request) throws GatewayException;

  @Override
  public OutlookView whatIfDead(InstanceKey server) throws GatewayException {
    return get(
        List.of(Judging.WHAT_IF_DEAD.name()),
        Map.of("instance", server.toString()),
        Decoder::outlook);
  }

  @Override
  public List<ReadinessView> readiness() throws GatewayException {
    return get(List.of(Judging.READINESS.name()), Map.of(), Decoder::readiness);
  }

  @Override
  public WhyNotView whyNot(String cluster) throws GatewayException {
    Map<String, String> of = Map.of("cluster", cluster);
    Fields answer = get(List.of(Judging.WHY_NOT.name()), of, f -> f);
    Map<String, WhyNotView.Freeze> frozen =
        get(List.of(Judging.FROZEN.name()), Map.of(), Decoder::freezes);
    var rules = new ArrayList<>(get(List.of(Recovering.RULES.name()), of, Decoder::rules));
    rules.addAll(get(List.of(Judging.RULES.name()), of, Decoder::rules));
    return read(answer, f -> Decoder.whyNot(f, frozen, rules));
  }

  @Override
  public List<RecoveryView> recoveries(int limit) throws GatewayException {
    return get(
        List.of(Recovering.RECOVERIES.name()),
        Map.of("limit", Integer.toString(limit)),
        RecoveryDecoder::all);
  }

  @Override
  public RecoveryView recovery(String id) throws GatewayException {
    return get(
        List.of(Recovering.RECOVERY_REPORT.name()), Map.of("recovery", id), RecoveryDecoder::one);
  }

  @Override
  public PlanView plan(Intent intent) throws GatewayException {
    return post(Catalogue.PLAN_FOR, IntentJson.call(intent), Decoder::plan);
  }

  @Override
  public RunView apply(String fingerprint) throws GatewayException {
    return post(Catalogue.APPLY, Map.of("plan", fingerprint), Decoder::run);
  }

  @Override
  public RunView follow(PlanId run, int after) throws GatewayException {
    return get(
        List.of("runs", run.text()),
        Map.of("after", Integer.toString(after), "wait", Long.toString(FOLLOW_MILLIS)),
        Decoder::run);
  }

  @Override
  public RunView cancel(PlanId run) throws GatewayException {
    return post(Catalogue.CANCEL, Map.of("plan", run.text()), Decoder::run);
  }

  @Override
  public Optional<Undoable> undoable() throws GatewayException {
    return get(
        List.of(Catalogue.RUNS.name()),
        Map.of("limit", Integer.toString(LOOKED_BACK)),
        Decoder::undoable);
  }

  @Override
  public InstanceKey discover(InstanceKey server) throws GatewayException {
    return post(Catalogue.DISCOVER, Map.of("instance", server.toString()), f -> f.key("instance"));
  }

  @Override
  public void forget(InstanceKey server) throws GatewayException {
    post(Catalogue.FORGET, Map.of("instance", server.toString()), f -> f.key("instance"));
  }

  @Override
  public void say(Operation operation, Map<String, String> arguments) throws GatewayException {
    post(operation, Map.copyOf(arguments), f -> f);
  }

  @Override
  public List<Attribute> attributes(String host) throws GatewayException {
    return get(List.of(Saying.HOST_ATTRIBUTES.name()), Map.of("host", host), Decoder::attributes);
  }

  @Override
  public void removeAttribute(String host, String name) throws GatewayException {
    answer(
        new Request(
            "POST",
            List.of(Saying.REMOVE_HOST_ATTRIBUTE.name()),
            Map.of(),
            HEADERS,
            Json.bytes(Map.of("host", host, "name", name))),
        f -> f);
  }

  @Override
  public Then at(Instant moment) throws GatewayException {
    return get(List.of(Catalogue.TOPOLOGY.name()), Map.of("at", moment.toString()), Decoder::then);
  }

  @Override
  public List<Changed> changes(String cluster, Instant from, Instant to, int skip, int limit)
      throws GatewayException {
    return get(
        List.of("history", "changes"),
        Map.of(
            "cluster",
            cluster,
            "from",
            from.toString(),
            "to",
            to.toString(),
            "skip",
            Integer.toString(skip),
            "limit",
            Integer.toString(limit)),
        Decoder::changes);
  }

  @Override
  public Counted counted(String cluster, Optional<Instant> from, Instant to, int parts)
      throws GatewayException {
    var query =
        new TreeMap<>(
            Map.of("cluster", cluster, "to", to.toString(), "parts", Integer.toString(parts)));
    from.ifPresent(since -> query.put("from", since.toString()));
    return get(List.of("history", "counts"), query, Decoder::counted);
  }

  @Override
  public void lead(String node) throws GatewayException {
    post(Catalogue.CLUSTER_TRANSFER, Map.of("node", node), f -> f);
  }

  @Override
  public void stepDown() throws GatewayException {
    post(Catalogue.CLUSTER_STEP_DOWN, Map.of(), f -> f);
  }

  @Override
  public void remove(String node) throws GatewayException {
    post(Catalogue.CLUSTER_REMOVE, Map.of("node", node), f -> f);
  }

  private <T> T post(Operation operation, Map<String, Object> body, Fields.Reader<T> reader)
      throws GatewayException {
    return answer(
        new Request("POST", List.of(operation.name()), Map.of(), HEADERS, Json.bytes(body)),
        reader);
  }

  final <T> T get(List<String> path, Map<String, String> query, Fields.Reader<T> reader)
      throws GatewayException {
    return answer(reading(path, query), reader);
  }

  static Request reading(List<String> path, Map<String, String> query) {
    return new Request("GET", path, query, HEADERS, NOTHING);
  }

  private <T> T answer(Request request, Fields.Reader<T> reader) throws GatewayException {
    return get(carry(request), reader);
  }

  private <T> T read(Fields answer, Fields.Reader<T> reader) throws GatewayException {
    try {
      return reader.read(answer);
    } catch (BadField e) {
      throw strange(e);
    }
  }

  private GatewayException strange(Exception e) {
    return new GatewayException(
        "the node at " + address() + " says what this version does not understand",
        GatewayException.Kind.REFUSED,
        e);
  }

  /** What an answer says, or the node's no. */
  final <T> T get(Reply.Whole reply, Fields.Reader<T> reader) throws GatewayException {
    try {
      Fields body = Decoder.answer(new String(reply.bytes(), StandardCharsets.UTF_8));
      if (reply.status() / 100 == 2) {
        return reader.read(body);
      }
      throw new GatewayException(
          body.object("error").text("message"),
          switch (reply.status()) {
            case 409 -> GatewayException.Kind.CHANGED;
            // It was passed on to the node that leads, and no answer came.
            case 504 -> GatewayException.Kind.UNKNOWN;
            default -> GatewayException.Kind.REFUSED;
          },
          null);
    } catch (BadField | Json.BadJson e) {
      throw strange(e);
    }
  }
}
