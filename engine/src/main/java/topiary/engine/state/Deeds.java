package topiary.engine.state;

import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;

/** What commands say, for people who read the audit. Pure. */
public final class Deeds {

  /** What every finding is about, beside its server and cluster. */
  public static final String FINDINGS = "findings";

  /** What every command about recoveries is about, beside its servers and cluster. */
  public static final String RECOVERIES = "recoveries";

  /** What begins the subject of hooks of a detection; a server and how it fails follow. */
  public static final String DETECTION = "detection ";

  private Deeds() {}

  /** What was to be done, in words; whether it was is its verdict. */
  public static String words(Command command) {
    return switch (command) {
      case Command.RegisterInstance c -> "look after " + c.key() + ", in cluster " + c.cluster();
      case Command.RegisterInstances c ->
          "look after "
              + c.servers().stream()
                  .map(one -> one.key() + " in cluster " + one.cluster())
                  .collect(Collectors.joining(", "));
      case Command.AddAlias c -> "take " + c.alias() + " for another name of " + c.server();
      case Command.DropAlias c -> "take " + c.alias() + " for no other name of a server any more";
      case Command.ForgetInstance c -> "look after " + c.key() + " no more";
      case Command.NameHead c -> "name " + c.head() + " the head of cluster " + c.cluster();
      case Command.OpenPlan c -> "begin plan " + c.id() + ": " + c.plan().intent().words();
      case Command.BeginStep c -> step(c.id(), c.number()) + " begins: " + c.step().words();
      case Command.EndStep c ->
          step(c.id(), c.number())
              + c.failure()
                  .map(why -> " failed: " + c.step().words() + ": " + why)
                  .orElseGet(() -> " is done: " + c.step().words());
      case Command.ClosePlan c -> "end plan " + c.id() + ", " + c.end() + ": " + c.report();
      case Command.MarkUndone c -> "plan " + c.id() + " was undone by plan " + c.by();
      case Command.ReleaseHeld c -> c.key() + " replicates again: no plan of ours holds it";
      case Command.AnnounceNode c ->
          "node "
              + c.id()
              + " is \""
              + c.name()
              + "\" at "
              + c.http()
              + ", version "
              + c.version()
              + ", and understands feature level "
              + c.supports();
      case Command.DropNode c -> "node " + c.id() + " is none of this cluster any more";
      case Command.RaiseLevel c -> "raise the feature level to " + c.to();
      case Command.PurgeAudit c -> "cut the audit and the plans off before " + c.before();
      case Command.NoteFinding c ->
          c.subject()
              + c.is().map(is -> " is judged " + is).orElse(" is well again")
              + c.was().map(was -> ", after " + was).orElse("");
      case Command.Recovering c -> RecoveryDeeds.words(c);
      case Command.Saying c -> SaidDeeds.words(c);
    };
  }

  private static String step(PlanId plan, int number) {
    return "plan " + plan + ", step " + number;
  }

  /**
   * Whom it is about: servers, clusters, plans and nodes, each by the text it is written with.
   *
   * @param targets the servers of a plan that is under way
   */
  public static SortedSet<String> about(
      Command command, Function<PlanId, Set<InstanceKey>> targets) {
    var about = new TreeSet<String>();
    switch (command) {
      case Command.RegisterInstance c -> add(about, c.key(), c.cluster());
      case Command.RegisterInstances c ->
          c.servers().forEach(one -> add(about, one.key(), one.cluster()));
      case Command.AddAlias c -> add(about, c.alias(), c.server());
      case Command.DropAlias c -> add(about, c.alias());
      case Command.ForgetInstance c -> add(about, c.key());
      case Command.NameHead c -> add(about, c.head(), c.cluster());
      case Command.OpenPlan c -> {
        add(about, c.id());
        c.plan().targets().forEach(key -> add(about, key));
      }
      case Command.BeginStep c -> add(about, c.id(), c.step().target());
      case Command.EndStep c -> add(about, c.id(), c.step().target());
      case Command.ClosePlan c -> {
        add(about, c.id());
        targets.apply(c.id()).forEach(key -> add(about, key));
      }
      case Command.MarkUndone c -> add(about, c.id(), c.by());
      case Command.ReleaseHeld c -> add(about, c.key());
      case Command.AnnounceNode c -> add(about, c.id());
      case Command.DropNode c -> add(about, c.id());
      case Command.RaiseLevel c -> {}
      case Command.PurgeAudit c -> {}
      case Command.NoteFinding c -> {
        add(about, FINDINGS, c.subject());
        c.cluster().ifPresent(id -> add(about, id));
      }
      case Command.Recovering c -> about.addAll(RecoveryDeeds.about(c));
      case Command.Saying c -> SaidDeeds.about(c).forEach(subject -> add(about, subject));
    }
    return about;
  }

  private static void add(SortedSet<String> about, Object... subjects) {
    for (Object subject : subjects) {
      about.add(
          switch (subject) {
            case ClusterId id -> id.text();
            case PlanId id -> id.text();
            case NodeId id -> id.text();
            default -> subject.toString();
          });
    }
  }

  /** The server that a command is about, the first of several; empty when it is about none. */
  public static Optional<InstanceKey> server(Command command) {
    return switch (command) {
      case Command.RegisterInstance c -> Optional.of(c.key());
      case Command.RegisterInstances c -> Optional.of(c.servers().getFirst().key());
      case Command.AddAlias c -> Optional.of(c.server());
      case Command.DropAlias c -> Optional.of(c.alias());
      case Command.ForgetInstance c -> Optional.of(c.key());
      case Command.NameHead c -> Optional.of(c.head());
      case Command.OpenPlan c -> c.plan().targets().stream().findFirst();
      case Command.BeginStep c -> Optional.of(c.step().target());
      case Command.EndStep c -> Optional.of(c.step().target());
      case Command.ReleaseHeld c -> Optional.of(c.key());
      case Command.ClosePlan c -> Optional.empty();
      case Command.MarkUndone c -> Optional.empty();
      case Command.AnnounceNode c -> Optional.empty();
      case Command.DropNode c -> Optional.empty();
      case Command.RaiseLevel c -> Optional.empty();
      case Command.PurgeAudit c -> Optional.empty();
      case Command.NoteFinding c -> Optional.of(c.subject());
      case Command.OpenRecovery c -> Optional.of(c.failed());
      case Command.ChooseSuccessor c -> Optional.of(c.successor());
      case Command.TellPrimary c -> Optional.of(c.told().primary());
      case Command.Recovering c -> Optional.empty();
      case Command.Saying c -> SaidDeeds.server(c);
    };
  }
}
