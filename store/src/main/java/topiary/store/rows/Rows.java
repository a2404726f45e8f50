package topiary.store.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Audit;
import topiary.engine.port.PlanJournal.PlanRecord;
import topiary.engine.said.Attribute;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.json.JsonCodec;

/** All tables together, read and written over a connection that somebody else looks after. */
public final class Rows {

  private final JsonCodec codec = new JsonCodec();
  private final StateRows stateRows = new StateRows(codec);
  private final PlanRows planRows = new PlanRows(codec);
  private final AuditRows auditRows = new AuditRows(codec);
  private final String where;

  /**
   * The rows of one place.
   *
   * @param where the place, in words, as sentences name it
   */
  public Rows(String where) {
    this.where = where;
  }

  /**
   * What the rows are.
   *
   * @param state the state after the last entry that was applied
   * @param applied that entry's place
   * @param head the end of the audit's chain
   */
  public record Current(ManagerState state, Position applied, Audit.Head head) {}

  /**
   * What entries have made.
   *
   * @param current what the rows are now
   * @param verdicts one for each entry
   */
  public record Outcome(Current current, List<Verdict> verdicts) {

    public Outcome {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** Reads what the rows are. */
  public Current read(Connection connection) throws SQLException {
    return new Current(
        stateRows.read(connection), MetaRow.position(connection), auditRows.head(connection));
  }

  /** SHA-256 over the state's rows, in hexadecimal digits. */
  public String hash(Connection connection) throws SQLException {
    return stateRows.hash(connection);
  }

  public Optional<PlanRecord> plan(Connection connection, PlanId id) throws SQLException {
    return planRows.plan(connection, id);
  }

  /** The latest plans, newest first, at most so many. */
  public List<PlanRecord> latest(Connection connection, int limit) throws SQLException {
    return planRows.latest(connection, limit);
  }

  public Optional<Instant> oldest(Connection connection) throws SQLException {
    return auditRows.oldest(connection);
  }

  public List<Audit.Row> audit(Connection connection, Audit.Asked asked) throws SQLException {
    return auditRows.rows(connection, asked);
  }

  /**
   * Goes along the audit's chain, within a transaction of its own.
   *
   * @param fetch how many rows the database is to give at once, as its driver understands it
   */
  public Audit.Verification verify(Connection connection, int fetch, Optional<String> noted)
      throws SQLException {
    return auditRows.verify(connection, fetch, noted);
  }

  /** What is said of hosts under a name, of all under all when there is none. */
  public List<Attribute> attributes(Connection connection, Optional<String> name)
      throws SQLException {
    return AttributeRows.read(connection, name);
  }

  /**
   * Applies entries, within a transaction that is under way.
   *
   * @param before what the rows are
   * @throws StoreException of kind NEWER or BROKEN when one must not be applied
   */
  public Outcome apply(Connection connection, Current before, List<Numbered> batch)
      throws SQLException {
    ManagerState state = before.state();
    Position applied = before.applied();
    Audit.Head head;
    var verdicts = new ArrayList<Verdict>(batch.size());
    try (var commandRows = new CommandRows(codec, connection, batch);
        var chain = new AuditChain(connection)) {
      for (Numbered numbered : batch) {
        Header header = numbered.entry().header();
        requireKnownLevel(numbered);
        Optional<Verdict> earlier = commandRows.verdict(header.id());
        if (numbered.position().index() <= applied.index()) {
          verdicts.add(earlier.orElseThrow(() -> foreign(numbered)));
          continue;
        }
        applied = numbered.position();
        if (earlier.isPresent()) {
          verdicts.add(earlier.get());
          continue;
        }
        ManagerState.Applied next = state.apply(numbered.entry());
        chain.add(
            numbered.position().index(),
            commandRows.add(numbered, next.verdict()),
            about(state, numbered.entry().command()));
        if (next.verdict() instanceof Verdict.Accepted) {
          planRows.tell(connection, numbered);
          AttributeRows.tell(connection, numbered.entry());
          if (numbered.entry().command() instanceof Command.PurgeAudit purge) {
            commandRows.write();
            chain.write();
            chain.cut(purge.before());
            commandRows.askAgain();
            planRows.cut(connection, purge.before(), header.at(), holders(next.state()));
          }
        }
        state = next.state();
        verdicts.add(next.verdict());
      }
      commandRows.write();
      chain.write();
      head = chain.last();
    }
    stateRows.writeDifference(connection, before.state(), state);
    MetaRow.setPosition(connection, applied);
    return new Outcome(new Current(state, applied, head), verdicts);
  }

  private static Set<PlanId> holders(ManagerState state) {
    return state.held().values().stream()
        .flatMap(held -> held.plans().stream())
        .collect(Collectors.toSet());
  }

  private static SortedSet<String> about(ManagerState state, Command command) {
    return Deeds.about(
        command,
        plan ->
            Optional.ofNullable(state.plans().get(plan))
                .<Set<InstanceKey>>map(open -> open.plan().targets())
                .orElse(Set.of()));
  }

  private static void requireKnownLevel(Numbered numbered) {
    int level = numbered.entry().header().level();
    if (level > Header.LEVEL) {
      throw new StoreException(
          Kind.NEWER,
          "the command at "
              + numbered.position().index()
              + " needs feature level "
              + level
              + ", this version has "
              + Header.LEVEL
              + "; update this node");
    }
  }

  private StoreException foreign(Numbered numbered) {
    return new StoreException(
        Kind.BROKEN,
        where
            + " stands behind entry "
            + numbered.position().index()
            + " but has never seen it, so it belongs to another log: choose another place for this"
            + " node's state, or restore a snapshot");
  }
}
