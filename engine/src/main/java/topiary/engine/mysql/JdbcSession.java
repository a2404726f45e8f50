package topiary.engine.mysql;

import com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.result.RowList;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** So many questions are remembered; a look has half a dozen. */
  private static final int MOST = 16;

  /** Answers with more bytes are not remembered, so that nobody makes us hold much. */
  private static final int REMEMBERED = 64 * 1024;

  /** What stands among statements for a hail. */
  private static final String HAIL = "ping";

  private final InstanceKey key;
  private final Wire wire;
  private final Scheduler scheduler;
  private final Answers answers;
  private final Vault vault;
  private volatile boolean usable = true;

  /** What was sent and is not answered yet. */
  private final ArrayDeque<String> sent = new ArrayDeque<>(8);

  /** What was asked of the server itself; a handful. */
  private final Map<String, Question> questions = new HashMap<>(8);

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
  public void foretell(List<String> statements, Deadline deadline) throws ServerTrouble {
    run(
        statements.getFirst(),
        deadline,
        () -> {
          passOver();
          wire.send(statements);
          sent.addAll(statements);
          return null;
        });
  }

  @Override
  public Fleet.Rows ask(String sql, Deadline deadline) throws ServerTrouble {
    return run(sql, deadline, () -> rows(sql));
  }

  @Override
  public void tell(String sql, Deadline deadline) throws ServerTrouble {
    run(
        sql,
        deadline,
        () -> {
          passOver();
          return wire.run(sql);
        });
  }

  @Override
  public void tell(String sql, Fleet.Password password, Deadline deadline) throws ServerTrouble {
    String word = vault.password(password, deadline);
    try {
      run(
          sql,
          deadline,
          () -> {
            passOver();
            return wire.run(Dialect.withPassword(sql, word));
          });
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

  @Override
  public boolean hail(long stamp) throws ServerTrouble {
    if (!usable) {
      return false;
    }
    try {
      return wire.hail(stamp);
    } catch (IOException | RuntimeException e) {
      close();
      throw Diagnosis.ofAsking(key, HAIL, SQLExceptionsMapping.translateException(e, null));
    }
  }

  @Override
  public boolean owes(long stamp) {
    return usable && wire.owes(stamp);
  }

  @Override
  public void rest(Runnable stirred) {
    // What is still to be answered would be taken for something unasked.
    if (usable && sent.isEmpty()) {
      wire.rest(stirred);
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
        if (wire.wake()) {
          sent.addFirst(HAIL);
        }
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
    if (!sql.equals(sent.peek())) {
      passOver();
      wire.send(List.of(sql));
      sent.add(sql);
    }
    // Whether it is an answer or a refusal: it is read now.
    sent.remove();
    Question known = questions.get(sql);
    if (known == null) {
      return first(sql, wire.read(answers));
    }
    Wire.Answer answer = wire.read(known.kind.plain().length);
    return answer.rows() == null
        ? rows(sql, answer.read())
        : known.answered(List.copyOf(answer.rows()));
  }

  private Fleet.Rows first(String sql, Wire.First answer) throws IOException {
    if (answer.rows() == null) {
      return rows(sql, answer.read());
    }
    var question = new Question(answer.kind());
    if (remembers(sql)) {
      questions.put(sql, question);
    }
    return question.answered(List.copyOf(answer.rows()));
  }

  /** Reads the answers to what was sent ahead and is not asked after all. */
  private void passOver() throws IOException {
    while (!sent.isEmpty()) {
      String passed = sent.remove();
      try {
        if (passed.equals(HAIL)) {
          wire.pong();
        } else {
          wire.read();
        }
      } catch (RuntimeException e) {
        if (Diagnosis.ofAsking(key, "", SQLExceptionsMapping.translateException(e, null))
                .condition()
            != Condition.SEEN) {
          throw e;
        }
        // A refusal of what nobody wants to know any more.
      }
    }
  }

  private Fleet.Rows rows(String sql, Resultset result) throws IOException {
    if (!result.hasRows()) {
      throw new IOException(sql + " is no question: it was answered without rows");
    }
    Answers.Kind kind = answers.kind(result.getColumnDefinition(), wire.getPropertySet());
    if (remembers(sql)) {
      questions.put(sql, new Question(kind));
    }
    RowList found = result.getRows();
    var rows = new ArrayList<Map<String, String>>();
    while (found.hasNext()) {
      rows.add(kind.row(found.next()));
    }
    return rows.isEmpty() ? Fleet.Rows.NONE : new Fleet.Rows(rows);
  }

  /**
   * Whether a question asks the server of itself: as long as it runs, the answer has the same
   * columns then. A table's may become others.
   */
  private boolean remembers(String sql) {
    return questions.size() < MOST
        && (sql.startsWith("SHOW ") || (sql.startsWith("SELECT @@") && !sql.contains(" FROM ")));
  }

  /** A question that is asked again and again. */
  private static final class Question {

    private final Answers.Kind kind;

    /** The rows it was answered with last, as they came; null when they are not remembered. */
    private List<byte[]> last;

    Question(Answers.Kind kind) {
      this.kind = kind;
    }

    Fleet.Rows answered(List<byte[]> rows) {
      if (last != null && same(last, rows)) {
        return Fleet.Rows.asBefore(() -> rows.stream().map(kind::row).toList());
      }
      List<byte[]> before = last;
      last = null;
      Fleet.Rows read = read(rows, before);
      last = rows.stream().mapToLong(row -> row.length).sum() > REMEMBERED ? null : rows;
      return read;
    }

    private Fleet.Rows read(List<byte[]> rows, List<byte[]> before) {
      if (rows.isEmpty()) {
        return Fleet.Rows.NONE;
      }
      var read = new Fleet.Rows(rows.stream().map(kind::row).toList());
      return rows.size() == 1 && before != null && before.size() == 1
          ? Fleet.Rows.asBeforeBut(kind.others(rows.getFirst(), before.getFirst()), read::rows)
          : read;
    }

    private static boolean same(List<byte[]> some, List<byte[]> others) {
      if (some.size() != others.size()) {
        return false;
      }
      for (int i = 0; i < some.size(); i++) {
        if (!Arrays.equals(some.get(i), others.get(i))) {
          return false;
        }
      }
      return true;
    }
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
