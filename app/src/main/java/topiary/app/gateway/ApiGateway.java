package topiary.app.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.Json;
import topiary.app.v1.V1Api;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;

/** Deeds, asked of a node's own API, whatever carries what is asked. */
abstract class ApiGateway implements Gateway {

  private static final long FOLLOW_MILLIS = 10_000;
  private static final byte[] NOTHING = {};
  private static final Map<String, String> HEADERS =
      Map.of("user-agent", V1Api.DESKTOP_AGENT, "content-type", "application/json");

  /** Carries a request to what is below {@code /api/v1}, and its answer back. */
  abstract Reply.Whole carry(Request request) throws GatewayException;

  @Override
  public PlanView plan(Intent intent) throws GatewayException {
    return post(Catalogue.PLAN_FOR, call(intent), Decoder::plan);
  }

  private static Map<String, Object> call(Intent intent) {
    var call = new LinkedHashMap<String, Object>();
    switch (intent) {
      case Intent.Relocate(var replica, var below) -> {
        call.put("operation", Catalogue.RELOCATE.name());
        call.put("replica", replica.toString());
        call.put("below", below.toString());
      }
      case Intent.StartReplication(var replica, _) ->
          on(call, Catalogue.START_REPLICATION, replica.toString());
      case Intent.StopReplication(var replica, _) ->
          on(call, Catalogue.STOP_REPLICATION, replica.toString());
      case Intent.SetReadOnly(var server, var readOnly) ->
          on(call, readOnly ? Catalogue.SET_READ_ONLY : Catalogue.SET_WRITEABLE, server.toString());
      case Intent.Undo(var plan) -> {
        call.put("operation", Catalogue.UNDO.name());
        call.put("plan", plan.text());
      }
    }
    return call;
  }

  private static void on(Map<String, Object> call, Operation operation, String instance) {
    call.put("operation", operation.name());
    call.put("instance", instance);
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
  public InstanceKey discover(InstanceKey server) throws GatewayException {
    return post(Catalogue.DISCOVER, Map.of("instance", server.toString()), f -> f.key("instance"));
  }

  @Override
  public void forget(InstanceKey server) throws GatewayException {
    post(Catalogue.FORGET, Map.of("instance", server.toString()), f -> f.key("instance"));
  }

  private <T> T post(Operation operation, Map<String, Object> body, Fields.Reader<T> reader)
      throws GatewayException {
    return answer(
        new Request("POST", List.of(operation.name()), Map.of(), HEADERS, Json.bytes(body)),
        reader);
  }

  final <T> T get(List<String> path, Map<String, String> query, Fields.Reader<T> reader)
      throws GatewayException {
    return answer(new Request("GET", path, query, HEADERS, NOTHING), reader);
  }

  private <T> T answer(Request request, Fields.Reader<T> reader) throws GatewayException {
    Reply.Whole reply = carry(request);
    try {
      Fields body = new Fields(Json.object(reply.bytes()));
      if (reply.status() / 100 == 2) {
        return reader.read(body);
      }
      throw new GatewayException(
          body.object("error").text("message"),
          reply.status() == 409 ? GatewayException.Kind.CHANGED : GatewayException.Kind.REFUSED,
          null);
    } catch (BadField | Json.BadJson e) {
      throw new GatewayException(
          "the node at " + address() + " says what this version does not understand",
          GatewayException.Kind.REFUSED,
          e);
    }
  }
}
