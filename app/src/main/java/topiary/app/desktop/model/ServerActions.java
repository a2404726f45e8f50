package topiary.app.desktop.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import topiary.engine.analysis.Errant;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.InTree;
import topiary.engine.catalogue.Judging;
import topiary.engine.catalogue.OneServer;
import topiary.engine.catalogue.Operation;
import topiary.engine.catalogue.Saying;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.said.OfServer;
import topiary.icons.Symbol;

/** What can be done with the selected server. */
final class ServerActions {

  private static final String NONE = "No server is selected.";

  private final WindowModel model;

  ServerActions(WindowModel model) {
    this.model = model;
  }

  Action move() {
    return new Action(
        "move",
        Group.SERVER,
        Symbol.MOVE,
        "Move to another source…",
        List.of("Shortcut+M"),
        Optional.of(Catalogue.RELOCATE),
        obstacle(
            i ->
                i.seen() && i.primaryChannel().isEmpty()
                    ? i.key() + " is not a replica: it has no source to change."
                    : ""),
        () -> model.selected().get().ifPresent(model::pickUp));
  }

  Action replicas() {
    return new Action(
        "choose-replicas",
        Group.SERVER,
        Symbol.CLUSTER,
        "Select its replicas",
        List.of("Shortcut+Shift+A"),
        Optional.empty(),
        obstacle(this::source),
        model::chooseReplicas);
  }

  Action add() {
    return new Action(
        Catalogue.DISCOVER.name(),
        Group.SERVER,
        Symbol.ADD,
        "Add a server…",
        List.of("Shortcut+N"),
        Optional.of(Catalogue.DISCOVER),
        model.unable(),
        model.servers()::askToAdd);
  }

  Action whatIf() {
    return new Action(
        Judging.WHAT_IF_DEAD.name(),
        Group.SERVER,
        Symbol.ALERT,
        "What if it died?",
        List.of("Shortcut+D"),
        Optional.of(Judging.WHAT_IF_DEAD),
        Bindings.createStringBinding(
            () -> model.selected().get().isEmpty() ? NONE : model.asking(),
            model.selected(),
            model.seen(),
            model.past().state()),
        () -> model.selected().get().ifPresent(model.whatIf()::ask));
  }

  Action forget() {
    return new Action(
        Catalogue.FORGET.name(),
        Group.SERVER,
        Symbol.REMOVE,
        "Forget this server…",
        List.of(),
        Optional.of(Catalogue.FORGET),
        obstacle(i -> ""),
        () -> model.selected().get().ifPresent(model.servers()::askToForget));
  }

  /** What can be said of the selected server, and taken back. */
  List<Action> sayings() {
    return List.of(
        asking(Symbol.PENCIL, "Tag…", "Tag", Saying.TAG, said -> ""),
        asking(
            Symbol.REMOVE,
            "Remove a tag…",
            "Remove a tag of",
            Saying.UNTAG,
            said -> said.tags().isEmpty() ? " has no tags." : ""),
        asking(
            Symbol.LEAD,
            "Set promotion rule…",
            "Promotion rule of",
            Saying.REGISTER_CANDIDATE,
            said -> ""),
        asking(Symbol.BELL, "Begin downtime…", "Downtime of", Saying.BEGIN_DOWNTIME, said -> ""),
        saying(
            Symbol.BELL,
            "End downtime",
            Saying.END_DOWNTIME,
            said -> said.downtime().isPresent() ? "" : " is not in downtime."),
        asking(
            Symbol.LOCK,
            "Begin maintenance…",
            "Maintenance of",
            Saying.BEGIN_MAINTENANCE,
            said ->
                said.maintenance()
                    .map(m -> " is in maintenance by " + m.owner() + " already.")
                    .orElse("")),
        saying(
            Symbol.LOCK,
            "End maintenance",
            Saying.END_MAINTENANCE,
            said -> said.maintenance().isPresent() ? "" : " is not in maintenance."),
        said(
            Symbol.PENCIL,
            "Say something of its host…",
            Saying.SET_HOST_ATTRIBUTE,
            said -> "",
            key ->
                model
                    .saying()
                    .ask(
                        new SayingModel.Question(
                            Saying.SET_HOST_ATTRIBUTE,
                            "Attribute of the host",
                            key.host(),
                            Map.of("host", key.host()),
                            Map.of()))));
  }

  private Action asking(
      Symbol icon,
      String text,
      String title,
      Operation operation,
      Function<OfServer, String> whyNot) {
    return said(icon, text, operation, whyNot, key -> model.saying().ask(operation, title, key));
  }

  private Action saying(
      Symbol icon, String text, Operation operation, Function<OfServer, String> whyNot) {
    return said(icon, text, operation, whyNot, key -> model.saying().say(operation, key));
  }

  private Action said(
      Symbol icon,
      String text,
      Operation operation,
      Function<OfServer, String> whyNot,
      Consumer<InstanceKey> deed) {
    return onSelected(
        Group.SERVER,
        icon,
        text,
        operation,
        i -> {
          String why = whyNot.apply(model.seen().get().said(i.key()));
          return why.isEmpty() ? "" : i.key() + why;
        },
        deed);
  }

  Action start() {
    return deed(
        "start",
        Symbol.START,
        "Start replication…",
        Catalogue.START_REPLICATION,
        replica(
            c ->
                c.detached()
                    ? " is detached from its source: attach it again."
                    : c.replicating() ? " replicates already." : ""),
        key -> new Intent.StartReplication(key, Threads.BOTH));
  }

  Action stop() {
    return deed(
        "stop",
        Symbol.STOP,
        "Stop replication…",
        Catalogue.STOP_REPLICATION,
        replica(c -> c.stopped() ? " does not replicate now." : ""),
        key -> new Intent.StopReplication(key, Threads.BOTH));
  }

  Action readOnly() {
    return deed(
        "read-only",
        Symbol.LOCK,
        "Make read-only…",
        Catalogue.SET_READ_ONLY,
        i -> readOnly(i) ? i.key() + " is read-only already." : "",
        key -> new Intent.SetReadOnly(key, true));
  }

  Action writeable() {
    return deed(
        "writeable",
        Symbol.PENCIL,
        "Make writeable…",
        Catalogue.SET_WRITEABLE,
        i -> readOnly(i) ? "" : i.key() + " is writeable already.",
        key -> new Intent.SetReadOnly(key, false));
  }

  /** Moves of several servers around the selected one, or of it by its place. */
  List<Action> reshapings() {
    return List.of(
        asked(
            Group.RESHAPE,
            Symbol.MOVE,
            "Move its replicas…",
            "Move the replicas of",
            InTree.RELOCATE_REPLICAS,
            this::source),
        reshaping(Symbol.MOVE, "Take its siblings…", new Reshaping.Siblings(), this::sibling),
        reshaping(
            Symbol.MOVE, "Move it up…", new Reshaping.Up(), i -> below(i, "there is nobody above")),
        reshaping(
            Symbol.MOVE,
            "Move its replicas up…",
            new Reshaping.ReplicasUp(Optional.empty()),
            i -> source(i).isEmpty() ? replica(c -> "").apply(i) : source(i)),
        asked(
            Group.RESHAPE,
            Symbol.MOVE,
            "Move it below a sibling…",
            "Move below a sibling:",
            InTree.MOVE_BELOW,
            this::sibling),
        reshaping(
            Symbol.LEAD,
            "Take the place of its source…",
            new Reshaping.TakeSource(Optional.empty()),
            i -> below(i, "its place is a primary's")),
        asked(
            Group.RESHAPE,
            Symbol.MOVE,
            "Move it to a noted place…",
            "Move to a noted place:",
            InTree.MOVE_EQUIVALENT,
            replica(
                c ->
                    c.gtid() == GtidUse.NONE ? "" : " replicates by GTID: it can be moved as is.")),
        reshaping(
            Symbol.LEAD,
            "Take over from the primary…",
            new Reshaping.TakeOver(Optional.empty(), List.of(), false),
            this::takeOver),
        reshaping(
            Symbol.CONNECT,
            "Have it replicate from the one in its place…",
            new Reshaping.Rejoin(Optional.empty()),
            i -> i.source().map(s -> i.key() + " replicates from " + s + ".").orElse("")),
        reshaping(
            Symbol.CONNECT,
            "Make it the co-source of its source…",
            new Reshaping.CoSource(Optional.empty()),
            this::coSource),
        reshaping(
            Symbol.NEXT,
            "Point it anew at its source…",
            new Reshaping.Repoint(Optional.empty()),
            replica(c -> "")),
        reshaping(
            Symbol.NEXT,
            "Point its replicas at it anew…",
            new Reshaping.RepointReplicas(Optional.empty()),
            this::source),
        reshaping(
            Symbol.LEAD,
            "Regroup its replicas below the best…",
            new Reshaping.Regroup(),
            i ->
                model.seen().get().topology().replicasOf(i.key()).size() > 1
                    ? ""
                    : i.key() + " has no two replicas."));
  }

  /** Why nobody can be moved away from below a server; empty when somebody can. */
  private String source(Instance i) {
    return model.seen().get().topology().replicasOf(i.key()).isEmpty()
        ? i.key() + " has no replicas."
        : "";
  }

  private String sibling(Instance i) {
    String why = replica(c -> "").apply(i);
    boolean some =
        i.source()
            .filter(source -> model.seen().get().topology().replicasOf(source).size() > 1)
            .isPresent();
    return !why.isEmpty() || some ? why : i.key() + " has no siblings.";
  }

  /** Why a server's source cannot replicate from it; empty when the plan may say more. */
  private String coSource(Instance i) {
    String why = replica(c -> "").apply(i);
    if (!why.isEmpty()) {
      return why;
    }
    boolean below =
        i.source()
            .flatMap(source -> model.seen().get().topology().instance(source))
            .flatMap(Instance::source)
            .isPresent();
    return below
        ? "The source of " + i.key() + " replicates from a server already."
        : readOnly(i) ? "" : i.key() + " takes writes: make it read-only first.";
  }

  /** Why a server cannot take over from a primary; empty when the plan may say more. */
  private String takeOver(Instance i) {
    String why = replica(c -> "").apply(i);
    if (!why.isEmpty()) {
      return why;
    }
    boolean below =
        i.source()
            .flatMap(source -> model.seen().get().topology().instance(source))
            .flatMap(Instance::source)
            .isPresent();
    return below ? "The source of " + i.key() + " is no primary: it is a replica itself." : "";
  }

  /** Why a server has no place two below another one; empty when it has. */
  private String below(Instance i, String otherwise) {
    String why = replica(c -> "").apply(i);
    boolean some =
        i.source()
            .flatMap(source -> model.seen().get().topology().instance(source))
            .flatMap(Instance::source)
            .isPresent();
    return !why.isEmpty() || some
        ? why
        : "The source of " + i.key() + " is a head: " + otherwise + ".";
  }

  /** What else can be done with the selected server, nothing else being asked. */
  List<Action> doings() {
    return List.of(
        doing(
            Symbol.START,
            "Restart replication…",
            new Doing.Restart(),
            replica(c -> c.stopped() ? " does not replicate now." : "")),
        doing(
            Symbol.NEXT,
            "Connect to its source anew…",
            new Doing.Reconnect(),
            replica(c -> c.stopped() ? " does not replicate now." : "")),
        doing(
            Symbol.STOP,
            "Stop when all is applied…",
            new Doing.StopNicely(),
            replica(c -> c.stopped() ? " does not replicate now." : "")),
        doing(
            Symbol.NEXT,
            "Skip the failed transaction…",
            new Doing.SkipTransaction(),
            replica(
                c ->
                    c.sql() == ThreadState.STOPPED && c.sqlError().present()
                        ? ""
                        : " has not failed at a transaction.")),
        doing(
            Symbol.CLOSE,
            "Detach it from its source…",
            new Doing.Detach(),
            replica(c -> c.detached() ? " is detached already." : "")),
        doing(
            Symbol.CONNECT,
            "Attach it to its source again…",
            new Doing.Reattach(),
            replica(c -> c.detached() ? "" : " is not detached.")),
        doing(Symbol.REMOVE, "Forget its source…", new Doing.Reset(), replica(c -> "")),
        doing(
            Symbol.LEAD,
            "Replicate by GTID…",
            new Doing.UseGtid(true),
            replica(c -> c.gtid() == GtidUse.NONE ? "" : " replicates by GTID already.")),
        doing(
            Symbol.LEAD,
            "Replicate by file and position…",
            new Doing.UseGtid(false),
            replica(c -> c.gtid() == GtidUse.NONE ? " does so already." : "")),
        asked(
            Group.UPKEEP,
            Symbol.BELL,
            "Hold it back…",
            "Delay of",
            OneServer.DELAY,
            replica(c -> "")),
        semiSync(Doing.Side.SOURCE, true),
        semiSync(Doing.Side.SOURCE, false),
        semiSync(Doing.Side.REPLICA, true),
        semiSync(Doing.Side.REPLICA, false),
        doing(Symbol.ADD, "Inject its errant transactions…", new Doing.InjectEmpty(), this::errant),
        doing(
            Symbol.REMOVE,
            "Forget its errant transactions…",
            new Doing.ForgetErrant(),
            this::errant),
        asked(
            Group.UPKEEP,
            Symbol.NEXT,
            "Begin a new binary log…",
            "New logs of",
            OneServer.FLUSH_LOGS,
            i -> ""),
        asked(
            Group.UPKEEP,
            Symbol.REMOVE,
            "Delete old binary logs…",
            "Delete logs of",
            OneServer.PURGE_LOGS,
            i -> ""),
        asked(
            Group.UPKEEP,
            Symbol.CLOSE,
            "End a statement…",
            "End a statement on",
            OneServer.KILL_QUERY,
            i -> ""));
  }

  private String errant(Instance i) {
    return Errant.of(model.seen().get().topology(), i.key()).isPresent()
        ? ""
        : i.key() + " has no errant transactions.";
  }

  private Action semiSync(Doing.Side side, boolean on) {
    return doing(
        Symbol.CONNECT,
        "Semi-sync " + (on ? "on" : "off") + " as a " + side.words() + "…",
        new Doing.SemiSync(side, on),
        i -> {
          SemiSync has = i.facts().map(Facts::semiSync).orElse(SemiSync.NONE);
          boolean source = side == Doing.Side.SOURCE;
          if (!(source ? has.source().available() : has.replica().available())) {
            return i.key() + " has no semi-sync.";
          }
          boolean is = source ? has.source().enabled() : has.replica().enabled();
          return is == on ? i.key() + " has it " + (on ? "on" : "off") + " already." : "";
        });
  }

  /** What is planned once more of it was asked for. */
  private Action asked(
      Group group,
      Symbol icon,
      String text,
      String title,
      Operation operation,
      Function<Instance, String> whyNot) {
    return onSelected(
        group,
        icon,
        text,
        operation,
        seen(whyNot),
        key -> model.saying().ask(operation, title, key));
  }

  private Action doing(Symbol icon, String text, Doing doing, Function<Instance, String> whyNot) {
    return onSelected(
        Group.UPKEEP,
        icon,
        text,
        OneServer.operation(doing),
        seen(whyNot),
        key -> plan(text, OneServer.operation(doing), key, new Intent.OnServer(key, doing)));
  }

  /** The server itself may be dead: its replicas can be moved all the same. */
  private Action reshaping(
      Symbol icon, String text, Reshaping reshaping, Function<Instance, String> whyNot) {
    return onSelected(
        Group.RESHAPE,
        icon,
        text,
        InTree.operation(reshaping),
        whyNot,
        key -> plan(text, InTree.operation(reshaping), key, new Intent.InTree(key, reshaping)));
  }

  /** Only of a server that is seen; else why it is not. */
  private static Function<Instance, String> seen(Function<Instance, String> whyNot) {
    return i -> i.seen() ? whyNot.apply(i) : i.key() + " is " + i.condition().words() + ".";
  }

  private Action onSelected(
      Group group,
      Symbol icon,
      String text,
      Operation operation,
      Function<Instance, String> whyNot,
      Consumer<InstanceKey> deed) {
    return new Action(
        operation.name(),
        group,
        icon,
        text,
        List.of(),
        Optional.of(operation),
        obstacle(whyNot::apply),
        () -> model.selected().get().ifPresent(deed));
  }

  Action fold() {
    return new Action(
        "fold",
        Group.SERVER,
        Symbol.FOLD,
        "Fold or unfold what is below",
        List.of("Space"),
        Optional.empty(),
        Bindings.createStringBinding(
            () ->
                model
                    .selected()
                    .get()
                    .map(
                        key ->
                            model.picture().get().source(key)
                                ? ""
                                : "Nothing replicates from " + key + ".")
                    .orElse(NONE),
            model.selected(),
            model.picture()),
        () -> model.selected().get().ifPresent(model::fold));
  }

  Action copy(Runnable deed) {
    return new Action(
        "copy",
        Group.SERVER,
        Symbol.COPY,
        "Copy all that is known",
        List.of("Shortcut+Shift+C"),
        Optional.empty(),
        Bindings.createStringBinding(
            () -> model.selected().get().isPresent() ? "" : NONE, model.selected()),
        deed);
  }

  private Action deed(
      String id,
      Symbol icon,
      String text,
      Operation operation,
      Function<Instance, String> whyNot,
      Function<InstanceKey, Intent> intent) {
    return new Action(
        id,
        Group.SERVER,
        icon,
        text,
        List.of(),
        Optional.of(operation),
        obstacle(i -> i.seen() ? whyNot.apply(i) : i.key() + " is " + i.condition().words() + "."),
        () ->
            model.selected().get().ifPresent(key -> plan(text, operation, key, intent.apply(key))));
  }

  /** Why nothing can be done now, or not with the selected server. */
  private StringBinding obstacle(Function<Instance, String> whyNot) {
    return Bindings.createStringBinding(
        () -> {
          if (model.selected().get().isEmpty()) {
            return NONE;
          }
          String unable = model.unable().get();
          if (!unable.isEmpty()) {
            return unable;
          }
          if (model.plan().state().get().running()) {
            return "A plan is being carried out.";
          }
          return model
              .selected()
              .get()
              .flatMap(key -> model.seen().get().topology().instance(key))
              .map(whyNot)
              .orElse("The selected server is not known any more.");
        },
        model.selected(),
        model.seen(),
        model.unable(),
        model.plan().state());
  }

  private static Function<Instance, String> replica(Function<Channel, String> whyNot) {
    return i -> {
      List<String> why = channels(i).stream().map(whyNot).toList();
      return why.isEmpty()
          ? i.key() + " is not a replica."
          // Of several channels one is enough: which, is asked.
          : why.contains("") ? "" : i.key() + why.getFirst();
    };
  }

  private static List<Channel> channels(Instance i) {
    return i.facts().map(Facts::channels).orElse(List.of());
  }

  /** Plans what is wanted of a server; asks first with which channel, where it has several. */
  private void plan(String text, Operation operation, InstanceKey key, Intent intent) {
    boolean several =
        model.seen().get().topology().instance(key).filter(i -> channels(i).size() > 1).isPresent();
    if (several && operation.argument("channel").isPresent()) {
      model.saying().ask(operation, text.replace("…", ":"), key);
    } else {
      model.plan().propose(intent);
    }
  }

  private static boolean readOnly(Instance i) {
    return i.facts().filter(f -> f.settings().readOnly()).isPresent();
  }
}
