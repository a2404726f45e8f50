package topiary.app.v1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.app.json.Sql;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.Asking;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Operation;
import topiary.engine.gtid.GtidSet;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Questions;
import topiary.engine.probe.ErrantLogs;

/** What is asked of trees, on what was seen last. */
final class AskingAnswers {

  private final Manager manager;

  AskingAnswers(Manager manager) {
    this.manager = manager;
  }

  /** What answers each of its operations. */
  Map<Operation, Operations.Bound> bound() {
    var bound = new LinkedHashMap<Operation, Operations.Bound>();
    bound.put(Asking.CANDIDATE, this::candidate);
    bound.put(Asking.CAN_REPLICATE, (with, by) -> verdict(with, Questions::cannotReplicate));
    bound.put(
        Asking.CAN_REPLICATE_BY_GTID,
        (with, by) -> verdict(with, Questions::cannotReplicateByGtid));
    bound.put(Asking.LOCATE_ERRANT, this::errant);
    bound.put(Asking.STATEMENTS, this::statements);
    return bound;
  }

  private InstanceKey server(Arguments with) throws BadArgument {
    return manager.real(with.instance("instance"));
  }

  private static RequestRefused refused(Questions.Unanswerable why) {
    return new RequestRefused(RequestRefused.Kind.REFUSED, why.getMessage(), why);
  }

  private Answer candidate(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    try {
      Questions.Choice choice = Questions.candidate(manager.topology(), server);
      var json = new LinkedHashMap<String, Object>();
      json.put("instance", server.toString());
      json.put("best", choice.best().map(InstanceKey::toString).orElse(null));
      json.put(
          "others",
          choice.whyNot().entrySet().stream()
              .map(
                  e -> {
                    var other = new LinkedHashMap<String, Object>();
                    other.put("instance", e.getKey().toString());
                    other.put("why", e.getValue());
                    return other;
                  })
              .toList());
      return Answer.ok(
          json,
          ink ->
              choice.best().map(best -> best + "\n").orElse("none can serve another\n")
                  + choice.whyNot().values().stream()
                      .map(why -> "  not: " + why + "\n")
                      .collect(Collectors.joining()));
    } catch (Questions.Unanswerable e) {
      throw refused(e);
    }
  }

  private interface Rule {
    Optional<String> against(Topology topology, InstanceKey replica, InstanceKey source)
        throws Questions.Unanswerable;
  }

  private Answer verdict(Arguments with, Rule rule) throws BadArgument, RequestRefused {
    InstanceKey replica = server(with);
    InstanceKey source = manager.real(with.instance("below"));
    try {
      Optional<String> against = rule.against(manager.topology(), replica, source);
      var json = new LinkedHashMap<String, Object>();
      json.put("instance", replica.toString());
      json.put("below", source.toString());
      json.put("can", against.isEmpty());
      json.put("why", against.orElse(null));
      return Answer.ok(json, ink -> against.map(why -> "no: " + why).orElse("yes") + "\n");
    } catch (Questions.Unanswerable e) {
      throw refused(e);
    }
  }

  private Answer errant(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    ErrantLogs found = manager.errantLogs(server);
    GtidSet purged = found.purged();
    var json = new LinkedHashMap<String, Object>();
    json.put("instance", server.toString());
    json.put(
        "logs",
        found.logs().stream()
            .map(
                log -> {
                  var one = new LinkedHashMap<String, Object>();
                  one.put("file", log.file());
                  one.put("gtids", log.holds().toString());
                  return one;
                })
            .toList());
    json.put("purged", purged.toString());
    return Answer.ok(
        json,
        ink ->
            found.logs().stream()
                    .map(log -> log.file() + "  " + log.holds() + "\n")
                    .collect(Collectors.joining())
                + (purged.isEmpty() ? "" : "in no log any more: " + purged + "\n"));
  }

  private Answer statements(Arguments with, By by) throws BadArgument, RequestRefused {
    InstanceKey server = server(with);
    try {
      Topology topology = manager.topology();
      List<String> statements =
          Sql.around(
              Questions.restart(topology, server), with.text("statement").orElse(""), topology);
      var json = new LinkedHashMap<String, Object>();
      json.put("instance", server.toString());
      json.put("statements", statements);
      return Answer.ok(
          json, ink -> statements.stream().map(s -> s + "\n").collect(Collectors.joining()));
    } catch (Questions.Unanswerable e) {
      throw refused(e);
    }
  }
}
