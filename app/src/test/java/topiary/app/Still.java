package topiary.app;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import topiary.engine.intent.PlanId;
import topiary.engine.port.Clock;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.Scheduler;
import topiary.engine.said.Attribute;

/** A manager's surroundings in which time stands still and nothing was done. */
public final class Still {

  /** Runs every task where it is started, and never polls. */
  public static final Scheduler AT_ONCE =
      new Scheduler() {
        @Override
        public boolean start(String name, Runnable task) {
          task.run();
          return true;
        }

        @Override
        public Runnable after(Duration delay, Runnable task) {
          return () -> {};
        }

        @Override
        public boolean keep(String name, Runnable loop) {
          return false;
        }

        @Override
        public void every(Duration interval, String name, Runnable task) {}
      };

  /** Without plans or attributes. */
  public static final PlanJournal NO_PLANS = journal(List.of());

  private Still() {}

  /** A clock that stands at a moment; who waits for it to go fails. */
  public static Clock clock(Instant moment) {
    return new Clock() {
      @Override
      public Instant now() {
        return moment;
      }

      @Override
      public long nanos() {
        return 0;
      }

      @Override
      public void pause(Duration duration) {
        throw new IllegalStateException("nobody waits here");
      }
    };
  }

  /** Without plans, with whatever attributes are in a list at the time. */
  public static PlanJournal journal(List<Attribute> attributes) {
    return new PlanJournal() {
      @Override
      public Optional<PlanRecord> plan(PlanId id) {
        return Optional.empty();
      }

      @Override
      public List<PlanRecord> latest(int limit) {
        return List.of();
      }

      @Override
      public List<Attribute> attributes(Optional<String> name) {
        return attributes.stream()
            .filter(a -> name.isEmpty() || name.get().equals(a.name()))
            .toList();
      }
    };
  }
}
