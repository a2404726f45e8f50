package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import topiary.app.gateway.Seen;
import topiary.engine.catalogue.Judging;
import topiary.engine.catalogue.Operation;
import topiary.engine.catalogue.Recovering;
import topiary.engine.catalogue.Saying;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;
import topiary.icons.Symbol;

/** What can be said of the cluster that is shown, or of the chosen one among all. */
final class ClusterActions {

  private static final String CLUSTER = "cluster";
  private static final String POOL = "pool";

  private final WindowModel model;
  private final Action whyNot;
  private final List<Action> recovering;

  ClusterActions(WindowModel model) {
    this.model = model;
    whyNot =
        new Action(
            Judging.WHY_NOT.name(),
            Group.CLUSTER,
            Symbol.PULSE,
            "What would stop a recovery?",
            List.of("Shortcut+Y"),
            Optional.of(Judging.WHY_NOT),
            Bindings.createStringBinding(
                () -> row().isEmpty() ? "No cluster is shown." : model.asking(),
                model.clusters(),
                model.cluster(),
                model.fleet().isOpen(),
                model.fleet().chosen(),
                model.seen(),
                model.past().state()),
            () -> row().ifPresent(model.whyNot()::open));
    recovering =
        List.of(
            of(Judging.BEGIN_FREEZE, Symbol.LOCK, "Freeze…", "Freeze the cluster of "),
            of(Judging.END_FREEZE, Symbol.START, "End its freeze…", "End the freeze of "),
            of(
                Recovering.ENABLE,
                Symbol.START,
                "Let recoveries begin by themselves…",
                "Recoveries by themselves: the cluster of "),
            of(
                Recovering.DISABLE,
                Symbol.STOP,
                "Let no recovery begin by itself…",
                "No recoveries by themselves: the cluster of "));
  }

  private Action of(Operation operation, Symbol icon, String text, String title) {
    return asking(
        operation, icon, text, row -> question(operation, title + row.head(), row, Map.of()));
  }

  /** Tells what would stop a recovery. */
  Action whyNot() {
    return whyNot;
  }

  /** Which cluster is meant. */
  private Optional<ClusterRow> row() {
    return model.fleet().isOpen().get()
        ? model.fleet().chosen().get().map(FleetModel.Tile::row)
        : model.shown();
  }

  List<Action> all() {
    return Stream.of(Stream.of(whyNot), recovering.stream(), said().stream())
        .flatMap(actions -> actions)
        .toList();
  }

  /** What is said about whether its recovery begins by itself. */
  List<Action> recovering() {
    return recovering;
  }

  private List<Action> said() {
    return List.of(
        asking(
            Saying.SET_CLUSTER_ALIAS,
            Symbol.PENCIL,
            "Call this cluster…",
            row ->
                question(
                    Saying.SET_CLUSTER_ALIAS,
                    "Call the cluster of " + row.head(),
                    row,
                    Map.of("alias", row.alias()))),
        asking(
            Saying.SET_CLUSTER_DOMAIN,
            Symbol.PENCIL,
            "Set domain of this cluster…",
            row -> question(Saying.SET_CLUSTER_DOMAIN, "Domain of the cluster of", row, Map.of())),
        asking(Saying.SUBMIT_POOL, Symbol.CLUSTER, "Say who is in a pool…", this::pool),
        asking(
            Saying.UNTAG_ALL,
            Symbol.REMOVE,
            "Remove a tag everywhere…",
            row ->
                new SayingModel.Question(
                    Saying.UNTAG_ALL, "Remove a tag everywhere", "", Map.of(), Map.of())));
  }

  private static SayingModel.Question question(
      Operation operation, String title, ClusterRow row, Map<String, String> proposed) {
    boolean named = title.endsWith(row.head().toString());
    return new SayingModel.Question(
        operation, title, named ? "" : row.name(), Map.of(CLUSTER, row.id()), proposed);
  }

  /** A pool of the selected server, or the first of the cluster, with whoever is in it. */
  private SayingModel.Question pool(ClusterRow row) {
    Seen seen = model.seen().get();
    Tree tree = row.tree();
    Optional<InstanceKey> selected = model.selected().get();
    var pools = new TreeSet<String>();
    List<InstanceKey> asked = selected.map(List::of).orElse(tree.members());
    asked.forEach(key -> pools.addAll(seen.said(key).pools()));
    var proposed = new HashMap<String, String>();
    if (!pools.isEmpty()) {
      String pool = pools.first();
      proposed.put(POOL, pool);
      proposed.put("instances", members(pool, seen));
    } else {
      selected.ifPresent(key -> proposed.put("instances", key.toString()));
    }
    return new SayingModel.Question(
        Saying.SUBMIT_POOL, "A pool and its servers", "", Map.of(), proposed);
  }

  private static String members(String pool, Seen seen) {
    var members = new ArrayList<String>();
    for (InstanceKey key : seen.topology().instances().keySet()) {
      if (seen.said(key).pools().contains(pool)) {
        members.add(key.toString());
      }
    }
    return String.join(",", members);
  }

  private Action asking(
      Operation operation,
      Symbol icon,
      String text,
      Function<ClusterRow, SayingModel.Question> question) {
    return new Action(
        operation.name(),
        Group.CLUSTER,
        icon,
        text,
        List.of(),
        Optional.of(operation),
        Bindings.createStringBinding(
            () -> row().isEmpty() ? "No cluster is shown." : model.unable().get(),
            model.clusters(),
            model.cluster(),
            model.fleet().isOpen(),
            model.fleet().chosen(),
            model.unable()),
        () -> row().map(question).ifPresent(model.saying()::ask));
  }
}
