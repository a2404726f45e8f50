package topiary.app.gateway;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.v1.Boundary;
import topiary.app.v1.EventHub;
import topiary.engine.analysis.Found;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.said.OfServer;

/** A node in this program: no port, no HTTP; what is seen is handed over as it is. */
public final class LocalGateway extends ApiGateway {

  private final Handler api;
  private final EventHub events;
  private final Supplier<Optional<String>> trouble;
  private final Executor background;
  private final InstantSource clock;
  private final Runnable end;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A way to a node in this program.
   *
   * @param api what is below {@code /api/v1}
   * @param trouble why the node cannot go on, or not for now; empty while it can
   * @param background runs what waits
   * @param end ends the node
   */
  public LocalGateway(
      Handler api,
      EventHub events,
      Supplier<Optional<String>> trouble,
      Executor background,
      InstantSource clock,
      Runnable end) {
    this.api = new Boundary(api);
    this.events = events;
    this.trouble = trouble;
    this.background = background;
    this.clock = clock;
    this.end = end;
  }

  @Override
  public String address() {
    return "this computer";
  }

  @Override
  public boolean here() {
    return true;
  }

  @Override
  public void listen(Consumer<Seen> listener) {
    background.execute(
        () -> {
          try {
            events.follow(new Telling(listener));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Tells one listener, as long as there is more to be told. */
  private final class Telling implements EventHub.Listener {
    private final Consumer<Seen> listener;
    private Map<InstanceKey, Found> last = Map.of();
    private Map<InstanceKey, List<FindingView>> views = Map.of();

    Telling(Consumer<Seen> listener) {
      this.listener = listener;
    }

    @Override
    public boolean takes(
        Topology topology,
        Map<InstanceKey, ClusterId> clusters,
        Map<InstanceKey, OfServer> said,
        Map<InstanceKey, Found> found) {
      if (closed.get()) {
        return false;
      }
      if (found != last) {
        last = found;
        views = Map.copyOf(FindingView.of(found));
      }
      var seen =
          new Seen(
              topology, clusters, said, views, Seen.Link.LIVE, Optional.of(clock.instant()), "");
      Optional<String> why = trouble.get();
      listener.accept(why.map(seen::lost).orElse(seen));
      return true;
    }
  }

  @Override
  Reply.Whole carry(Request request) throws GatewayException {
    if (closed.get()) {
      throw new GatewayException(
          "the node in this program has ended", GatewayException.Kind.UNREACHABLE, null);
    }
    return (Reply.Whole) api.handle(request);
  }

  @Override
  public Optional<NodesSeen> nodes() {
    return Optional.empty();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      end.run();
    }
  }
}
