package topiary.app.main;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import topiary.app.rehearse.MortalLog;

/**
 * The node that rehearsals start when it is to die at a moment of their choice: {@code topiary
 * node}, and {@link MortalLog} around its log. It is no command of the program.
 */
public final class MortalNode {

  private MortalNode() {}

  /**
   * Runs it.
   *
   * @param args the folder that {@link MortalLog} has, and then what stands behind {@code node}
   */
  public static void main(String[] args) {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    List<String> words = Arrays.asList(args);
    Path fate = Path.of(words.getFirst());
    int status =
        NodeCommand.run(words.subList(1, words.size()), out, err, log -> new MortalLog(log, fate))
            .code();
    out.flush();
    System.exit(status);
  }
}
