package topiary.app.legacy;

import java.util.Optional;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.Json;
import topiary.app.v1.Failure;
import topiary.engine.manager.By;

/** orchestrator's API as requests and answers. */
public final class LegacyHandler implements Handler {

  private static final By BY = new By("local user", "orchestrator's API");

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

  @Override
  public Reply handle(Request request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Failure.of(request, 405, "method", "orchestrator's API is asked with GET");
    }
    Optional<Answer> answer = api.answer(request.segments(), request.query(), BY);
    return answer
        .map(a -> Reply.json(a.status(), Json.bytes(a.body())))
        .orElseGet(
            () ->
                Failure.of(
                    request,
                    404,
                    "unknown",
                    "there is no /api/" + String.join("/", request.segments())));
  }
}
