package topiary.app.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.manager.RequestRefused;
import topiary.engine.port.Audit;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

class AuditKeeperTest {

  private static final Duration KEPT = Duration.ofDays(30);

  private boolean leads = true;
  private Optional<Instant> oldest = Optional.empty();
  private boolean refused;
  private final List<Instant> cut = new ArrayList<>();

  private final AuditKeeper keeper =
      new AuditKeeper(
          new OnlyOldest(),
          new OnlyLeadership(),
          (before, by) -> {
            cut.add(before);
            if (refused) {
              throw new RequestRefused(RequestRefused.Kind.REFUSED, "not now");
            }
          },
          KEPT,
          InstantSource.fixed(Samples.NOW));

  @Test
  void aDayAndMoreIsCutOffAtOnceByWhoLeads() {
    keeper.look();
    oldest = Optional.of(Samples.NOW.minus(KEPT).minus(Duration.ofHours(23)));
    keeper.look();
    assertEquals(List.of(), cut);
    oldest = Optional.of(Samples.NOW.minus(KEPT).minus(Duration.ofHours(25)));
    leads = false;
    keeper.look();
    assertEquals(List.of(), cut);
    leads = true;
    refused = true;
    keeper.look();
    keeper.look();
    Instant before = Samples.NOW.minus(KEPT);
    assertEquals(List.of(before, before), cut, "what is refused is tried again");
  }

  private final class OnlyOldest implements Audit {

    @Override
    public Optional<Instant> oldest() {
      return oldest;
    }

    @Override
    public List<Row> rows(Asked asked) {
      throw new AssertionError("all would be too much");
    }

    @Override
    public Head head() {
      throw new AssertionError("not asked");
    }

    @Override
    public Verification verify(Optional<String> noted) {
      throw new AssertionError("not asked");
    }
  }

  private final class OnlyLeadership implements CommandLog {

    @Override
    public Leadership leadership() {
      return new Leadership(leads, 1, Optional.empty());
    }

    @Override
    public CompletableFuture<Verdict> submit(Entry entry) {
      throw new AssertionError("not asked");
    }

    @Override
    public ManagerState state() {
      throw new AssertionError("not asked");
    }

    @Override
    public CompletableFuture<Void> confirm(long term) {
      throw new AssertionError("not asked");
    }

    @Override
    public void follow(Follower follower) {
      throw new AssertionError("not asked");
    }
  }
}
