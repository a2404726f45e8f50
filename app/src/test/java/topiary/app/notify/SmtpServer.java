package topiary.app.notify;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server on loopback that keeps what it is given, and can be told to refuse. */
final class SmtpServer implements AutoCloseable {

  /** What it was given. */
  record Letter(String from, List<String> to, String whole) {

    String header(String name) {
      var m = Pattern.compile("(?m)^" + name + ": (.*(?:\n[ \t].*)*)").matcher(whole);
      if (!m.find()) {
        throw new AssertionError("no " + name + " in " + whole);
      }
      return m.group(1).replaceAll("\n[ \t]+", " ");
    }

    /** Its text, decoded, with line ends of one character. */
    String text() {
      String body = whole.substring(whole.indexOf("\n\n") + 2);
      byte[] bytes =
          switch (header("Content-Transfer-Encoding")) {
            case "base64" -> Base64.getMimeDecoder().decode(body);
            case "quoted-printable" -> unquoted(body);
            default -> body.getBytes(StandardCharsets.UTF_8);
          };
      return new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static byte[] unquoted(String body) {
      var out = new ByteArrayOutputStream();
      String joined = body.replace("=\n", "");
      for (int i = 0; i < joined.length(); i++) {
        if (joined.charAt(i) == '=') {
          out.write(Integer.parseInt(joined.substring(i + 1, i + 3), 16));
          i += 2;
        } else {
          out.write(joined.charAt(i));
        }
      }
      return out.toByteArray();
    }
  }

  private final ServerSocket socket;
  private final Map<String, String> answers;
  private final Optional<SSLContext> tls;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Letter> letters = new LinkedBlockingQueue<>();

  /**
   * A server.
   *
   * @param answers what it says to a command, where that is not yes
   */
  SmtpServer(Map<String, String> answers) throws IOException {
    this(answers, Optional.empty());
  }

  /** A server that takes STARTTLS, and goes on with these keys. */
  SmtpServer(Map<String, String> answers, Optional<SSLContext> tls) throws IOException {
    this.answers = answers;
    this.tls = tls;
    socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What was said to it, a line each. */
  List<String> said() {
    return said;
  }

  /** The next letter that it is given. */
  Letter letter() throws InterruptedException {
    Letter letter = letters.poll(20, TimeUnit.SECONDS);
    if (letter == null) {
      throw new AssertionError("no letter came, but " + said);
    }
    return letter;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        say(client.getOutputStream(), "220 here");
        serve(client);
      } catch (IOException e) {
        // It was closed, or whoever came has gone.
      }
    }
  }

  private void serve(Socket client) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    OutputStream out = client.getOutputStream();
    String from = "";
    var to = new ArrayList<String>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      said.add(line);
      String command = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      String yes = command.equals("DATA") ? "354 go on" : "250 yes";
      yes = command.equals("AUTH") ? "235 welcome" : yes;
      yes = command.equals("STARTTLS") ? "220 go on" : yes;
      String answer = answers.getOrDefault(command, yes);
      say(out, answer);
      String address = line.substring(line.indexOf(':') + 1).split(" ")[0];
      switch (command) {
        case "MAIL" -> from = address;
        case "RCPT" -> to.add(address);
        case "DATA" -> {
          if (answer.startsWith("354")) {
            letters.add(new Letter(from, List.copyOf(to), data(in)));
            say(out, "250 taken");
          }
        }
        case "STARTTLS" -> {
          if (tls.isPresent()) {
            secure(client, tls.get());
          }
          return;
        }
        case "QUIT" -> {
          return;
        }
        default -> {}
      }
    }
  }

  private void secure(Socket client, SSLContext with) throws IOException {
    var secured =
        (SSLSocket) with.getSocketFactory().createSocket(client, null, client.getPort(), false);
    secured.setUseClientMode(false);
    try (secured) {
      secured.startHandshake();
      said.add("TLS");
      serve(secured);
    }
  }

  private static String data(BufferedReader in) throws IOException {
    var whole = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      whole.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
    }
    return whole.toString();
  }

  private static void say(OutputStream out, String answer) throws IOException {
    out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
