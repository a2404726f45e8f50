package topiary.app.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.store.StoreException;

class BoundaryTest {

  @Test
  void thatTheStoreCannotBeReadIsToldInItsOwnWords() {
    var trouble = new StoreException(StoreException.Kind.CORRUPT, "topiary.db is damaged");
    assertEquals(
        "503 {\"error\":{\"code\":\"broken\",\"message\":\"topiary.db is damaged\"}}",
        answer(
            request -> {
              throw trouble;
            }));
  }

  @Test
  void aFaultOfOursIsToldAsOneWithoutItsWords() {
    String fault =
        "500 {\"error\":{\"code\":\"fault\",\"message\":\"this is a fault of Topiary; the node's"
            + " log has the details\"}}";
    assertEquals(
        fault,
        answer(
            request -> {
              throw new IllegalStateException("inside");
            }));
    assertEquals(
        fault,
        answer(
            request -> {
              throw new StackOverflowError("inside");
            }));
  }

  private static String answer(Handler handler) {
    var request = new Request("GET", List.of("x"), Map.of(), Map.of(), new byte[0]);
    var reply = (Reply.Whole) new Boundary(handler).handle(request);
    return reply.status() + " " + new String(reply.bytes(), StandardCharsets.UTF_8);
  }
}
