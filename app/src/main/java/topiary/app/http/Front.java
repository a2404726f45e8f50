package topiary.app.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.v1.Failure;
import topiary.icons.AppIcon;

/** Sends each request to the API it is for. */
public final class Front implements Handler {

  private final Handler v1;
  private final Handler legacy;

  /**
   * A front.
   *
   * @param v1 everything below {@code /api/v1}
   * @param legacy everything else below {@code /api}
   */
  public Front(Handler v1, Handler legacy) {
    this.v1 = v1;
    this.legacy = legacy;
  }

  @Override
  public Reply handle(Request request) {
    var path = request.segments();
    boolean icon = path.equals(List.of("favicon.ico")) || path.equals(List.of("icon.svg"));
    if ((path.isEmpty() || icon) && !Set.of("GET", "HEAD").contains(request.method())) {
      return Failure.of(request, 405, "method", "a page is asked with GET");
    }
    if (path.isEmpty()) {
      return html(PAGE);
    }
    if (icon) {
      return new Reply.Whole(
          200, "image/svg+xml", AppIcon.svg().getBytes(StandardCharsets.UTF_8), Map.of());
    }
    if (path.size() >= 2 && path.get(0).equals("api") && path.get(1).equals("v1")) {
      return v1.handle(request.below(2));
    }
    if (path.size() >= 2 && path.get(0).equals("api")) {
      return legacy.handle(request.below(1));
    }
    return Failure.of(request, 404, "unknown", "there is nothing at /" + String.join("/", path));
  }

  private static Reply html(String page) {
    return new Reply.Whole(
        200, "text/html; charset=UTF-8", page.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Topiary</title>
      <link rel="icon" href="/icon.svg">
      <style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em;
      color-scheme:light dark}img{width:64px}code{font-size:.95em}</style></head>
      <body><img src="/icon.svg" alt="">
      <h1>A Topiary node</h1>
      <p>It answers programs. For people: the command line, <code>topiary topology</code>.</p>
      <ul><li><a href="/api/v1">every operation</a></li>
      <li><a href="/api/v1/topology">the trees</a></li>
      <li><a href="/api/v1/health">how this node is</a></li>
      <li><a href="/api/clusters-info">orchestrator's API</a></li></ul>
      </body></html>
      """;
}
