package topiary.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import topiary.app.face.Body;
import topiary.app.face.Reply;
import topiary.app.face.Request;

/** Answers that are written while they are sent. */
class LargeAnswerTest {

  private static final int PIECE = 1 << 16;
  private static final int PIECES = 40;

  private final AtomicInteger sent = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebFace web =
      WebFace.start(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          this::answer,
          Optional.empty(),
          task -> {
            sent.incrementAndGet();
            Thread.ofPlatform().start(task);
          });

  @AfterEach
  void end() {
    client.close();
    web.close();
  }

  private Reply answer(Request request) {
    if (request.segments().isEmpty()) {
      return Reply.text(200, "small");
    }
    boolean fails = request.segments().getFirst().equals("fails");
    return new Reply.Whole(
        200,
        "text/plain",
        Body.written(
            out -> {
              for (int i = 0; i < PIECES; i++) {
                byte[] piece = new byte[PIECE];
                Arrays.fill(piece, (byte) ('a' + i % 26));
                out.write(piece);
                if (fails && i == PIECES / 2) {
                  throw new IllegalStateException("in the middle");
                }
              }
            }),
        Map.of("Topiary-Test", "yes"));
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void allOfItComesFromAThreadThatMaySend() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> whole = ask("GET", "/large");
      assertEquals(200, whole.statusCode());
      assertEquals(PIECE * PIECES, whole.body().length());
      assertTrue(whole.body().startsWith("aaa") && whole.body().endsWith("nnn"));
      assertEquals(Optional.of("yes"), whole.headers().firstValue("topiary-test"));
    }
    assertEquals(2, sent.get());
    assertEquals("small", ask("GET", "/").body());
    assertEquals(2, sent.get());
  }

  @Test
  void headTellsHowMuchThereWouldBe() throws Exception {
    HttpResponse<String> head = ask("HEAD", "/large");
    assertEquals(
        Optional.of(Integer.toString(PIECE * PIECES)), head.headers().firstValue("content-length"));
    assertEquals("", head.body());
  }

  @Test
  void whatFailsInTheMiddleIsNotTakenForTheWhole() throws Exception {
    assertThrows(IOException.class, () -> ask("GET", "/fails"));
    assertEquals("small", ask("GET", "/").body());
  }
}
