package topiary.app.wire;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.said.Bounded;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Store;
import topiary.store.StoreException;
import topiary.store.opening.Stores;
import topiary.store.orchestrator.Stored;

/**
 * What orchestrator has stored, as the first entries of a node's own log: whom to look after, and
 * what people say of them. How the servers were is not taken over: the node looks for itself.
 */
public final class OrchestratorImport {

  /** So many entries share a transaction. */
  private static final int BATCH = 1000;

  private OrchestratorImport() {}

  /**
   * What was taken over.
   *
   * @param servers how many are looked after now
   * @param clusters of how many trees
   * @param refused what the state did not take, a sentence each
   */
  public record Taken(int servers, int clusters, List<String> refused) {}

  /**
   * Takes it into the state of a node that does not run and has none yet.
   *
   * @param now today's time: what ends by itself ends when it was to end, and what has ended since
   *     is left out
   * @throws StateFile.Unfit when the node has a state already, or is a member of a cluster
   * @throws StoreException when the node's own place cannot be used
   * @throws BadConfig when it cannot be told whether the node is a member of a cluster
   */
  public static Taken into(NodeConfig config, Stored stored, Instant now)
      throws StateFile.Unfit, BadConfig {
    if (Files.isDirectory(config.dataFolder())
        && new MemberFile(config.dataFolder()).read().isPresent()) {
      throw new StateFile.Unfit(
          "this node is a member of a cluster, whose log says what its state is: import into the"
              + " empty data folder of a node that is alone, and make a cluster of that with"
              + " --bootstrap");
    }
    try (Store store = Stores.open(config.store(), config.dataFolder())) {
      if (store.lastApplied().index() != 0 || !store.state().equals(ManagerState.EMPTY)) {
        throw new StateFile.Unfit(
            "the node has a state already ("
                + store.state().instances().size()
                + " servers): import into one that has none, by another data folder in its file");
      }
      return taken(store, commands(stored, now), now);
    }
  }

  private static Taken taken(Store store, List<Command> commands, Instant now) {
    var refused = new ArrayList<String>();
    for (int from = 0; from < commands.size(); from += BATCH) {
      var batch = new ArrayList<Numbered>();
      for (Command c : commands.subList(from, Math.min(from + BATCH, commands.size()))) {
        var header =
            new Header(UUID.randomUUID(), "topiary", "import of orchestrator", now, c.level());
        batch.add(new Numbered(new Position(1, from + batch.size() + 1L), new Entry(header, c)));
      }
      for (Verdict verdict : store.apply(batch)) {
        if (verdict instanceof Verdict.Rejected no) {
          refused.add(no.reason());
        }
      }
    }
    ManagerState state = store.state();
    return new Taken(state.instances().size(), state.heads().size(), refused);
  }

  /** In the order in which each fits the state that those before it have made. */
  private static List<Command> commands(Stored stored, Instant now) {
    var commands = new ArrayList<Command>();
    commands.add(new Command.RaiseLevel(Header.LEVEL));
    for (Tree tree : new Topology(1, stored.instances()).trees()) {
      for (InstanceKey key : tree.members()) {
        commands.add(new Command.RegisterInstance(key, stored.clusters().get(key)));
      }
      commands.add(new Command.NameHead(stored.clusters().get(tree.head()), tree.head()));
    }
    var said = stored.said();
    said.aliases()
        .forEach(
            (cluster, alias) ->
                commands.add(new Command.SetClusterAlias(cluster, Optional.of(alias))));
    said.domains()
        .forEach(
            (cluster, domain) ->
                commands.add(new Command.SetClusterDomain(cluster, Optional.of(domain))));
    said.tags()
        .forEach((tag, value) -> commands.add(new Command.PutTag(tag.server(), tag.name(), value)));
    // What orchestrator would have forgotten after a while holds as long from today on.
    said.promotions()
        .forEach(
            (key, p) ->
                commands.add(
                    new Command.SetPromotion(
                        key, p.rule(), Duration.between(stored.now(), p.until()))));
    said.pools()
        .forEach(
            (name, pool) ->
                commands.add(
                    new Command.SetPool(
                        name,
                        List.copyOf(pool.servers()),
                        Duration.between(stored.now(), pool.until()))));
    said.downtimes()
        .forEach(
            (key, d) ->
                left(d, now)
                    .map(span -> new Command.BeginDowntime(key, d.owner(), d.reason(), span))
                    .forEach(commands::add));
    said.maintenance()
        .forEach(
            (key, m) ->
                left(m, now)
                    .map(span -> new Command.BeginMaintenance(key, m.owner(), m.reason(), span))
                    .forEach(commands::add));
    return commands;
  }

  private static Stream<Duration> left(Bounded said, Instant now) {
    return said.holds(now) ? Stream.of(Duration.between(now, said.until())) : Stream.empty();
  }
}
