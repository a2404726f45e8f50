package topiary.app.legacy;

import java.util.List;
import java.util.Optional;
import topiary.app.json.Sql;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Questions;
import topiary.engine.probe.ErrantLogs;

/** What is asked of trees without changing them. */
final class QuestionAnswers {

  private final Fleetview fleet;
  private final DeedAnswers deeds;

  QuestionAnswers(Fleetview fleet, DeedAnswers deeds) {
    this.fleet = fleet;
    this.deeds = deeds;
  }

  /** The rules alone; a rule that says no is an error, as orchestrator has it. */
  Answer canReplicateFrom(Call call) throws Trouble {
    InstanceKey key = deeds.server(call);
    InstanceKey below = deeds.below(call);
    try {
      Optional<String> against = Questions.cannotReplicate(fleet.topology(), key, below);
      if (against.isPresent()) {
        throw new Trouble(against.get());
      }
      return Answer.ok("true", Json.key(below));
    } catch (Questions.Unanswerable e) {
      throw new Trouble(e.getMessage(), e);
    }
  }

  /** The names of the logs; an error when some of the transactions are in none any more. */
  Answer locateErrant(Call call) throws Trouble, RequestRefused {
    InstanceKey key = deeds.server(call);
    ErrantLogs found = fleet.errantLogs(key);
    if (!found.purged().isEmpty()) {
      throw new Trouble(
          Text.of(key) + " has purged the logs of errant transactions: " + found.purged());
    }
    List<String> files = found.logs().stream().map(ErrantLogs.Log::file).toList();
    return Answer.ok("located errant GTID", files);
  }

  Answer statements(Call call) throws Trouble {
    InstanceKey key = deeds.server(call);
    String injected = call.query().getOrDefault("q", "");
    try {
      Topology topology = fleet.topology();
      List<String> statements = Sql.around(Questions.restart(topology, key), injected, topology);
      return Answer.ok("statements for: " + Text.of(key), statements);
    } catch (Questions.Unanswerable e) {
      throw new Trouble(e.getMessage(), e);
    }
  }
}
