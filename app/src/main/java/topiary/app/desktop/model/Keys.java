package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What keys there are: for the sheet of keys, and for the manual. */
public final class Keys {

  /**
   * A line of the sheet.
   *
   * @param text what it does
   * @param keys which, each as it is written for people
   */
  public record Line(String text, List<String> keys) {
    public Line {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Lines that belong together.
   *
   * @param title in words
   * @param lines in order
   */
  public record Section(String title, List<Line> lines) {
    public Section {
      lines = List.copyOf(lines);
    }
  }

  private static final Section TREE =
      new Section(
          "Tree",
          List.of(
              new Line("Choose a server", List.of("Arrow keys")),
              new Line("Put down what is held", List.of("Enter")),
              new Line("Put it back, close what is open", List.of("Esc"))));

  private static final Section CLUSTERS =
      new Section(
          "Clusters",
          List.of(
              new Line("Choose a cluster", List.of("Arrow keys")),
              new Line("Open its tree", List.of("Enter")),
              new Line("Filter", List.of("Letters")),
              new Line("From the tree to all, and back", List.of("Esc"))));

  private static final Section PAST =
      new Section(
          "As it was",
          List.of(
              new Line("From the time to the changes", List.of("Down")),
              new Line("After the chosen change", List.of("Enter")),
              new Line("Before the chosen change", List.of("Shift+Enter")),
              new Line("On the line: to the mark before, to the next", List.of("Left", "Right")),
              new Line("On the line: to its beginning, to its end", List.of("Home", "End")),
              new Line("Ask again what changed", List.of("F5"))));

  private Keys() {}

  /** Every key, those of the tree first. */
  public static List<Section> all(Actions actions) {
    var sections = new ArrayList<Section>(List.of(TREE, CLUSTERS, PAST));
    for (Group group : Group.values()) {
      List<Line> lines =
          actions.in(group).stream()
              .filter(a -> !a.keys().isEmpty())
              .map(a -> new Line(a.text(), a.keys().stream().map(Keys::words).toList()))
              .toList();
      if (!lines.isEmpty()) {
        sections.add(new Section(group.title(), lines));
      }
    }
    return List.copyOf(sections);
  }

  /** A key as it is written for people. */
  public static String words(String key) {
    return key.length() == 1
        ? key
        : String.join(
            "+",
            Arrays.stream(key.split("\\+"))
                .map(part -> part.equals("Shortcut") ? "Ctrl" : part)
                .toList());
  }

  /** Whether a key counts everywhere in the window, also while somebody types. */
  public static boolean everywhere(String key) {
    return key.length() > 1 && (key.contains("+") || key.matches("F\\d+"));
  }
}
