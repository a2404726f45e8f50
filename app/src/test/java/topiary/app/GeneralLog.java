package topiary.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import topiary.lab.Lab;

/** What a server itself wrote down of all that was asked of it: its general log. */
final class GeneralLog {

  /** A time, which MariaDB leaves out when it is that of the line before; connection; what. */
  private static final Pattern LINE =
      Pattern.compile("^[^\\t]*\\t+ *(\\d+) ([A-Z][A-Za-z ]*)\\t(.*)$");

  private static final Pattern DEED =
      Pattern.compile("^(STOP|START|CHANGE|RESET|SET GLOBAL)\\b.*", Pattern.CASE_INSENSITIVE);

  private final Lab lab;
  private final String member;
  private final Path file;

  private GeneralLog(Lab lab, String member) {
    this.lab = lab;
    this.member = member;
    file = lab.directory().resolve(member + ".general.log").toAbsolutePath();
  }

  /** Has a server write everything down from here on. */
  static GeneralLog of(Lab lab, String member) throws SQLException {
    var log = new GeneralLog(lab, member);
    log.tell("SET GLOBAL log_output = 'FILE'");
    log.tell("SET GLOBAL general_log_file = '" + log.file + "'");
    log.tell("SET GLOBAL general_log = ON");
    return log;
  }

  /**
   * A line.
   *
   * @param connection its number on the server
   * @param by the user who made the connection; empty for one that was there before the log
   */
  record Line(long connection, String by, String command, String text) {

    /** Whether it changes replication, or what a server accepts. */
    boolean deed() {
      return command.equals("Query") && DEED.matcher(text).matches();
    }

    boolean asksForTheFence() {
      return text.contains("GET_LOCK('topiary.fence'");
    }

    boolean kills(long other) {
      return text.equals("KILL CONNECTION " + other);
    }
  }

  /** All up to now. */
  List<Line> lines() throws SQLException, IOException {
    // What stands before a line of our own has been done when that line is there.
    String mark = "SELECT '" + UUID.randomUUID() + "'";
    tell(mark);
    Until.holds("the mark is in the log", () -> read().anyMatch(l -> l.text().equals(mark)));
    return read().takeWhile(l -> !l.text().equals(mark)).toList();
  }

  private Stream<Line> read() throws IOException {
    Map<Long, String> users = new HashMap<>();
    return Files.readString(file, StandardCharsets.UTF_8)
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .map(
            m -> {
              long connection = Long.parseLong(m.group(1));
              if (m.group(2).equals("Connect") && m.group(3).contains("@")) {
                users.put(connection, m.group(3).substring(0, m.group(3).indexOf('@')));
              }
              return new Line(
                  connection, users.getOrDefault(connection, ""), m.group(2), m.group(3));
            });
  }

  private void tell(String sql) throws SQLException {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
