package topiary.engine.mysql;

import com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping;
import com.mysql.cj.protocol.ColumnDefinition;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.result.RowList;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import topiary.engine.dialect.Dialect;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Login;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.Scheduler;
import topiary.engine.port.ServerTrouble;

/** One connection. After any trouble but a plain refusal it is closed at once. */
final class JdbcSession implements Fleet.Session {

  private static final Fleet.Rows NO_ROWS = new Fleet.Rows(List.of());

  /** So many questions are remembered; a look has half a dozen. */
  private static final int MOST = 16;

  private final InstanceKey key;
  private final Wire wire;
  private final Scheduler scheduler;
  private final Answers answers;
  private final Vault vault;
  private volatile boolean usable = true;

  /** What the server has said its answers' columns are, by the question; a handful. */
  private final Map<String, Answers.Kind> kinds = new HashMap<>(8);

  JdbcSession(InstanceKey key, Wire wire, Scheduler scheduler, Answers answers, Vault vault) {
    this.answers = answers;
    this.vault = vault;
    this.key = key;
    this.scheduler = scheduler;
    this.wire = wire;
  }

  @Override
  public String version() {
    return wire.version();
  }

  @Override
  public Fleet.Rows ask(String sql, Deadline deadline) throws ServerTrouble {
    return run(sql, deadline, () -> rows(sql));
  }

  @Override
  public void tell(String sql, Deadline deadline) throws ServerTrouble {
    run(sql, deadline, () -> wire.run(sql, null));
  }

  @Override
  public void tell(String sql, Fleet.Password password, Deadline deadline) throws ServerTrouble {
    String word = vault.password(password, deadline);
    try {
      run(sql, deadline, () -> wire.run(Dialect.withPassword(sql, word), null));
    } catch (ServerTrouble trouble) {
      // Servers repeat what they do not understand; so does the cause, which is left out.
      String said = trouble.getMessage();
      throw new ServerTrouble(
          trouble.condition(),
          trouble.code(),
          word.isEmpty() ? said : said.replace(word, Login.SECRET),
          null);
    }
  }

  private <T> T run(String sql, Deadline deadline, Work<T> work) throws ServerTrouble {
    if (!usable) {
      throw new ServerTrouble(
          Condition.UNREACHABLE, 0, "the connection to " + key + " has ended", null);
    }
    int left = Math.toIntExact(deadline.left().toMillis());
    if (left <= 0) {
      throw new ServerTrouble(
          Condition.HUNG, 0, key + " used up the time limit before: " + sql, null);
    }
    try (var dog = new Watchdog(scheduler, deadline)) {
      try {
        wire.patience(left);
        return work.done();
      } catch (IOException | RuntimeException e) {
        SQLException translated = SQLExceptionsMapping.translateException(e, null);
        ServerTrouble trouble =
            dog.bitten() && !Diagnosis.gaveUp(translated)
                ? Diagnosis.ofDripping(key, translated)
                : Diagnosis.ofAsking(key, sql, translated);
        if (trouble.condition() != Condition.SEEN) {
          close();
        }
        throw trouble;
      }
    }
  }

  private Fleet.Rows rows(String sql) throws IOException {
    Answers.Kind known = kinds.get(sql);
    Resultset result = wire.run(sql, known == null ? null : known.told());
    if (!result.hasRows()) {
      throw new IOException(sql + " is no question: it was answered without rows");
    }
    RowList found = result.getRows();
    if (!found.hasNext()) {
      return NO_ROWS;
    }
    ColumnDefinition told = result.getColumnDefinition();
    Answers.Kind kind =
        known != null && known.told() == told ? known : answers.kind(told, wire.getPropertySet());
    if (kind != known && remembers(sql)) {
      kinds.put(sql, kind);
    }
    var rows = new ArrayList<Map<String, String>>();
    while (found.hasNext()) {
      rows.add(kind.columns().row(kind.values(found.next())));
    }
    return new Fleet.Rows(rows);
  }

  /**
   * Whether a question asks the server of itself: as long as it runs, the answer has the same
   * columns then. A table's may become others.
   */
  private boolean remembers(String sql) {
    return kinds.size() < MOST
        && (sql.startsWith("SHOW ") || (sql.startsWith("SELECT @@") && !sql.contains(" FROM ")));
  }

  @Override
  public boolean usable() {
    return usable;
  }

  @Override
  public void close() {
    usable = false;
    // Without a goodbye: a hung server would not hear it.
    wire.forceClose();
  }

  /** Where passwords are that replicas log in with. */
  interface Vault {
    String password(Fleet.Password wanted, Deadline deadline) throws ServerTrouble;
  }

  /** Something done with the connection. */
  private interface Work<T> {
    T done() throws IOException;
  }
}
