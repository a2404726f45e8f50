package topiary.app.http;

import io.helidon.common.socket.PeerInfo;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.BadRequestException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Sender;
import topiary.app.v1.Boundary;
import topiary.app.v1.Failure;

/** The web server; the only class that knows which one it is. */
public final class WebFace implements AutoCloseable {

  private static final int LARGEST_BODY = 1 << 20;

  /**
   * So much of a body that is too long is read to its end all the same: to close a connection on
   * which something unread has come takes the answer away from whoever sent it.
   */
  private static final int LARGEST_DRAINED = 16 << 20;

  private static final String HEAD = "HEAD";

  private static final byte[] NOTHING = {};

  private static final Certificate[] NO_CERTIFICATES = {};

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

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
    return start(address, handler, Optional.empty());
  }

  /**
   * Starts to serve.
   *
   * @param tls makes every connection one of TLS, in which clients may show a certificate it trusts
   */
  public static WebFace start(
      InetSocketAddress address, Handler handler, Optional<SSLContext> tls) {
    return start(address, handler, tls, Runnable::run);
  }

  /**
   * Starts to serve.
   *
   * @param sending runs what sends a large answer
   */
  public static WebFace start(
      InetSocketAddress address, Handler handler, Optional<SSLContext> tls, Executor sending) {
    probe(address);
    var guarded = new Boundary(handler);
    var builder =
        WebServer.builder()
            .address(address.getAddress())
            .port(address.getPort())
            .maxPayloadSize(LARGEST_DRAINED)
            .shutdownHook(false)
            // Else the last part of an answer waits until the former ones are said to have come,
            // which who asks does only 40 ms later.
            .connectionOptions(options -> options.tcpNoDelay(true))
            .directHandlers(WebFace::errors)
            .routing(r -> r.any((req, res) -> serve(guarded, sending, req, res)));
    tls.ifPresent(context -> builder.tls(tls(context)));
    WebServer server = builder.build().start();
    if (!server.isRunning()) {
      throw new UncheckedIOException(new BindException("its web server does not start"));
    }
    return new WebFace(server);
  }

  private static Tls tls(SSLContext context) {
    return Tls.builder()
        .sslContext(context)
        .enabledProtocols(PROTOCOLS)
        .clientAuth(TlsClientAuth.OPTIONAL)
        // A client is known by what its certificate says it may do, not by where it is.
        .endpointIdentificationAlgorithm(Tls.ENDPOINT_IDENTIFICATION_NONE)
        .build();
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

  /** What the web server itself refuses is answered as everything else is. */
  private static void errors(DirectHandlers.Builder handlers) {
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, WebFace::error);
    }
  }

  private static DirectHandler.TransportResponse error(
      DirectHandler.TransportRequest req,
      DirectHandler.EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    // What is inside has its own boundary for faults. What the web server calls an internal error
    // is
    // an end in the middle of the headers, a method that is no word, and the like: it came from
    // outside.
    boolean stumbled = type == DirectHandler.EventType.INTERNAL_ERROR;
    String words =
        type == DirectHandler.EventType.PAYLOAD_TOO_LARGE
            ? "the body is longer than " + LARGEST_BODY + " bytes"
            : "this is no request that can be answered" + (stumbled ? "" : detail(message));
    Status told = stumbled ? Status.BAD_REQUEST_400 : status;
    var reply =
        (Reply.Whole)
            Failure.of(
                new Request(req.method(), List.of(), Map.of(), headers(req.headers()), NOTHING),
                told.code(),
                "request",
                words);
    return DirectHandler.TransportResponse.builder()
        .status(told)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, reply.type())
        .keepAlive(false)
        .entity(req.method().equals(HEAD) ? NOTHING : reply.bytes())
        .build();
  }

  private static String detail(String message) {
    return message == null || message.isBlank() ? "" : ": " + message;
  }

  /** The port it serves on. */
  public int port() {
    return server.port();
  }

  private static void serve(
      Handler handler, Executor sending, ServerRequest req, ServerResponse res) throws IOException {
    Request request = request(req);
    send(handler.handle(request), request.method().equals(HEAD), sending, res);
  }

  private static Request request(ServerRequest req) {
    Map<String, String> headers = headers(req.headers());
    // HTTP/2 and HTTP/1.1 keep the name that was asked for in different places.
    headers.putIfAbsent("host", req.authority());
    return new Request(
        req.prologue().method().text(),
        segments(req.path().rawPath()),
        query(req.query().rawValue()),
        headers,
        body(req),
        sender(req.remotePeer()));
  }

  private static Sender sender(PeerInfo peer) {
    var chain = new ArrayList<X509Certificate>();
    for (Certificate one : peer.tlsCertificates().orElse(NO_CERTIFICATES)) {
      chain.add((X509Certificate) one);
    }
    String address =
        peer.address() instanceof InetSocketAddress inet
            ? inet.getAddress().getHostAddress()
            : peer.host();
    return new Sender(address, chain, Sender.LOCAL.name(), Sender.LOCAL.role());
  }

  private static Map<String, String> headers(Headers all) {
    var headers = new HashMap<String, String>();
    all.forEach(h -> headers.put(h.name().toLowerCase(Locale.ROOT), h.get()));
    return headers;
  }

  private static byte[] body(ServerRequest req) {
    if (!req.content().hasEntity()) {
      return NOTHING;
    }
    try (InputStream in = req.content().inputStream()) {
      byte[] bytes = in.readNBytes(LARGEST_BODY + 1);
      if (bytes.length <= LARGEST_BODY) {
        return bytes;
      }
      in.transferTo(OutputStream.nullOutputStream());
      throw RequestException.builder()
          .type(DirectHandler.EventType.PAYLOAD_TOO_LARGE)
          .status(Status.REQUEST_ENTITY_TOO_LARGE_413)
          .build();
    } catch (IOException e) {
      throw new BadRequestException("the body ends too early", e);
    } catch (RequestException | HttpException e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever the web server stumbles over here came from outside: a chunk that is none, an end
      // before the end.
      throw new BadRequestException("the body ends too early, or is not what was announced", e);
    }
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

  private static void send(Reply reply, boolean head, Executor sending, ServerResponse res)
      throws IOException {
    res.header(HeaderNames.CACHE_CONTROL, "no-store");
    res.header("X-Content-Type-Options", "nosniff");
    res.header(HeaderNames.SERVER, Reply.SERVER);
    switch (reply) {
      case Reply.Whole whole -> {
        res.status(Status.create(whole.status()));
        res.header(HeaderNames.CONTENT_TYPE, whole.type());
        whole.headers().forEach(res::header);
        if (head) {
          // The web server would send the body, which whoever asked takes for the next answer.
          res.header(HeaderNames.CONTENT_LENGTH, Integer.toString(whole.bytes().length));
          res.send();
        } else if (whole.body().ready()) {
          res.send(whole.bytes());
        } else {
          OutputStream out = res.outputStream();
          await(sending, () -> whole.body().writeTo(out));
          // Only of a body that was written to its end: closing it says that this was all.
          out.close();
        }
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

  private interface Sending {
    void send() throws IOException;
  }

  private static void await(Executor sending, Sending what) throws IOException {
    var sent = new CompletableFuture<Void>();
    sending.execute(
        () -> {
          try {
            what.send();
            sent.complete(null);
          } catch (IOException | RuntimeException | Error e) {
            sent.completeExceptionally(e);
          }
        });
    try {
      sent.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException trouble) {
        throw trouble;
      }
      throw e.getCause() instanceof RuntimeException fault ? fault : e;
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
