package topiary.app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import topiary.app.Wire.Sending;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;

/**
 * Makes random requests, most of which get far: a known path with arguments of the right kind, of
 * which some are not what they should be. No deed is asked for but of the one server that is free
 * for it, all others only as a plan.
 */
final class FuzzRequests {

  /**
   * A request to send.
   *
   * @param line its first line, for whoever reads of it
   * @param proper whether it is HTTP, so that it must be answered
   * @param slow whether it may have to wait for servers for long
   */
  record Made(String line, Sending sending, boolean proper, boolean slow) {}

  /** orchestrator's paths; {@code H} and {@code P} stand for a host and a port. */
  private static final List<String> READS =
      List.of(
          "can-replicate-from-gtid/H/P/H/P",
          "search/S",
          "search",
          "cluster/C",
          "cluster/alias/C",
          "cluster/instance/H/P",
          "cluster-info/C",
          "cluster-info/alias/C",
          "clusters",
          "clusters-info",
          "masters",
          "master/C",
          "instance-replicas/H/P",
          "all-instances",
          "topology/C",
          "topology/H/P",
          "topology-tabulated/C",
          "topology-tabulated/H/P",
          "instance/H/P",
          "problems",
          "problems/C",
          "health",
          "status",
          "lb-check",
          "_ping",
          "leader-check",
          "leader-check/S",
          "routed-leader-check",
          "bulk-instances",
          "headers",
          "raft-state",
          "raft-leader",
          "raft-peers",
          "raft-health",
          "raft-status",
          "raft-follower-health-report/S/S/S",
          "refresh/H/P");

  private static final List<String> DEEDS =
      List.of(
          "relocate/F/B",
          "relocate-below/F/B",
          "start-slave/F",
          "start-replica/F",
          "stop-slave/F",
          "stop-replica/F",
          "set-read-only/F",
          "set-writeable/F",
          "discover/F",
          "async-discover/F",
          "async-discover/127.0.0.1/1",
          "discover/127.0.0.1/1",
          "discover/S/S",
          "forget/127.0.0.1/1",
          "forget/S/S",
          "reelect",
          "grab-election",
          "raft-snapshot",
          "raft-add-peer/S",
          "raft-remove-peer/S",
          "raft-yield/S",
          "raft-yield-hint/S",
          "relocate/S/S/H/P",
          "set-read-only/S/S");

  private static final List<String> METHODS =
      List.of("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", "get", "G\u00cbT", "");

  private final FuzzWords words;
  private final String host;

  FuzzRequests(FuzzWords words, String host) {
    this.words = words;
    this.host = host;
  }

  Made next() {
    return switch (words.random.nextInt(20)) {
      case 0, 1, 2, 3 -> legacy();
      case 4 -> events();
      case 5 -> watch();
      case 6 -> elsewhere();
      case 7 -> raw();
      default -> operation();
    };
  }

  // ---- /api/v1

  private Made operation() {
    Operation operation = words.pick(Catalogue.all());
    boolean reads =
        operation.kind() == Operation.Kind.QUERY && !operation.equals(Catalogue.PLAN_FOR);
    String path = "/api/v1/" + (words.one(40) ? words.mutated(operation.name()) : operation.name());
    if (reads) {
      return send("GET", path + query(operation), "", "");
    }
    return send(
        "POST",
        path + (words.one(20) ? query(operation) : ""),
        "application/json",
        body(operation));
  }

  private String query(Operation operation) {
    var pairs = new ArrayList<String>();
    for (Argument a : operation.arguments()) {
      if (!words.one(10)) {
        pairs.add(words.encoded(a.name()) + "=" + words.encoded(words.value(a.type())));
      }
    }
    if (words.one(6)) {
      pairs.add(
          words.encoded(words.noise()) + (words.one(2) ? "=" : "") + words.encoded(words.noise()));
    }
    if (words.one(6)) {
      pairs.add("colour=" + words.encoded(words.one(2) ? "yes" : words.noise()));
    }
    if (words.one(30)) {
      pairs.addAll(pairs);
    }
    return pairs.isEmpty() ? "" : "?" + String.join(words.one(30) ? "&&" : "&", pairs);
  }

  private String body(Operation operation) {
    if (words.one(30)) {
      return broken();
    }
    var fields = new ArrayList<String>();
    boolean intent = operation.kind() == Operation.Kind.INTENT;
    boolean real = intent && words.one(5);
    List<Argument> arguments = operation.arguments();
    if (operation.equals(Catalogue.PLAN_FOR)) {
      Operation planned =
          words.pick(
              Catalogue.all().stream().filter(o -> o.kind() == Operation.Kind.INTENT).toList());
      fields.add("\"operation\":" + quoted(words.one(10) ? words.noise() : planned.name()));
      arguments = planned.arguments();
    }
    for (Argument a : arguments) {
      if (real) {
        fields.add(quoted(a.name()) + ":" + quoted(words.allowed(operation, a)));
      } else if (operation.equals(Catalogue.DISCOVER) || FuzzWords.OF_NOBODY.contains(operation)) {
        fields.add(quoted(a.name()) + ":" + quoted(known(operation)));
      } else if (!words.one(12)) {
        fields.add(
            quoted(a.name()) + ":" + (words.one(10) ? literal(3) : quoted(words.value(a.type()))));
      }
    }
    if (intent && !real) {
      fields.add("\"dryRun\":" + (words.one(15) ? "\"yes\"" : "true"));
    }
    if (words.one(12)) {
      fields.add(quoted(words.noise()) + ":" + literal(4));
    }
    if (words.one(40) && !fields.isEmpty()) {
      fields.add(fields.getFirst());
    }
    String text = "{" + String.join(",", fields) + "}";
    return words.one(25) ? text.substring(0, words.random.nextInt(text.length())) : text;
  }

  private String known(Operation operation) {
    if (words.one(3)) {
      return words.pick(List.of("127.0.0.1:1", "[::1]:1", "a b", "", ":", "127.0.0.1:0"));
    }
    return FuzzWords.OF_NOBODY.contains(operation)
        ? "127.0.0.1:2"
        : words.pick(words.world.servers());
  }

  private String literal(int depth) {
    return switch (words.random.nextInt(depth > 0 ? 10 : 6)) {
      case 0 -> "null";
      case 1 -> words.one(2) ? "true" : "false";
      case 2 -> words.number();
      case 3 -> "1e" + words.random.nextInt(100_000);
      case 4 -> "-0.0";
      case 6 -> "[" + literal(depth - 1) + "," + literal(depth - 1) + "]";
      case 7 -> "{" + quoted(words.noise()) + ":" + literal(depth - 1) + "}";
      case 8 -> "[".repeat(50) + "]".repeat(50);
      default -> quoted(words.noise());
    };
  }

  private String broken() {
    return switch (words.random.nextInt(9)) {
      case 0 -> "[".repeat(words.random.nextInt(1, 100_000));
      case 1 -> "{\"a\":".repeat(words.random.nextInt(1, 20_000));
      case 2 -> "{\"instance\":" + "9".repeat(words.random.nextInt(1, 100_000)) + "}";
      case 3 -> "{\"instance\":\"" + "x".repeat(words.random.nextInt(1, 200_000)) + "\"}";
      case 4 -> "{\"instance\":\"\\ud800\"}";
      case 5 -> "\ufeff{}";
      case 6 -> "{} {}";
      case 7 -> words.letters(200);
      default -> literal(4);
    };
  }

  private String quoted(String text) {
    var out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || words.one(50)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private Made watch() {
    String query =
        "?after="
            + words.encoded(
                words.one(4) ? words.noise() : Integer.toString(words.random.nextInt(-2, 20)))
            + "&wait="
            + words.encoded(
                words.one(6) ? words.noise() : Integer.toString(words.random.nextInt(50)))
            + "&steps="
            + words.encoded(
                words.one(6) ? words.noise() : Integer.toString(words.random.nextInt(-9, 9)));
    return send("GET", "/api/v1/runs/" + words.encoded(words.plan()) + query, "", "");
  }

  private Made events() {
    String after =
        switch (words.random.nextInt(4)) {
          case 0 -> "";
          case 1 -> "?after=1:" + words.random.nextInt(1000);
          default -> "?after=" + words.encoded(words.noise());
        };
    String method = words.one(10) ? words.pick(METHODS) : "GET";
    return send(method, "/api/v1/events" + after, "", "");
  }

  // ---- orchestrator's, and whatever else there is

  private Made legacy() {
    String pattern = words.pick(words.one(4) ? DEEDS : READS);
    String path =
        Arrays.stream(pattern.split("/")).map(this::segment).collect(Collectors.joining("/"));
    String slash = words.one(20) ? "/" : "";
    String query =
        words.one(5)
            ? "?"
                + words.encoded(words.one(2) ? "s" : words.noise())
                + "="
                + words.encoded(words.noise())
            : "";
    return send(words.one(20) ? "POST" : "GET", "/api/" + path + slash + query, "", "");
  }

  private String segment(String kind) {
    String server = words.one(6) ? words.noise() : words.pick(words.world.servers());
    int colon = Math.max(0, server.lastIndexOf(':'));
    return switch (kind) {
      case "H" -> words.encoded(server.substring(0, colon));
      case "P" -> words.encoded(colon == 0 ? words.number() : server.substring(colon + 1));
      case "C" -> words.encoded(server);
      case "S" -> words.encoded(strange());
      case "F" -> words.world.free().replace(':', '/');
      case "B" -> words.pick(words.world.below()).replace(':', '/');
      default -> words.one(60) ? words.mutated(kind).replaceAll("[\\s\\p{Cntrl}#?]", "") : kind;
    };
  }

  /** Noise that names no server, whatever is done to it. */
  private String strange() {
    String noise = words.noise();
    return words.world.servers().stream().anyMatch(s -> s.contains(noise) || noise.contains(s))
        ? "?"
        : noise;
  }

  private Made elsewhere() {
    String path =
        switch (words.random.nextInt(6)) {
          case 0 -> "/";
          case 1 -> "/icon.svg";
          case 2 -> "/api" + (words.one(2) ? "/" : "");
          case 3 -> "/api/v1" + "/".repeat(words.random.nextInt(4)) + words.encoded(words.noise());
          case 4 ->
              IntStream.range(0, words.random.nextInt(1, 60))
                  .mapToObj(i -> "/" + words.encoded(words.one(3) ? ".." : words.letters(4)))
                  .collect(Collectors.joining());
          default -> "/" + words.encoded(words.noise());
        };
    return send(words.one(4) ? words.pick(METHODS) : "GET", path, "", "");
  }

  // ---- as bytes

  private Made send(String asked, String path, String type, String body) {
    String method = words.one(40) ? words.pick(METHODS) : asked;
    boolean upper = method.matches("[A-Z]+");
    var head = new StringBuilder();
    // As it comes: a request's target is ASCII, and what is not is one more thing to bear.
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("Host: ")
        .append(words.one(50) ? words.pick(List.of("evil.example", "", "a b")) : host);
    head.append("\r\n");
    if (!type.isEmpty()) {
      head.append("Content-Type: ").append(words.one(25) ? contentType() : type).append("\r\n");
    }
    headers(head);
    byte[] bytes = body.getBytes(words.one(40) ? words.pick(CHARSETS) : StandardCharsets.UTF_8);
    boolean chunked = bytes.length > 0 && words.one(8);
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
      bytes = chunks(bytes);
    } else if (bytes.length > 0 || !asked.equals("GET")) {
      head.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    head.append("\r\n");
    byte[] whole = joined(head.toString().getBytes(StandardCharsets.UTF_8), bytes);
    boolean proper = upper && path.matches("[!-~]+");
    boolean slow = path.contains("/api/") && !path.contains("/v1");
    return sent(method + " " + path, whole, proper, slow, method.equals("HEAD"));
  }

  private static final List<Charset> CHARSETS =
      List.of(StandardCharsets.UTF_16, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE);

  private String contentType() {
    return words.pick(
        List.of(
            "application/json; charset=UTF-16",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "json",
            ";",
            "application/json;;;=",
            "\u00e9/\u00e9"));
  }

  private void headers(StringBuilder head) {
    if (words.one(4)) {
      head.append("Accept: ")
          .append(
              words.pick(
                  List.of("text/plain", "text/plain", "application/json", "*/*", ";q=", "x")))
          .append("\r\n");
    }
    if (words.one(20)) {
      head.append("Last-Event-ID: ").append(line(words.noise())).append("\r\n");
    }
    if (words.one(30)) {
      head.append("Sec-Fetch-Site: ")
          .append(words.pick(List.of("none", "cross-site", "?")))
          .append("\r\n");
    }
    if (words.one(30)) {
      head.append("Origin: ")
          .append(words.pick(List.of("null", "http://" + host, "%", "http://e.example")))
          .append("\r\n");
    }
    if (words.one(30)) {
      head.append(
              words.pick(
                  List.of(
                      "Expect: 100-continue",
                      "Accept-Encoding: gzip",
                      "Connection: close",
                      "Upgrade: h2c",
                      "Content-Encoding: gzip",
                      "User-Agent: topiary/desktop",
                      "Topiary-Forwarded: n1",
                      "Topiary-For: node n1",
                      "Topiary-Local: true",
                      "Topiary-Fresh: true",
                      "X-HTTP-Method-Override: GET",
                      "Range: bytes=0-1",
                      "Cookie: =",
                      "If-None-Match: *")))
          .append("\r\n");
    }
    if (words.one(30)) {
      for (int i = words.random.nextInt(40); i > 0; i--) {
        head.append("X-").append(i).append(": ").append(line(words.letters(40))).append("\r\n");
      }
    }
  }

  private static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}]", "");
  }

  private byte[] chunks(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; ) {
      int size = Math.min(bytes.length - at, words.random.nextInt(1, 5000));
      out.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes, at, size);
      out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      at += size;
    }
    out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private Made sent(String line, byte[] whole, boolean proper, boolean slow, boolean head) {
    switch (words.random.nextInt(60)) {
      case 0 -> {
        // Ends in the middle: an answer may come, or nothing.
        byte[] part = Arrays.copyOf(whole, words.random.nextInt(whole.length));
        return new Made(line, new Sending(List.of(part), true, false, 1, head), false, slow);
      }
      case 1 -> {
        return new Made(line, new Sending(List.of(whole), false, true, 0, head), false, slow);
      }
      case 2 -> {
        return new Made(line, new Sending(pieces(whole), false, false, 1, head), proper, slow);
      }
      case 3 -> {
        return new Made(line, new Sending(List.of(whole), true, false, 1, head), proper, slow);
      }
      case 4 -> {
        // Several in one go; not of what never ends.
        boolean stream = line.contains("events");
        byte[] twice = stream ? whole : joined(whole, joined(whole, whole));
        return new Made(
            line, new Sending(List.of(twice), false, false, stream ? 1 : 3, head), proper, slow);
      }
      default -> {
        return new Made(line, new Sending(List.of(whole), false, false, 1, head), proper, slow);
      }
    }
  }

  private List<byte[]> pieces(byte[] whole) {
    int size = Math.max(1, whole.length / words.random.nextInt(2, 40));
    var pieces = new ArrayList<byte[]>();
    for (int at = 0; at < whole.length; at += size) {
      pieces.add(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + size)));
    }
    return pieces;
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** What is no HTTP, or only nearly. */
  private Made raw() {
    String text =
        switch (words.random.nextInt(12)) {
          case 0 -> words.letters(400);
          case 1 -> "GET /api/v1/health\r\n\r\n";
          case 2 -> "GET /api/v1/health HTTP/" + words.number() + "\r\nHost: " + host + "\r\n\r\n";
          case 3 -> "GET  /api/v1/health  HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
          case 4 -> "GET /api/v1/health HTTP/1.1\nHost: " + host + "\n\n";
          case 5 ->
              "GET /api/v1/health HTTP/1.1\r\nHost: "
                  + host
                  + "\r\n"
                  + words.letters(60)
                  + "\r\n\r\n";
          case 6 ->
              post("Content-Length: " + words.number() + "\r\n\r\n{\"instance\":\"127.0.0.1:1\"}");
          case 7 ->
              post("Transfer-Encoding: chunked\r\n\r\n" + words.letters(4) + "\r\n{}\r\n0\r\n\r\n");
          case 8 ->
              post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
          case 9 -> post("Transfer-Encoding: gzip\r\n\r\n{}");
          case 10 -> "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + words.letters(40);
          default -> "GET /" + "a".repeat(words.random.nextInt(1, 40_000)) + " HTTP/1.1\r\n\r\n";
        };
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String line = "raw " + text.substring(0, Math.min(60, text.length()));
    return new Made(line, new Sending(List.of(bytes), true, false, 1, false), false, false);
  }

  private String post(String rest) {
    return "POST /api/v1/discover HTTP/1.1\r\nHost: "
        + host
        + "\r\nContent-Type: application/json\r\n"
        + rest;
  }
}
