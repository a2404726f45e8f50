package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import topiary.app.Still;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.port.ServerTrouble;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/** A real manager, of one server that is down. */
class ManagerFleetTest {

  private static final InstanceKey DOWN = new InstanceKey("down.example", 3306);
  private static final By ANN = new By("ann", "test");

  private final MemoryLog log = new MemoryLog();
  private final Manager manager = managerOfADeadServer();
  private final LegacyApi api =
      new LegacyApi(
          manager,
          new LegacyNode("node1", "t", "0.1.0", "sqlite", Samples.NOW, Optional::empty),
          () -> Samples.NOW,
          Runnable::run);

  @Test
  void discoveringADeadServerIsAnErrorAndTakesNobodyIn() {
    Map<?, ?> envelope = get("discover", DOWN.host(), "3306");
    assertEquals("ERROR", envelope.get("Code"));
    assertEquals("nobody listens there", envelope.get("Message"));
    assertTrue(log.state().instances().isEmpty());
  }

  @Test
  void refreshingLooksAgainAndTakesNobodyIn() {
    know(DOWN);
    assertEquals(Optional.empty(), manager.topology().instance(DOWN).orElseThrow().lastAttempt());
    Map<?, ?> envelope = get("refresh", DOWN.host(), "3306");
    assertEquals("down.example:3306 is unreachable: nobody listens there", envelope.get("Message"));
    assertEquals(
        Optional.of(Samples.NOW), manager.topology().instance(DOWN).orElseThrow().lastAttempt());
    assertEquals(1, log.state().instances().size());
  }

  @Test
  void deedsOnADeadServerAreRefused() {
    know(DOWN);
    assertEquals(
        "down.example:3306 is unreachable: nobody listens there",
        get("stop-replica", DOWN.host(), "3306").get("Message"));
  }

  @Test
  void forgetsAndSaysSoWhenThereIsNothingToForget() {
    know(DOWN);
    assertEquals("OK", get("forget", DOWN.host(), "3306").get("Code"));
    assertTrue(log.state().instances().isEmpty());
    assertEquals(
        "down.example:3306 is not known", get("forget", DOWN.host(), "3306").get("Message"));
  }

  @Test
  void recoveringWhoHasNoReplicasIsNotAttempted() {
    know(DOWN);
    Map<?, ?> envelope = get("recover", DOWN.host(), "3306");
    assertEquals("ERROR", envelope.get("Code"));
    assertEquals(
        "Recovery not attempted: down.example:3306 has no replicas: nobody could take its place",
        envelope.get("Message"));
    assertEquals(Json.key(DOWN), envelope.get("Details"));
  }

  @Test
  void theGlobalSwitchIsInTheLog() {
    manager.start();
    assertEquals("disabled", get("disable-global-recoveries").get("Details"));
    assertTrue(log.state().recoveries().halted());
    assertEquals("disabled", get("check-global-recoveries").get("Details"));
  }

  @Test
  void isHealthy() {
    assertEquals("OK", get("health").get("Code"));
  }

  private void know(InstanceKey key) {
    var command = new Command.RegisterInstance(key, new ClusterId("c000000000001"));
    var header = new Header(new UUID(0, 1), "ann", "test", Samples.NOW, Header.LEVEL);
    log.submit(new Entry(header, command)).join();
    manager.start();
  }

  private Map<?, ?> get(String... segments) {
    return (Map<?, ?>) api.answer(List.of(segments), Map.of(), Map.of(), ANN).orElseThrow().body();
  }

  private Manager managerOfADeadServer() {
    return new Manager(
        new Ports(
            (key, deadline) -> {
              throw new ServerTrouble(Condition.UNREACHABLE, 0, "nobody listens there", null);
            },
            log,
            Still.NO_PLANS,
            Still.clock(Samples.NOW),
            Still.AT_ONCE,
            (topology, touched) -> {},
            UUID::randomUUID),
        Policies.DEFAULT);
  }

  private static final class MemoryLog implements CommandLog {

    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private ManagerState state = ManagerState.EMPTY;

    @Override
    public CompletableFuture<Verdict> submit(Entry entry) {
      ManagerState.Applied applied = state.apply(entry);
      state = applied.state();
      followers.forEach(f -> f.applied(state));
      return CompletableFuture.completedFuture(applied.verdict());
    }

    @Override
    public ManagerState state() {
      return state;
    }

    @Override
    public Leadership leadership() {
      return Leadership.ALONE;
    }

    @Override
    public CompletableFuture<Void> confirm(long term) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void follow(Follower follower) {
      followers.add(follower);
    }
  }
}
