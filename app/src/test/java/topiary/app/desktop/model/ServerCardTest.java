package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static topiary.app.Samples.channel;
import static topiary.app.Samples.key;
import static topiary.app.Samples.primary;
import static topiary.app.Samples.replica;
import static topiary.app.Samples.set;
import static topiary.app.Samples.topology;
import static topiary.engine.model.ThreadState.RUNNING;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;

class ServerCardTest {

  private static ServerCard card(Topology in, String name) {
    return ServerCard.of(in.instance(key(name)).orElseThrow(), in);
  }

  private static ServerCard heldBack(int delay, long behind) {
    var channel = set(channel("p", RUNNING, RUNNING), GtidUse.SLAVE_POS, false, delay, behind);
    return card(topology(1, primary("p"), replica("r", channel)), "r");
  }

  @Test
  void whatAReplicaIsHeldBackOnPurposeIsNoLateness() {
    assertEquals(Mood.LATE, heldBack(0, 60).mood());
    assertEquals("60 s behind", heldBack(0, 60).state());
    assertEquals(Mood.WELL, heldBack(3600, 3600).mood());
    assertEquals(Mood.LATE, heldBack(3600, 3660).mood());
    assertEquals("60 s behind", heldBack(3600, 3660).state());
  }

  @Test
  void thatADetachedReplicaCannotConnectIsNoError() {
    Channel c = channel("p", ThreadState.CONNECTING, RUNNING);
    var apart =
        new Channel(
            c.name(),
            c.source(),
            c.user(),
            c.gtid(),
            c.io(),
            c.sql(),
            false,
            false,
            0,
            c.progress(),
            new ReplicationError(2005, "Unknown server host '//p'"),
            ReplicationError.NONE,
            new Channel.Setup("", new TreeMap<>(), Channel.Encryption.NONE, true));
    ServerCard card = card(topology(1, primary("p"), replica("r", apart)), "r");
    assertEquals(Mood.DETACHED, card.mood());
    assertEquals("detached", card.state());
    assertEquals("", card.problem());
  }

  @Test
  void twoThatReplicateFromEachOtherAreCoPrimaries() {
    Topology pair = topology(1, replica("p", "q"), replica("q", "p"), replica("r", "q"));
    assertEquals("co-primary", card(pair, "p").role());
    assertEquals("co-primary", card(pair, "q").role());
    assertEquals("replica", card(pair, "r").role());
    Topology ring = topology(1, replica("a", "c"), replica("b", "a"), replica("c", "b"));
    assertEquals("member of a ring", card(ring, "a").role());
  }
}
