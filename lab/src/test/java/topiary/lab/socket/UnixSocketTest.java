package topiary.lab.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnixSocketTest {
  private Path path;
  private ServerSocketChannel server;
  private UnixSocket socket;
  private SocketChannel peer;

  @BeforeEach
  void connect() throws IOException {
    // Below the build folder its path would be too long for a socket.
    path = Files.createTempDirectory("topiary").resolve("s");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    socket = UnixSocket.connect(path);
    peer = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    peer.close();
    server.close();
    Files.delete(path);
    Files.delete(path.getParent());
  }

  @Test
  void whatIsWrittenArrivesHoweverMuchAndBothWays() throws Exception {
    byte[] much = new byte[1 << 20];
    new Random(1).nextBytes(much);
    var writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                socket.getOutputStream().write(much);
                socket.shutdownOutput();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    assertArrayEquals(much, Channels.newInputStream(peer).readAllBytes());
    writing.get(10, TimeUnit.SECONDS);
    peer.write(ByteBuffer.wrap(new byte[] {-1, 7}));
    peer.close();
    assertEquals(255, socket.getInputStream().read());
    assertEquals(7, socket.getInputStream().read());
    assertEquals(-1, socket.getInputStream().read());
  }

  @Test
  void silenceEndsAtTheLimitAndTheSocketIsStillGood() throws IOException {
    socket.setSoTimeout(200);
    long before = System.nanoTime();
    assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
    assertTrue(System.nanoTime() - before >= 190_000_000, "it waited");
    peer.write(ByteBuffer.wrap(new byte[] {5}));
    assertEquals(5, socket.getInputStream().read());
  }

  @Test
  void closingEndsWhoReads() throws Exception {
    var reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return socket.getInputStream().read();
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
    assertThrows(TimeoutException.class, () -> reading.get(100, TimeUnit.MILLISECONDS));
    socket.close();
    var e = assertThrows(ExecutionException.class, () -> reading.get(10, TimeUnit.SECONDS));
    assertInstanceOf(IOException.class, e.getCause());
    assertTrue(socket.isClosed());
  }

  @Test
  void whereNobodyListensIsToldAtOnce() {
    assertThrows(IOException.class, () -> UnixSocket.connect(path.resolveSibling("other")));
  }
}
