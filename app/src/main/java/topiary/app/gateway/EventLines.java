package topiary.app.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The lines of a stream, taken one by one by a reader who does not wait for ever. The JDK's own
 * lines take time with the square of their length, and the line of a large fleet has megabytes.
 */
final class EventLines implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

  private static final Optional<String> END = Optional.empty();

  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  @Override
  public void onSubscribe(Flow.Subscription to) {
    subscription.set(to);
    to.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    boolean whole = false;
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      whole |= split(bytes);
    }
    if (!whole) {
      subscription.get().request(1);
    }
  }

  /** Whether a line has ended in it. */
  private boolean split(byte[] bytes) {
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        begun.write(bytes, from, i - from);
        lines.add(Optional.of(begun.toString(StandardCharsets.UTF_8)));
        begun.reset();
        from = i + 1;
      }
    }
    begun.write(bytes, from, bytes.length - from);
    return from > 0;
  }

  @Override
  public void onError(Throwable fault) {
    lines.add(END);
  }

  @Override
  public void onComplete() {
    lines.add(END);
  }

  /** The next line; empty at the stream's end, or when nothing came for so long. */
  Optional<String> next(long patienceMillis) throws InterruptedException {
    Optional<String> line = lines.poll(patienceMillis, TimeUnit.MILLISECONDS);
    if (line == null || line.isEmpty()) {
      return END;
    }
    if (lines.isEmpty()) {
      subscription.get().request(1);
    }
    return line;
  }

  @Override
  public void close() {
    Flow.Subscription to = subscription.get();
    if (to != null) {
      to.cancel();
    }
  }
}
