package topiary.app.legacy;

import java.util.Optional;
import topiary.app.face.Answerer;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.v1.Bodies;
import topiary.app.v1.Failure;
import topiary.engine.manager.By;

/** orchestrator's API as requests and answers. */
public final class LegacyHandler implements Handler {

  private final LegacyApi api;

  public LegacyHandler(LegacyApi api) {
    this.api = api;
  }

  /** Whether a request below {@code /api} changes something, though its method is GET. */
  public boolean writes(Request request) {
    return request.segments().size() > 1
        && request.segments().getFirst().equals("api")
        && api.writes(request.below(1).segments());
  }

  /** Which node of a cluster answers a request below {@code /api}. */
  public Answerer answerer(Request request) {
    boolean asked = request.method().equals("GET") || request.method().equals("HEAD");
    return asked && request.segments().size() > 1 && request.segments().getFirst().equals("api")
        ? api.answerer(request.below(1).segments())
        : Answerer.ASKED;
  }

  @Override
  public Reply handle(Request request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Failure.of(request, 405, "method", "orchestrator's API is asked with GET");
    }
    var by = new By(request.sender().name(), "orchestrator's API");
    Optional<Answer> answer =
        api.answer(request.segments(), request.query(), request.headers(), by);
    return answer
        .map(a -> Reply.json(a.status(), Bodies.of(a.body())))
        .orElseGet(
            () ->
                Failure.of(
                    request,
                    404,
                    "unknown",
                    "there is no /api/" + String.join("/", request.segments())));
  }
}
