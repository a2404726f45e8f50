package topiary.app.v1;

import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.store.StoreException;

/**
 * Where a fault of ours ends, whoever carries requests: it is logged, and told as such. That the
 * journal cannot be read is none.
 */
public final class Boundary implements Handler {

  /** What is said of a fault of ours. */
  private static final String FAULT = "this is a fault of Topiary; the node's log has the details";

  private static final System.Logger LOG = System.getLogger(Boundary.class.getName());

  private final Handler inside;

  public Boundary(Handler inside) {
    this.inside = inside;
  }

  @Override
  public Reply handle(Request request) {
    try {
      return inside.handle(request);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
      return Failure.of(request, 503, "broken", e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.log(
          System.Logger.Level.ERROR,
          request.method() + " /" + String.join("/", request.segments()),
          e);
      return Failure.of(request, 500, "fault", FAULT);
    }
  }
}
