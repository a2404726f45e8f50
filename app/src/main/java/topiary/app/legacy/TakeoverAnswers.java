package topiary.app.legacy;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.planner.Successors;

/** Another takes the place of a primary on request, in orchestrator's form. */
final class TakeoverAnswers {

  private final Fleetview fleet;
  private final Supplier<Picture> now;
  private final RecoveryAnswers recoveries;

  TakeoverAnswers(Fleetview fleet, Supplier<Picture> now, RecoveryAnswers recoveries) {
    this.fleet = fleet;
    this.now = now;
    this.recoveries = recoveries;
  }

  /** Who is not named must be the only one. */
  Answer graceful(Call call) throws Trouble, InterruptedException {
    InstanceKey primary = primary(call);
    List<InstanceKey> replicas = fleet.topology().replicasOf(primary);
    Optional<InstanceKey> designated = designated(call);
    if (designated.isEmpty() && replicas.size() > 1) {
      throw new Trouble(
          "When no target instance indicated, master "
              + Text.of(primary)
              + " should only have one replica (making the takeover safe and simple), but has "
              + replicas.size()
              + ". Aborting");
    }
    return takeOver(primary, designated.or(() -> replicas.stream().findFirst()), "graceful", call);
  }

  /** Who is not named is whoever suits best. */
  Answer automatic(Call call) throws Trouble, InterruptedException {
    InstanceKey primary = primary(call);
    return takeOver(
        primary,
        designated(call)
            .or(
                () ->
                    Successors.of(fleet.world(), primary).ranked().stream()
                        .filter(fleet.topology().replicasOf(primary)::contains)
                        .findFirst()),
        "graceful",
        call);
  }

  private Answer takeOver(
      InstanceKey primary, Optional<InstanceKey> successor, String kind, Call call)
      throws InterruptedException {
    if (successor.isEmpty()) {
      return Answer.error("No replica of " + Text.of(primary) + " could take its place", null);
    }
    try {
      Optional<RecoveryBook.Entry> entry = fleet.takeOver(successor.get(), primary, call.by());
      return answer(entry, kind + "-master-takeover: successor promoted");
    } catch (RequestRefused e) {
      return Answer.error(e.getMessage(), null);
    }
  }

  Answer forcedFailover(Call call) throws Trouble, InterruptedException {
    return forced(call, Optional.empty(), "Master failed over");
  }

  Answer forcedTakeover(Call call) throws Trouble, InterruptedException {
    return forced(call, designated(call), "Topology recovered: designated promoted");
  }

  private Answer forced(Call call, Optional<InstanceKey> designated, String message)
      throws Trouble, InterruptedException {
    try {
      return answer(fleet.failOver(primary(call), designated, call.by()), message);
    } catch (RequestRefused e) {
      return Answer.error(e.getMessage(), null);
    }
  }

  private Answer answer(Optional<RecoveryBook.Entry> entry, String message) {
    Object json = recoveries.json(entry);
    boolean promoted = entry.flatMap(RecoveryAnswers::successor).isPresent();
    String report =
        entry.flatMap(RecoveryBook.Entry::closed).map(c -> c.said().report()).orElse("");
    return promoted ? Answer.ok(message, json) : Answer.error(report, json);
  }

  /** The one primary of the cluster that is meant. */
  private InstanceKey primary(Call call) throws Trouble {
    Picture picture = now.get();
    String host = call.path("host");
    String hint = host.isEmpty() ? call.path("clusterHint") : host + ":" + call.path("port");
    String cluster = Hints.cluster(picture, hint);
    List<InstanceKey> heads =
        picture.clusters().getOrDefault(cluster, List.of()).stream()
            .filter(
                key -> fleet.topology().instance(key).filter(i -> i.source().isEmpty()).isPresent())
            .toList();
    if (heads.size() != 1) {
      throw new Trouble(
          "Cannot deduce cluster master for " + cluster + ". Found " + heads.size() + " potential");
    }
    return heads.getFirst();
  }

  private Optional<InstanceKey> designated(Call call) throws Trouble {
    String host = call.path("designatedHost");
    if (host.isEmpty()) {
      return Optional.empty();
    }
    Picture picture = now.get();
    InstanceKey meant = fleet.real(Hints.server(picture, host, call.path("designatedPort")));
    if (!picture.knows(meant)) {
      throw new Trouble("Cannot read instance: " + Text.of(meant));
    }
    return Optional.of(meant);
  }
}
