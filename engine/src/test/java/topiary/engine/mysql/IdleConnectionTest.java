package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Ground;
import topiary.engine.fake.Threads;

/** What comes over a connection at rest, to the byte. */
class IdleConnectionTest {

  /** Three bytes of length, a number, and what is in it. */
  private static final byte[] ANSWER = {3, 0, 0, 1, 0, 7, 8};

  private final Threads threads = new Threads();
  private final Semaphore stirred = new Semaphore(0);
  private final Semaphore answered = new Semaphore(0);
  private IdleConnection idle;
  private IdleSocket ours;
  private Socket theirs;
  private InputStream in;
  private OutputStream out;

  @BeforeEach
  void connect() throws IOException {
    try (var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      SocketChannel channel = SocketChannel.open(port.getLocalSocketAddress());
      theirs = port.accept();
      idle = new IdleConnection(new IdleConnections(threads), channel);
      ours = new IdleSocket(channel, idle);
      in = ours.getInputStream();
      out = ours.getOutputStream();
    }
  }

  @AfterEach
  void close() throws IOException {
    theirs.close();
    ours.close();
    threads.close();
    assertEquals(0, threads.deaths().size(), () -> threads.deaths().toString());
  }

  private void says(int... bytes) throws IOException {
    for (int one : bytes) {
      theirs.getOutputStream().write(one);
      theirs.getOutputStream().flush();
    }
  }

  private void answers() throws IOException {
    byte[] came = in.readNBytes(ANSWER.length);
    if (!Arrays.equals(ANSWER, came)) {
      throw new IOException("no answer: " + Arrays.toString(came));
    }
    answered.release();
  }

  /** It is at rest, watched, and asked. */
  private void hailed() {
    idle.rest(stirred::release);
    Ground.await(this::hail, "it is not watched");
  }

  private boolean hail() {
    try {
      return idle.hail(1, () -> out.write(42), this::answers);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void awaits(Semaphore what) throws InterruptedException {
    assertTrue(what.tryAcquire(20, TimeUnit.SECONDS));
  }

  @Test
  void anAnswerThatComesInPiecesIsReadWhenItIsWhole() throws Exception {
    hailed();
    assertEquals(42, theirs.getInputStream().read());
    assertFalse(hail(), "never two at a time");
    says(3, 0, 0);
    says(1, 0, 7);
    assertTrue(idle.owes(1));
    assertFalse(idle.owes(2));
    says(8);
    awaits(answered);
    assertFalse(idle.owes(1));
    // It is at rest still.
    assertTrue(hail());
    assertEquals(0, stirred.availablePermits());
  }

  @Test
  void whoeverUsesItFirstHasWhatHasComeOfTheAnswer() throws Exception {
    hailed();
    says(3, 0, 0, 1);
    assertTrue(idle.wake());
    says(0, 7, 8, 99);
    answers();
    assertEquals(99, in.read());
    assertFalse(idle.wake(), "the answer was read");
    assertEquals(0, stirred.availablePermits());
  }

  @Test
  void whatIsSaidUnaskedIsToldAndAllThereForWhoeverReads() throws Exception {
    idle.rest(stirred::release);
    says(5);
    awaits(stirred);
    assertFalse(idle.wake());
    says(6);
    assertEquals(5, in.read());
    assertEquals(6, in.read());
  }

  @Test
  void whatComesWithAnAnswerIsToldToo() throws Exception {
    hailed();
    theirs.getOutputStream().write(new byte[] {3, 0, 0, 1, 0, 7, 8, 77});
    awaits(answered);
    awaits(stirred);
    assertFalse(idle.wake());
    assertEquals(77, in.read());
  }

  @Test
  void anEndInTheMiddleOfAnAnswerIsAnEnd() throws Exception {
    hailed();
    says(3, 0, 0, 1, 0);
    theirs.close();
    awaits(stirred);
    assertEquals(0, answered.availablePermits());
    assertFalse(idle.owes(1));
    assertThrows(IOException.class, () -> in.readNBytes(8));
  }

  @Test
  void anAnswerThatIsNoneEndsIt() throws Exception {
    hailed();
    says(3, 0, 0, 9, 9, 9, 9);
    awaits(stirred);
    assertTrue(ours.isClosed());
  }

  @Test
  void itsEndIsToldOnce() throws Exception {
    idle.rest(stirred::release);
    theirs.close();
    awaits(stirred);
    assertFalse(stirred.tryAcquire(100, TimeUnit.MILLISECONDS));
    assertFalse(idle.wake());
    assertEquals(-1, in.read());
  }
}
