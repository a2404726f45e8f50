package topiary.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * HTTP/1.1 by hand: sends bytes as they are, whole or in pieces, and reads the answers, so that
 * nothing a client's library would never send is left out.
 */
final class Wire implements AutoCloseable {

  /**
   * How bytes are sent.
   *
   * @param pieces sent one after the other, a moment between them; the pause lets the other side
   *     see each alone
   * @param half whether this side's half is closed after the last
   * @param leave whether the connection is closed without waiting for an answer
   * @param answers how many answers are expected at most
   * @param head whether the answers have no body
   */
  record Sending(List<byte[]> pieces, boolean half, boolean leave, int answers, boolean head) {}

  /** An answer; the names of its headers are in lower case. */
  record Answer(int status, Map<String, String> headers, String body, boolean first) {

    String type() {
      return headers.getOrDefault("content-type", "");
    }
  }

  /** What came back: answers, in order, and why there were no more. */
  record Back(List<Answer> answers, String end) {}

  private static final int PAUSE_MILLIS = 3;

  private final InetSocketAddress node;
  private final Duration patience;

  /** Kept for the next request, as clients do; null when there is none. */
  private Socket kept;

  Wire(String address, Duration patience) {
    URI uri = URI.create(address);
    this.node = new InetSocketAddress(uri.getHost(), uri.getPort());
    this.patience = patience;
  }

  /**
   * Sends, and reads what comes back.
   *
   * @throws SocketTimeoutException when nothing comes in time
   */
  Back send(Sending sending) throws IOException, InterruptedException {
    Socket old = kept;
    kept = null;
    if (old != null) {
      Back back = send(old, sending);
      // A connection that is kept may have been ended just before.
      if (!back.answers().isEmpty() || sending.leave()) {
        return back;
      }
    }
    var socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) patience.toMillis());
    socket.connect(node, (int) patience.toMillis());
    return send(socket, sending);
  }

  private Back send(Socket socket, Sending sending) throws IOException, InterruptedException {
    try {
      String end = write(socket, sending);
      if (sending.leave()) {
        return new Back(List.of(), "left");
      }
      var answers = new ArrayList<Answer>();
      var in = new BufferedInputStream(socket.getInputStream());
      try {
        while (answers.size() < sending.answers()) {
          Answer answer = answer(in, sending.head());
          answers.add(answer);
          if (answer.first() || answer.headers().getOrDefault("connection", "").equals("close")) {
            return new Back(answers, end);
          }
        }
        if (!sending.half() && end.isEmpty() && in.available() == 0) {
          kept = socket;
        }
        return new Back(answers, end);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        // It has ended the connection; what it said before counts.
        return new Back(answers, e.toString());
      }
    } finally {
      if (kept != socket) {
        socket.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (kept != null) {
      kept.close();
    }
  }

  private static String write(Socket socket, Sending sending) throws InterruptedException {
    try {
      var out = socket.getOutputStream();
      for (int i = 0; i < sending.pieces().size(); i++) {
        if (i > 0) {
          // Not a wait for anything: the client is a slow one.
          Thread.sleep(PAUSE_MILLIS);
        }
        out.write(sending.pieces().get(i));
        out.flush();
      }
      if (sending.half()) {
        socket.shutdownOutput();
      }
      return "";
    } catch (IOException e) {
      // It may well refuse before it has read everything.
      return e.toString();
    }
  }

  private static Answer answer(InputStream in, boolean head) throws IOException {
    String[] status = line(in).split(" ", 3);
    if (status.length < 2 || !status[0].equals("HTTP/1.1")) {
      throw new AssertionError("no answer of HTTP: " + String.join(" ", status));
    }
    int code = Integer.parseInt(status[1]);
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (code == 100) {
      return answer(in, head);
    }
    if (headers.getOrDefault("content-type", "").startsWith("text/event-stream") && !head) {
      return new Answer(code, headers, event(in), true);
    }
    byte[] body = {};
    if (!head && code != 204 && code != 304) {
      body =
          "chunked".equals(headers.get("transfer-encoding"))
              ? chunks(in)
              : exactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    return new Answer(code, headers, new String(body, StandardCharsets.UTF_8), false);
  }

  /** Of a stream without an end: its first event, as it comes in chunks. */
  private static String event(InputStream in) throws IOException {
    var text = new ByteArrayOutputStream();
    while (!text.toString(StandardCharsets.UTF_8).contains("\n\n")) {
      int size = Integer.parseInt(line(in).strip(), 16);
      if (size == 0) {
        throw new EOFException("the stream has ended");
      }
      text.write(exactly(in, size));
      line(in);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in).strip(), 16);
      all.write(exactly(in, size));
      line(in);
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the answer ends in the middle");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException(line.size() == 0 ? "no more" : "the answer ends in the middle");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
