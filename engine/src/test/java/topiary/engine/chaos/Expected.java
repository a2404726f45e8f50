package topiary.engine.chaos;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;
import topiary.engine.port.PlanJournal;

/** What an operation that was carried out to its end leaves behind: that, and nothing else. */
final class Expected {

  private Expected() {}

  /** How everybody stands after a plan was carried out, of how everybody stood before. */
  static Map<InstanceKey, Stand.Shape> after(
      Plan plan, Map<InstanceKey, Stand.Shape> before, PlanJournal journal) {
    var after = new HashMap<>(before);
    plan.stages().stream()
        .flatMap(stage -> stage.steps().stream())
        .forEach(step -> after.computeIfPresent(step.target(), (k, shape) -> moved(shape, step)));
    told(plan.intent(), after, journal);
    return after;
  }

  private static Stand.Shape moved(Stand.Shape shape, Step step) {
    String channel = channel(step);
    if (!shape.others().containsKey(channel)) {
      return done(shape, step);
    }
    return shape.with(
        channel,
        step instanceof Step.ForgetSource
            ? Optional.empty()
            : Optional.of(done(shape.others().get(channel), step)));
  }

  /** The channel that a step changes. */
  private static String channel(Step step) {
    return switch (step) {
      case Step.PointAt s -> s.channel();
      case Step.PointAtFile s -> s.channel();
      case Step.PointAtPlace s -> s.channel();
      case Step.Detach s -> s.channel();
      case Step.DetachAtFile s -> s.channel();
      case Step.Attach s -> s.channel();
      case Step.ForgetSource s -> s.channel();
      case Step.SetDelay s -> s.channel();
      default -> "";
    };
  }

  private static Stand.Shape done(Stand.Shape shape, Step step) {
    return switch (step) {
      case Step.PointAt s -> shape.below(s.source()).using(s.gtid());
      case Step.PointAtFile s -> shape.below(s.source()).using(GtidUse.NONE);
      case Step.PointAtPlace s -> shape.below(s.source()).using(GtidUse.NONE);
      case Step.Follow s -> shape.below(s.source()).using(s.gtid()).running(true, true);
      case Step.FollowAtFile s -> shape.below(s.source()).using(GtidUse.NONE).running(true, true);
      case Step.Detach s -> shape.detachedFrom(s.source());
      case Step.DetachAtFile s -> shape.detachedFrom(s.source());
      case Step.Attach s -> shape.below(s.source());
      case Step.ForgetSource s -> shape.head();
      case Step.SetDelay s -> shape.delayed(s.seconds());
      case Step.SetReadOnly s -> shape.readOnly(s.readOnly());
      case Step.QuietDown s -> shape.readOnly(true);
      default -> shape;
    };
  }

  /** Threads are started and stopped for good only by who says so. */
  private static void told(
      Intent intent, Map<InstanceKey, Stand.Shape> after, PlanJournal journal) {
    told(intent, "", after, journal);
  }

  private static void told(
      Intent intent, String channel, Map<InstanceKey, Stand.Shape> after, PlanJournal journal) {
    switch (intent) {
      case Intent.StartReplication i -> threads(after, i.replica(), channel, i.threads(), true);
      case Intent.StopReplication i -> threads(after, i.replica(), channel, i.threads(), false);
      case Intent.OnServer i when i.doing() instanceof Doing.StopNicely ->
          threads(after, i.server(), channel, Threads.BOTH, false);
      // What it had failed at was all that held it up.
      case Intent.OnServer i when i.doing() instanceof Doing.SkipTransaction ->
          threads(after, i.server(), channel, Threads.SQL, true);
      case Intent.OnChannel i -> told(i.wanted(), i.channel(), after, journal);
      case Intent.Undo i ->
          told(journal.plan(i.plan()).orElseThrow().plan().undoing().inverse(), after, journal);
      default -> {
        // Threads that run are to run again, and those that stand still stay.
      }
    }
  }

  private static void threads(
      Map<InstanceKey, Stand.Shape> after,
      InstanceKey key,
      String channel,
      Threads threads,
      boolean run) {
    after.computeIfPresent(
        key,
        (k, shape) -> {
          Stand.Shape other = shape.others().get(channel);
          return other == null
              ? threads(shape, threads, run)
              : shape.with(channel, Optional.of(threads(other, threads, run)));
        });
  }

  private static Stand.Shape threads(Stand.Shape shape, Threads threads, boolean run) {
    return shape.running(
        threads == Threads.SQL ? shape.receives() : run,
        threads == Threads.IO ? shape.applies() : run);
  }

  /** Whether a plan is about a server's threads, and may have come half-way with them. */
  static boolean isOfThreads(Plan plan, InstanceKey key) {
    return Stream.of(plan.intent(), plan.undoing().inverse())
        .map(i -> i instanceof Intent.OnChannel one ? one.wanted() : i)
        .anyMatch(
            i ->
                i instanceof Intent.StopReplication s && s.replica().equals(key)
                    || i instanceof Intent.StartReplication b && b.replica().equals(key));
  }
}
