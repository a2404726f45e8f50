package topiary.engine.state;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.said.Downtime;
import topiary.engine.said.Freeze;
import topiary.engine.said.Maintenance;
import topiary.engine.said.Pool;
import topiary.engine.said.Promotion;
import topiary.engine.said.RuleKey;
import topiary.engine.said.Said;
import topiary.engine.said.TagKey;
import topiary.engine.state.ManagerState.Applied;

/** What comes of what people say. Times count from that of the entry, never from a clock. */
final class Sayings {

  private Sayings() {}

  static Applied apply(ManagerState state, Instant at, Command.Saying saying) {
    Said said = state.said();
    Names names = state.names();
    return switch (saying) {
      case Command.SetPromotion c -> {
        var all = new TreeMap<>(said.promotions());
        all.put(names.real(c.server()), new Promotion(c.rule(), at, end(at, c.span())));
        yield accepted(state, said.promoting(all));
      }
      case Command.BeginDowntime c -> {
        var all = new TreeMap<>(said.downtimes());
        all.put(names.real(c.server()), new Downtime(c.owner(), c.reason(), at, end(at, c.span())));
        yield accepted(state, said.downtimed(all));
      }
      case Command.EndDowntime c -> {
        var all = new TreeMap<>(said.downtimes());
        all.remove(names.real(c.server()));
        yield accepted(state, said.downtimed(all));
      }
      case Command.BeginMaintenance c -> begin(state, at, names.real(c.server()), c);
      case Command.EndMaintenance c -> {
        var all = new TreeMap<>(said.maintenance());
        all.remove(names.real(c.server()));
        yield accepted(state, said.maintaining(all, said.lastMaintenance()));
      }
      case Command.EndMaintenanceById c -> {
        var all = new TreeMap<>(said.maintenance());
        all.values().removeIf(m -> m.id() == c.id());
        yield accepted(state, said.maintaining(all, said.lastMaintenance()));
      }
      case Command.PutTag c -> {
        var all = new TreeMap<>(said.tags());
        all.put(new TagKey(names.real(c.server()), c.name()), c.value());
        yield accepted(state, said.tagging(all));
      }
      case Command.DropTag c -> {
        var all = new TreeMap<>(said.tags());
        var key = new TagKey(names.real(c.server()), c.name());
        if (c.value().isEmpty() || c.value().get().equals(all.get(key))) {
          all.remove(key);
        }
        yield accepted(state, said.tagging(all));
      }
      case Command.DropTags c -> {
        var all = new TreeMap<>(said.tags());
        all.entrySet()
            .removeIf(e -> e.getKey().name().equals(c.name()) && e.getValue().equals(c.value()));
        yield accepted(state, said.tagging(all));
      }
      case Command.SetPool c -> {
        var all = new TreeMap<>(said.pools());
        List<InstanceKey> servers = c.servers().stream().map(names::real).toList();
        if (servers.isEmpty()) {
          all.remove(c.pool());
        } else {
          all.put(c.pool(), new Pool(new TreeSet<>(servers), at, end(at, c.span())));
        }
        yield accepted(state, said.pooling(all));
      }
      case Command.SetClusterAlias c -> call(state, c);
      case Command.SetClusterDomain c -> {
        if (!known(state, c.cluster())) {
          yield unknown(state, c.cluster());
        }
        var all = new TreeMap<>(said.domains());
        c.domain()
            .ifPresentOrElse(domain -> all.put(c.cluster(), domain), () -> all.remove(c.cluster()));
        yield accepted(state, said.calling(said.aliases(), all));
      }
      case Command.BeginFreeze c -> {
        if (!known(state, c.cluster())) {
          yield unknown(state, c.cluster());
        }
        var all = new TreeMap<>(said.freezes());
        Instant from = c.from().orElse(at);
        all.put(c.cluster(), new Freeze(c.owner(), c.reason(), from, end(from, c.span())));
        yield accepted(state, said.freezing(all));
      }
      case Command.EndFreeze c -> {
        var all = new TreeMap<>(said.freezes());
        all.remove(c.cluster());
        yield accepted(state, said.freezing(all));
      }
      case Command.SetJudgementRule c -> {
        if (c.cluster().isPresent() && !known(state, c.cluster().get())) {
          yield unknown(state, c.cluster().get());
        }
        var all = new TreeMap<>(said.rules());
        var key = new RuleKey(c.cluster(), c.name());
        c.value().ifPresentOrElse(value -> all.put(key, value), () -> all.remove(key));
        yield accepted(state, said.ruling(all));
      }
      case Command.SetAttribute c -> accepted(state, said);
      case Command.ForgetEnded c -> accepted(state, said.after(c.moment()));
    };
  }

  private static Applied begin(
      ManagerState state, Instant at, InstanceKey server, Command.BeginMaintenance c) {
    Said said = state.said();
    Optional<Maintenance> other = said.maintenance(server, at);
    if (other.isPresent()) {
      return rejected(state, other.get().words(server) + " already, until " + other.get().until());
    }
    Optional<String> plan =
        state.plans().entrySet().stream()
            .filter(p -> p.getValue().targets().contains(server))
            .filter(p -> !p.getValue().actor().equals(c.owner()))
            .map(
                p ->
                    server
                        + " is in use by plan "
                        + p.getKey()
                        + " of "
                        + p.getValue().actor()
                        + "; try again when it has ended")
            .findFirst();
    if (plan.isPresent()) {
      return rejected(state, plan.get());
    }
    long id = said.lastMaintenance() + 1;
    var all = new TreeMap<>(said.maintenance());
    all.put(server, new Maintenance(id, c.owner(), c.reason(), at, end(at, c.span())));
    return accepted(state, said.maintaining(all, id));
  }

  private static Applied call(ManagerState state, Command.SetClusterAlias c) {
    Said said = state.said();
    if (!known(state, c.cluster())) {
      return unknown(state, c.cluster());
    }
    var all = new TreeMap<>(said.aliases());
    if (c.alias().isEmpty()) {
      all.remove(c.cluster());
      return accepted(state, said.calling(all, said.domains()));
    }
    Optional<ClusterId> other = said.cluster(c.alias().get()).filter(id -> !id.equals(c.cluster()));
    if (other.isPresent()) {
      String members =
          state.instances().entrySet().stream()
              .filter(e -> e.getValue().equals(other.get()))
              .map(e -> e.getKey().toString())
              .limit(1)
              .collect(Collectors.joining());
      return rejected(
          state, "the cluster of " + members + " is called " + c.alias().get() + " already");
    }
    all.put(c.cluster(), c.alias().get());
    return accepted(state, said.calling(all, said.domains()));
  }

  private static boolean known(ManagerState state, ClusterId cluster) {
    return state.instances().containsValue(cluster);
  }

  private static Instant end(Instant at, Duration span) {
    return at.plus(span);
  }

  private static Applied accepted(ManagerState state, Said said) {
    return new Applied(said == state.said() ? state : state.withSaid(said), Verdict.ACCEPTED);
  }

  private static Applied unknown(ManagerState state, ClusterId cluster) {
    return rejected(state, "there is no cluster " + cluster);
  }

  private static Applied rejected(ManagerState state, String reason) {
    return new Applied(state, new Verdict.Rejected(reason));
  }
}
