package topiary.lab.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.LabException;

/**
 * A replication tree by names.
 *
 * @param members every server, each after its source; the first is the head
 */
public record Tree(List<Member> members) {
  /** The most servers that one lab may have. */
  public static final int MOST = 60;

  private static final int LONGEST_NAME = 40;

  /**
   * A place in the tree.
   *
   * @param source the name it replicates from; empty for the head
   */
  public record Member(String name, Optional<String> source) {}

  /** Copies the list. */
  public Tree {
    members = List.copyOf(members);
  }

  /**
   * Reads a tree such as {@code p(r1,r2(r3,r4))}; blanks between the parts are allowed.
   *
   * @throws LabException naming the position (from 1) and what was expected there
   */
  public static Tree parse(String text) {
    return new Parser(text).tree();
  }

  /** The name of the head. */
  public String head() {
    return members.getFirst().name();
  }

  /**
   * Whether a text can name a member or a lab: a letter, then letters, digits, {@code _} or {@code
   * -}, 40 at most.
   */
  public static boolean isName(String text) {
    return text.length() <= LONGEST_NAME && text.matches("[A-Za-z][A-Za-z0-9_-]*");
  }

  private static final class Parser {
    private final String text;
    private final List<Member> members = new ArrayList<>();
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Tree tree() {
      member(Optional.empty());
      if (peek() != 0) {
        throw expected("the end: a tree has one head");
      }
      return new Tree(members);
    }

    private void member(Optional<String> source) {
      String name = name();
      members.add(new Member(name, source));
      if (peek() == '(') {
        // The depth of the recursion is bounded by MOST.
        do {
          at++;
          member(Optional.of(name));
        } while (peek() == ',');
        if (peek() != ')') {
          throw expected("',' or ')'");
        }
        at++;
      }
    }

    private String name() {
      peek();
      int from = at;
      while (at < text.length() && isName("x" + text.charAt(at))) {
        at++;
      }
      String name = text.substring(from, at);
      if (!isName(name)) {
        at = from;
        throw name.length() > LONGEST_NAME
            ? expected("a name of at most " + LONGEST_NAME + " characters")
            : expected("a name that begins with a letter");
      }
      if (members.stream().anyMatch(m -> m.name().equals(name))) {
        at = from;
        throw expected("a name not used before, not a second '" + name + "'");
      }
      if (members.size() == MOST) {
        at = from;
        throw expected("the end: a lab has at most " + MOST + " servers");
      }
      return name;
    }

    /** The next character that is not blank, or 0 at the end. */
    private char peek() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private LabException expected(String what) {
      String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
      return new LabException(
          "the tree \"%s\" is wrong at position %d (%s): expected %s; write it like p(r1,r2(r3,r4))"
              .formatted(text, at + 1, found, what));
    }
  }
}
