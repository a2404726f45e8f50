package topiary.app.desktop.model;

import java.util.Optional;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;

/** The ways in which a replica that is moved can find its place, where that can be chosen. */
public final class Ways {

  private Ways() {}

  /** The way of a move; empty for an intent that has none. */
  static Optional<Way> of(Intent intent) {
    return switch (intent) {
      case Intent.Relocate i -> Optional.of(Way.AUTO);
      case Intent.RelocateBy(_, var way) -> Optional.of(way);
      case Intent.InTree(_, Reshaping.Replicas r) -> Optional.of(Way.AUTO);
      case Intent.InTree(_, Reshaping.ReplicasBy(_, var way)) -> Optional.of(way);
      default -> Optional.empty();
    };
  }

  /** The same move by another way; what is no such move stays as it is. */
  static Intent by(Intent intent, Way way) {
    return switch (intent) {
      case Intent.Relocate move -> move(move, way);
      case Intent.RelocateBy(var move, _) -> move(move, way);
      case Intent.InTree(var server, Reshaping.Replicas some) ->
          new Intent.InTree(server, replicas(some, way));
      case Intent.InTree(var server, Reshaping.ReplicasBy(var some, _)) ->
          new Intent.InTree(server, replicas(some, way));
      default -> intent;
    };
  }

  private static Intent move(Intent.Relocate move, Way way) {
    return way == Way.AUTO ? move : new Intent.RelocateBy(move, way);
  }

  private static Reshaping replicas(Reshaping.Replicas some, Way way) {
    return way == Way.AUTO ? some : new Reshaping.ReplicasBy(some, way);
  }

  /** What a way is called where it is chosen. */
  public static String name(Way way) {
    return switch (way) {
      case AUTO -> "As now";
      case GTID -> "GTID";
      case FILE -> "File and position";
    };
  }

  /** What a way means. */
  public static String meaning(Way way) {
    return switch (way) {
      case AUTO -> "Each replica finds its place at its new source as it does now";
      case GTID -> "By GTID, which a replica uses from then on";
      case FILE -> "By file and position; refused for a replica that uses GTID";
    };
  }
}
