package topiary.app.gateway;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The lines of a stream, taken one by one by a reader who does not wait for ever. */
final class EventLines implements Flow.Subscriber<String>, AutoCloseable {

  private static final Optional<String> END = Optional.empty();

  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();

  @Override
  public void onSubscribe(Flow.Subscription to) {
    subscription.set(to);
    to.request(1);
  }

  @Override
  public void onNext(String line) {
    lines.add(Optional.of(line));
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
    subscription.get().request(1);
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
