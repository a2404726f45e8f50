package topiary.app.json;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.RecoveryBook.Said;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.PlanJournal.PlanRecord;
import topiary.engine.port.PlanJournal.StepRecord;
import topiary.engine.recovery.FormerPrimary;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.Command;
import topiary.engine.state.Recoveries;

/** Recoveries as JSON. */
public final class RecoveryJson {

  private RecoveryJson() {}

  /** A recovery; what was done for it only where that was looked up. */
  public static Map<String, Object> recovery(RecoveryBook.Entry entry) {
    return recovery(entry, Optional.empty());
  }

  /**
   * The same.
   *
   * @param former the one whose place was taken, when it is back
   */
  public static Map<String, Object> recovery(
      RecoveryBook.Entry entry, Optional<FormerPrimary> former) {
    Command.OpenRecovery open = entry.opened().said();
    var json = new LinkedHashMap<String, Object>();
    json.put("id", open.id().text());
    json.put("cluster", open.cluster().text());
    json.put("failed", open.failed().toString());
    json.put("kind", open.kind().name());
    json.put("code", open.code());
    json.put("forced", open.forced());
    json.put("actor", entry.opened().actor());
    json.put("opened", entry.opened().at().toString());
    json.put("replicas", open.replicas().stream().map(InstanceKey::toString).toList());
    json.put("evidence", open.evidence().stream().map(FindingJson::evidence).toList());
    Optional<Said<Command.ChooseSuccessor>> chosen = entry.chosen().stream().reduce((a, b) -> b);
    json.put("successor", chosen.map(c -> c.said().successor().toString()).orElse(null));
    json.put("chosen", chosen.map(c -> c.at().toString()).orElse(null));
    json.put("lost", chosen.map(c -> c.said().lost()).orElse(null));
    json.put("why", chosen.map(c -> c.said().why()).orElse(null));
    json.put("closed", entry.closed().map(c -> c.at().toString()).orElse(null));
    json.put("end", entry.closed().map(c -> c.said().end().name()).orElse(null));
    json.put("report", entry.closed().map(c -> c.said().report()).orElse(null));
    json.put("former", former.map(FormerPrimary::words).orElse(null));
    json.put("formerOwn", former.flatMap(FormerPrimary::own).orElse(null));
    json.put(
        "acknowledged",
        entry
            .acknowledged()
            .map(
                a ->
                    Map.of(
                        "at", a.at().toString(), "actor", a.actor(), "comment", a.said().comment()))
            .orElse(null));
    json.put("plans", entry.plans().stream().map(RecoveryJson::plan).toList());
    json.put("hooks", entry.hooks().stream().map(RecoveryJson::hook).toList());
    return json;
  }

  private static Map<String, Object> hook(RecoveryBook.HookRun run) {
    Command.BeginHook begun = run.begun().said();
    var json = new LinkedHashMap<String, Object>();
    json.put("list", begun.list().word());
    json.put("number", begun.number());
    json.put("attempt", begun.attempt());
    json.put("begun", run.begun().at().toString());
    json.put("ended", run.ended().map(e -> e.at().toString()).orElse(null));
    json.put("failure", run.ended().flatMap(e -> e.said().failure()).orElse(null));
    json.put("output", run.ended().map(e -> e.said().output()).orElse(null));
    return json;
  }

  private static Map<String, Object> plan(PlanRecord plan) {
    var json = new LinkedHashMap<String, Object>();
    json.put("id", plan.id().text());
    json.put("words", plan.plan().intent().words());
    json.put("opened", plan.opened().toString());
    json.put("closed", plan.closed().map(Instant::toString).orElse(null));
    json.put("end", plan.end().map(Enum::name).orElse(null));
    json.put("report", plan.report());
    json.put("steps", plan.steps().stream().map(RecoveryJson::step).toList());
    return json;
  }

  private static Map<String, Object> step(StepRecord step) {
    var json = new LinkedHashMap<String, Object>();
    json.put("number", step.number());
    json.put("instance", step.step().target().toString());
    json.put("words", step.step().words());
    json.put("begun", step.begun().toString());
    json.put("ended", step.ended().map(Instant::toString).orElse(null));
    json.put("failure", step.failure().orElse(null));
    return json;
  }

  /** Where recoveries begin by themselves. */
  public static Map<String, Object> switches(Recoveries now) {
    var json = new LinkedHashMap<String, Object>();
    json.put("halted", now.halted());
    json.put("everywhere", which(now.everywhere()));
    var clusters = new LinkedHashMap<String, Object>();
    now.automatic().forEach((id, which) -> clusters.put(id.text(), which(which)));
    json.put("clusters", clusters);
    return json;
  }

  private static Map<String, Object> which(AutoRecovery which) {
    return Map.of("primary", which.primary(), "intermediate", which.intermediate());
  }
}
