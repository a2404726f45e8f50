package topiary.app.v1;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.Json;
import topiary.engine.manager.RequestRefused;

/** Errors as answers: always a status, a code and a sentence. */
public final class Failure {

  private Failure() {}

  /** An error, as whoever asked wants to read it. */
  public static Reply of(Request request, int status, String code, String sentence) {
    if (request.wantsText()) {
      return Reply.text(status, sentence + "\n");
    }
    return Reply.json(status, Json.bytes(Map.of("error", body(code, sentence))));
  }

  static Reply of(Request request, RequestRefused refused) {
    int status =
        switch (refused.kind()) {
          case UNKNOWN -> 404;
          case REFUSED -> 422;
          case CHANGED -> 409;
          case UNREACHABLE -> 502;
          case NOT_LEADING, BROKEN -> 503;
        };
    return of(
        request, status, refused.kind().name().toLowerCase(Locale.ROOT), refused.getMessage());
  }

  static Map<String, Object> body(String code, String sentence) {
    var body = new LinkedHashMap<String, Object>();
    body.put("code", code);
    body.put("message", sentence);
    return body;
  }
}
