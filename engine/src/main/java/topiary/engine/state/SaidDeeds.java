package topiary.engine.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.said.Span;

/** What people say by commands, for people who read the audit. Pure. */
final class SaidDeeds {

  private SaidDeeds() {}

  static String words(Command.Saying saying) {
    return switch (saying) {
      case Command.SetPromotion c ->
          "promote " + c.server() + ": " + c.rule().word() + ", for " + span(c.span());
      case Command.BeginDowntime c ->
          "downtime of "
              + c.server()
              + " for "
              + span(c.span())
              + ", by "
              + c.owner()
              + because(c.reason());
      case Command.EndDowntime c -> "end the downtime of " + c.server();
      case Command.BeginMaintenance c ->
          "maintenance of "
              + c.server()
              + " for "
              + span(c.span())
              + ", by "
              + c.owner()
              + because(c.reason());
      case Command.EndMaintenance c -> "end the maintenance of " + c.server();
      case Command.EndMaintenanceById c -> "end maintenance " + c.id();
      case Command.PutTag c -> "tag " + c.server() + ": " + tag(c.name(), c.value());
      case Command.DropTag c ->
          "untag " + c.server() + ": " + c.value().map(v -> tag(c.name(), v)).orElse(c.name());
      case Command.DropTags c -> "untag every server: " + tag(c.name(), c.value());
      case Command.SetPool c ->
          "pool "
              + c.pool()
              + (c.servers().isEmpty()
                  ? " is no more"
                  : " consists of " + list(c.servers()) + ", for " + span(c.span()));
      case Command.SetClusterAlias c ->
          "cluster "
              + c.cluster()
              + c.alias().map(" is called "::concat).orElse(" goes by no alias any more");
      case Command.SetClusterDomain c ->
          "cluster "
              + c.cluster()
              + c.domain().map(" has the domain "::concat).orElse(" has no domain any more");
      case Command.BeginFreeze c ->
          "freeze cluster "
              + c.cluster()
              + c.from().map(at -> " from " + at).orElse("")
              + " for "
              + span(c.span())
              + ", by "
              + c.owner()
              + because(c.reason());
      case Command.EndFreeze c -> "freeze cluster " + c.cluster() + " no more";
      case Command.SetJudgementRule c ->
          (RecoveryRule.named(c.name()).isPresent() ? "recover " : "judge ")
              + c.cluster().map(id -> "cluster " + id).orElse("all clusters")
              + ": "
              + c.name()
              + c.value().map(v -> "=" + v).orElse(" as shipped");
      case Command.SetAttribute c ->
          c.value().isEmpty()
              ? "no attribute of host " + c.host() + " any more: " + c.name()
              : "attribute of host " + c.host() + ": " + tag(c.name(), c.value());
      case Command.ForgetEnded c -> "forget what had ended by " + c.moment();
    };
  }

  private static String span(Duration span) {
    return Span.text(span);
  }

  private static String because(String reason) {
    return reason.isBlank() ? "" : ": " + reason;
  }

  private static String tag(String name, String value) {
    return value.isEmpty() ? name : name + "=" + value;
  }

  private static String list(List<InstanceKey> servers) {
    return String.join(", ", servers.stream().map(InstanceKey::toString).toList());
  }

  /** Whom it is about: servers and clusters. */
  static List<Object> about(Command.Saying saying) {
    return switch (saying) {
      case Command.SetPool c -> List.copyOf(c.servers());
      case Command.SetClusterAlias c -> List.of(c.cluster());
      case Command.SetClusterDomain c -> List.of(c.cluster());
      case Command.BeginFreeze c -> List.of(c.cluster());
      case Command.EndFreeze c -> List.of(c.cluster());
      case Command.SetJudgementRule c -> List.copyOf(c.cluster().stream().toList());
      default -> List.copyOf(server(saying).stream().toList());
    };
  }

  static Optional<InstanceKey> server(Command.Saying saying) {
    return switch (saying) {
      case Command.SetPromotion c -> Optional.of(c.server());
      case Command.BeginDowntime c -> Optional.of(c.server());
      case Command.EndDowntime c -> Optional.of(c.server());
      case Command.BeginMaintenance c -> Optional.of(c.server());
      case Command.EndMaintenance c -> Optional.of(c.server());
      case Command.PutTag c -> Optional.of(c.server());
      case Command.DropTag c -> Optional.of(c.server());
      case Command.EndMaintenanceById c -> Optional.empty();
      case Command.DropTags c -> Optional.empty();
      case Command.SetPool c -> c.servers().stream().findFirst();
      case Command.SetClusterAlias c -> Optional.empty();
      case Command.SetClusterDomain c -> Optional.empty();
      case Command.BeginFreeze c -> Optional.empty();
      case Command.EndFreeze c -> Optional.empty();
      case Command.SetJudgementRule c -> Optional.empty();
      case Command.SetAttribute c -> Optional.empty();
      case Command.ForgetEnded c -> Optional.empty();
    };
  }
}
