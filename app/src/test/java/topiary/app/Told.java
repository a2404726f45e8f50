package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.scene.Node;
import topiary.app.cli.Exit;
import topiary.lab.Member;

/**
 * What is told of a server: by the API, by the command line, on the screen.
 *
 * @param rig the node
 * @param window the window on it
 */
record Told(Rig rig, WindowRig window) {

  private String filled(String pattern) {
    String text = pattern;
    for (Member m : rig.lab.members()) {
      String member = m.name();
      text = text.replace("@" + member, Pattern.quote(rig.address(member)));
    }
    return text;
  }

  /**
   * Waits until all three say it.
   *
   * @param condition the API's word
   * @param state a pattern for how the server is, in the tree and on the screen
   * @param sentence a pattern, {@code @r1} for the address of r1; empty for none
   */
  void said(String server, String condition, String state, String sentence) {
    var expected = Pattern.compile(filled(sentence));
    Until.holds(
        "the API says " + condition,
        () -> {
          var json = rig.http().get("instance?instance=" + rig.address(server)).json();
          boolean told =
              sentence.isEmpty()
                  || !condition.equals("SEEN") && expected.matcher(json.toString()).find()
                  || condition.equals("SEEN") && json.toString().contains("ioError={");
          if (!condition.equals(json.get("condition")) || !told) {
            throw new IllegalStateException(json.toString());
          }
          return true;
        });
    String line = Pattern.quote(rig.address(server)) + " +(" + state + ")";
    Until.holds(
        "the command line says " + state,
        () -> {
          var tree = rig.cli("topology");
          assertEquals(Exit.OK, tree.exit(), tree.err());
          if (!Pattern.compile(line).matcher(tree.out()).find()
              || !expected.matcher(tree.out()).find()) {
            throw new IllegalStateException(tree.out() + "\nlacks " + line + " or " + sentence);
          }
          return true;
        });
    Until.holds("the window says " + sentence, () -> shows(server, state, expected));
  }

  /**
   * Waits until a server is seen and well, and none of the three says this any more.
   *
   * @param sentence a pattern, as in {@link #said}
   */
  void wellAgain(String server, String sentence) {
    var gone = Pattern.compile(filled(sentence));
    Until.holds(
        "the API says no more " + sentence,
        () -> {
          var got = rig.http().get("instance?instance=" + rig.address(server));
          return no(gone, got.body()) && got.json().get("condition").equals("SEEN");
        });
    String line = Pattern.quote(rig.address(server)) + " +ok";
    Until.holds(
        "the command line says no more " + sentence,
        () -> {
          var tree = rig.cli("topology");
          assertEquals(Exit.OK, tree.exit(), tree.err());
          return no(gone, tree.out()) && Pattern.compile(line).matcher(tree.out()).find();
        });
    Until.holds(
        "the window says no more " + sentence,
        () -> {
          String rows = rows(server);
          return no(gone, rows) && Pattern.compile("State: ok").matcher(rows).find();
        });
  }

  private static boolean no(Pattern sentence, String text) {
    if (sentence.matcher(text).find()) {
      throw new IllegalStateException(text);
    }
    return true;
  }

  /** What the window says of a server that is selected. */
  String rows(String server) {
    List<String> rows =
        WindowRig.fx(
            () -> {
              window.shell().model().select(Optional.of(window.key(server)));
              return WindowRig.ROBOT.lookup(".detail-row").<Node>queryAll().stream()
                  .map(Node::getAccessibleText)
                  .toList();
            });
    return rows.stream().collect(Collectors.joining("\n"));
  }

  private boolean shows(String server, String state, Pattern sentence) {
    String all = rows(server);
    String first = state.split(" \\+")[0];
    boolean problem = sentence.pattern().contains(" receiving: ");
    if (!Pattern.compile("State: (" + first + ")").matcher(all).find()
        || !problem && !sentence.matcher(all).find()
        || problem && !all.contains("Problem: ")) {
      throw new IllegalStateException(all);
    }
    return true;
  }
}
