package topiary.app.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.v1.Failure;

/** The web server; the only class that knows which one it is. */
public final class WebFace implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(WebFace.class.getName());

  private static final int LARGEST_BODY = 1 << 20;

  private final WebServer server;

  private WebFace(WebServer server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param address where; port 0 takes a free one
   * @param handler answers everything
   * @throws java.io.UncheckedIOException when the address is taken
   */
  public static WebFace start(InetSocketAddress address, Handler handler) {
    probe(address);
    WebServer server =
        WebServer.builder()
            .address(address.getAddress())
            .port(address.getPort())
            .maxPayloadSize(LARGEST_BODY)
            .shutdownHook(false)
            .routing(r -> r.any((req, res) -> serve(handler, req, res)))
            .build()
            .start();
    if (!server.isRunning()) {
      throw new UncheckedIOException(new BindException("its web server does not start"));
    }
    return new WebFace(server);
  }

  /** The server only logs that its address is taken, and goes on without one. */
  private static void probe(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port it serves on. */
  public int port() {
    return server.port();
  }

  private static void serve(Handler handler, ServerRequest req, ServerResponse res)
      throws IOException {
    Request request = request(req);
    Reply reply;
    try {
      reply = handler.handle(request);
    } catch (RuntimeException e) {
      // The one boundary of a request's thread: a fault of ours is logged, and told as such.
      LOG.log(System.Logger.Level.ERROR, req.prologue().method().text() + " " + req.path(), e);
      reply =
          Failure.of(
              request, 500, "fault", "this is a fault of Topiary; the node's log has the details");
    }
    send(reply, res);
  }

  private static Request request(ServerRequest req) {
    var headers = new HashMap<String, String>();
    req.headers().forEach(h -> headers.put(h.name().toLowerCase(Locale.ROOT), h.get()));
    // HTTP/2 and HTTP/1.1 keep the name that was asked for in different places.
    headers.putIfAbsent("host", req.authority());
    byte[] body = req.content().hasEntity() ? req.content().as(byte[].class) : new byte[0];
    return new Request(
        req.prologue().method().text(),
        segments(req.path().rawPath()),
        query(req.query().rawValue()),
        headers,
        body);
  }

  private static List<String> segments(String rawPath) {
    var segments = new ArrayList<String>();
    for (String raw : rawPath.split("/")) {
      if (!raw.isEmpty()) {
        segments.add(decode(raw.replace("+", "%2B")));
      }
    }
    return segments;
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        String name = equals < 0 ? pair : pair.substring(0, equals);
        query.putIfAbsent(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A lone percent sign stands for itself, as browsers have it.
      return text;
    }
  }

  private static void send(Reply reply, ServerResponse res) throws IOException {
    res.header(HeaderNames.CACHE_CONTROL, "no-store");
    res.header("X-Content-Type-Options", "nosniff");
    switch (reply) {
      case Reply.Whole whole -> {
        res.status(Status.create(whole.status()));
        res.header(HeaderNames.CONTENT_TYPE, whole.type());
        whole.headers().forEach(res::header);
        res.send(whole.bytes());
      }
      case Reply.Stream stream -> {
        res.status(Status.OK_200);
        res.header(HeaderNames.CONTENT_TYPE, stream.type());
        try (OutputStream out = res.outputStream()) {
          stream.writer().write(out);
        }
      }
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
