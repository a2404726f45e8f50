package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.engine.fake.Passwords;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** Servers that mean no good, or behave as if. */
final class HostileServerTest {

  private static final String PASSWORD = "the-very-password";
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Threads threads = new Threads();
  private ServerSocket server;

  /** What a server does with one client. */
  private interface Manners {
    void serve(Socket client) throws IOException;
  }

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    threads.close();
  }

  private CompletableFuture<Void> serving(Manners manners) {
    var ended = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = server.accept()) {
                manners.serve(client);
              } catch (IOException e) {
                // The client has gone, as it should.
              } finally {
                ended.complete(null);
              }
            });
    return ended;
  }

  /** Opens a connection as everything here does it: on a virtual thread. */
  private ServerTrouble open() throws Exception {
    var fleet = new JdbcFleet(new Passwords("topiary", PASSWORD), threads);
    var key = new InstanceKey("127.0.0.1", server.getLocalPort());
    var trouble = new CompletableFuture<ServerTrouble>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (Fleet.Session session = fleet.open(key, Deadline.in(LIMIT, new RealClock()))) {
                trouble.completeExceptionally(new AssertionError("logged in: " + session));
              } catch (ServerTrouble e) {
                trouble.complete(e);
              }
            });
    return trouble.get(LIMIT.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void oneThatDripsIsGivenUpWhenTheTimeIsOver() throws Exception {
    serving(
        client -> {
          OutputStream out = client.getOutputStream();
          // The head of a long packet, and then a byte now and then: no single read takes long.
          out.write(new byte[] {(byte) 200, 0, 0, 0});
          while (true) {
            out.write(10);
            out.flush();
            client.setSoTimeout(100);
            try {
              client.getInputStream().read();
              return;
            } catch (java.net.SocketTimeoutException e) {
              // Nothing was said, and nothing was to be.
            }
          }
        });
    ServerTrouble trouble = open();
    assertEquals(Condition.HUNG, trouble.condition(), trouble::getMessage);
    assertTrue(trouble.getMessage().contains("drips"), trouble.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql_clear_password", "caching_sha2_password", "sha256_password"})
  void oneThatAsksForThePasswordItselfDoesNotGetIt(String method) throws Exception {
    var heard = new ByteArrayOutputStream();
    CompletableFuture<Void> served =
        serving(
            client -> {
              client.setSoTimeout(2000);
              OutputStream out = client.getOutputStream();
              out.write(packet(0, greeting()));
              out.flush();
              heard.write(readPacket(client.getInputStream()));
              var change = new ByteArrayOutputStream();
              change.write(0xfe);
              change.write(method.getBytes(StandardCharsets.US_ASCII));
              change.write(0);
              change.write("abcdefghijklmnopqrst\0".getBytes(StandardCharsets.US_ASCII));
              out.write(packet(2, change.toByteArray()));
              out.flush();
              // Whatever comes: an answer, a request for a key, or the end.
              heard.write(readPacket(client.getInputStream()));
            });
    ServerTrouble trouble = open();
    served.get(5, TimeUnit.SECONDS);
    assertEquals(Condition.DENIED, trouble.condition(), trouble::getMessage);
    assertTrue(trouble.getMessage().contains("give it away"), trouble.getMessage());
    String all = heard.toString(StandardCharsets.ISO_8859_1);
    assertTrue(all.contains("topiary"), "the login was not reached");
    assertFalse(all.contains(PASSWORD), "the password was handed over");
  }

  private static byte[] greeting() throws IOException {
    var b = new ByteArrayOutputStream();
    b.write(10);
    b.write("11.4.5-MariaDB\0".getBytes(StandardCharsets.US_ASCII));
    b.write(new byte[] {1, 0, 0, 0});
    b.write("abcdefgh\0".getBytes(StandardCharsets.US_ASCII));
    // Long passwords, protocol 4.1, secure connection, connect with database, named methods.
    int capabilities = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000 | 0x200000;
    b.write(capabilities);
    b.write(capabilities >> 8);
    b.write(45);
    b.write(new byte[] {2, 0});
    b.write(capabilities >> 16);
    b.write(capabilities >> 24);
    b.write(21);
    b.write(new byte[10]);
    b.write("ijklmnopqrst\0".getBytes(StandardCharsets.US_ASCII));
    b.write("mysql_native_password\0".getBytes(StandardCharsets.US_ASCII));
    return b.toByteArray();
  }

  private static byte[] packet(int number, byte[] body) throws IOException {
    var b = new ByteArrayOutputStream();
    b.write(body.length);
    b.write(body.length >> 8);
    b.write(body.length >> 16);
    b.write(number);
    b.write(body);
    return b.toByteArray();
  }

  private static byte[] readPacket(InputStream in) throws IOException {
    byte[] head = in.readNBytes(4);
    if (head.length < 4) {
      return head;
    }
    return in.readNBytes((head[0] & 0xff) | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16);
  }
}
