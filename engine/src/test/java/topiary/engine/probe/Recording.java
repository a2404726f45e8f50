package topiary.engine.probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/**
 * What a server was asked during one look, and what it answered; in a file, a line each: {@code #}
 * and its greeting, {@code >} and a question, then the rows, {@code column=value}, with an empty
 * line behind each, or {@code !} with the code and the words of a refusal.
 */
final class Recording {

  /** An answer: rows, or a refusal. */
  private record Answer(List<Map<String, String>> rows, int code, String refusal) {}

  private final String greeting;
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  private Recording(String greeting) {
    this.greeting = greeting;
  }

  /** A recording of a file. */
  static Recording read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    var recording = new Recording(lines.getFirst().substring(2));
    List<Map<String, String>> rows = List.of();
    boolean between = true;
    String question = "";
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("> ")) {
        question = line.substring(2);
        rows = new ArrayList<>();
        recording.answers.put(question, new Answer(rows, 0, ""));
        between = true;
      } else if (line.startsWith("! ")) {
        String[] parts = line.substring(2).split(" ", 2);
        recording.answers.put(
            question, new Answer(List.of(), Integer.parseInt(parts[0]), parts[1]));
      } else if (line.isEmpty()) {
        between = true;
      } else {
        if (between) {
          rows.add(new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
          between = false;
        }
        int equals = line.indexOf('=');
        rows.getLast()
            .put(line.substring(0, equals), line.substring(equals + 1).replace("\\n", "\n"));
      }
    }
    return recording;
  }

  void write(Path file, UnaryOperator<String> tidy) throws IOException {
    var text = new StringBuilder("# " + greeting + "\n");
    answers.forEach(
        (question, answer) -> {
          text.append("> ").append(question).append('\n');
          if (!answer.refusal().isEmpty()) {
            text.append("! " + answer.code() + " " + answer.refusal() + "\n");
          }
          for (Map<String, String> row : answer.rows()) {
            row.forEach((c, v) -> text.append(c + "=" + v.replace("\n", "\\n") + "\n"));
            text.append('\n');
          }
        });
    Files.createDirectories(file.getParent());
    Files.writeString(file, tidy.apply(text.toString()));
  }

  /** That it would have answered a question with no row, if it was not asked. */
  Recording none(String question) {
    answers.putIfAbsent(question, new Answer(List.of(), 0, ""));
    return this;
  }

  /** The questions, in order. */
  List<String> questions() {
    return List.copyOf(answers.keySet());
  }

  /** Servers that answer as this one did; what it was not asked is a mistake. */
  Fleet replay() {
    return (key, deadline) -> new Replay();
  }

  /** A fleet of real servers that writes down what one is asked. */
  static Fleet recording(Fleet real, Map<InstanceKey, Recording> into) {
    return (key, deadline) -> {
      Fleet.Session session = real.open(key, deadline);
      var recording = new Recording(session.version());
      into.put(key, recording);
      return recording.new Tap(session);
    };
  }

  /** A fleet that notes every question. */
  static Fleet listening(Fleet fleet, List<String> asked) {
    return (key, deadline) -> {
      Fleet.Session session = fleet.open(key, deadline);
      return new Recording(session.version()).new Tap(session) {
        @Override
        public Fleet.Rows ask(String sql, Deadline until) throws ServerTrouble {
          asked.add(sql);
          return super.ask(sql, until);
        }
      };
    };
  }

  private final class Replay implements Fleet.Session {

    @Override
    public String version() {
      return greeting;
    }

    @Override
    public Fleet.Rows ask(String sql, Deadline deadline) throws ServerTrouble {
      Answer answer = answers.get(sql);
      if (answer == null) {
        throw new IllegalStateException("not recorded: " + sql);
      }
      if (!answer.refusal().isEmpty()) {
        throw new ServerTrouble(Condition.SEEN, answer.code(), answer.refusal(), null);
      }
      return new Fleet.Rows(answer.rows());
    }

    @Override
    public void tell(String sql, Deadline deadline) {
      throw new IllegalStateException("a look changes nothing: " + sql);
    }

    @Override
    public boolean usable() {
      return true;
    }

    @Override
    public void close() {
      // There is nothing to be closed.
    }
  }

  private class Tap implements Fleet.Session {

    private final Fleet.Session session;

    Tap(Fleet.Session session) {
      this.session = session;
    }

    @Override
    public String version() {
      return session.version();
    }

    @Override
    public Fleet.Rows ask(String sql, Deadline deadline) throws ServerTrouble {
      try {
        Fleet.Rows rows = session.ask(sql, deadline);
        answers.put(sql, new Answer(rows.rows(), 0, ""));
        return rows;
      } catch (ServerTrouble trouble) {
        answers.put(sql, new Answer(List.of(), trouble.code(), trouble.getMessage()));
        throw trouble;
      }
    }

    @Override
    public void tell(String sql, Deadline deadline) throws ServerTrouble {
      session.tell(sql, deadline);
    }

    @Override
    public boolean usable() {
      return session.usable();
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
