package topiary.app.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import topiary.app.face.Reply;
import topiary.app.face.Request;

/** The way to the node that leads. */
public interface LeaderLink {

  /**
   * Whether the other node sees by this link that a node asks, so that it believes on whose behalf
   * it does; else whoever asked has to show the other node themselves who they are.
   */
  boolean shown();

  /**
   * Asks the node, and waits for the whole answer.
   *
   * @param node its address, without {@code /api}
   * @param request what is asked; of its headers those that are not this connection's own go along
   * @param headers further ones
   * @throws Failed when there is no answer; it says whether the request may have arrived
   */
  Reply.Whole ask(URI node, Request request, Map<String, String> headers)
      throws Failed, InterruptedException;

  /** There is no answer; the message says why, without a full stop. */
  final class Failed extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean sent;

    /**
     * Why.
     *
     * @param sent whether the request may have arrived
     */
    public Failed(boolean sent, String why, Throwable cause) {
      super(why, cause);
      this.sent = sent;
    }

    /** Whether the request may have arrived, so that it may have been done. */
    public boolean sent() {
      return sent;
    }
  }
}
