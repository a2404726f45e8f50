package topiary.lab.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import topiary.lab.base.LabException;

/**
 * A replication tree by names.
 *
 * @param members every server, each after its first source; the first is a head
 */
public record Tree(List<Member> members) {
  /** The most servers that one lab may have. */
  public static final int MOST = 60;

  private static final int LONGEST_NAME = 40;

  /**
   * A place in the tree.
   *
   * @param sources the names it replicates from, the first one first
   * @param head whether it takes writes: it has no source, or is the first of two co-masters
   */
  public record Member(String name, List<String> sources, boolean head) {
    /** Copies the list. */
    public Member {
      sources = List.copyOf(sources);
    }

    /** Its first source. */
    public Optional<String> source() {
      return sources.stream().findFirst();
    }

    private Member with(String source) {
      List<String> more = new ArrayList<>(sources);
      more.add(source);
      return new Member(name, more, head);
    }
  }

  /** Copies the list. */
  public Tree {
    members = List.copyOf(members);
  }

  /**
   * Reads a tree. Blanks between the parts are allowed.
   *
   * <ul>
   *   <li>{@code p(r1,r2(r3,r4))}: p with the replicas r1 and r2, r3 and r4 below r2;
   *   <li>{@code p<>q(r1)}: p and q are co-masters, replicating from each other; p takes writes, q
   *       is read-only and has the replica r1;
   *   <li>{@code p(m),q(m)}: two heads, and m replicates from both. A name that was used before
   *       makes that server replicate from another source too; what is below it stands where it is
   *       first named.
   * </ul>
   *
   * @throws LabException naming the position (from 1) and what was expected there
   */
  public static Tree parse(String text) {
    return new Parser(text).tree();
  }

  /** The name of the first head. */
  public String head() {
    return members.getFirst().name();
  }

  /** The names of those that take writes. */
  public List<String> heads() {
    return members.stream().filter(Member::head).map(Member::name).toList();
  }

  /** The names of those that take writes, or are meant to at another time: heads and co-masters. */
  public List<String> writers() {
    return members.stream()
        .filter(m -> m.head() || members.stream().anyMatch(h -> pair(h, m)))
        .map(Member::name)
        .toList();
  }

  private static boolean pair(Member head, Member other) {
    return head.head()
        && head.sources().contains(other.name())
        && other.sources().contains(head.name());
  }

  /** The heads from which a member gets what it has, in the tree's order, itself left out. */
  public List<String> headsAbove(String name) {
    Set<String> above = above(members, name);
    return heads().stream().filter(h -> !h.equals(name) && above.contains(h)).toList();
  }

  /** Whether a server has more than one source. */
  public boolean multiSource() {
    return members.stream().anyMatch(m -> m.sources().size() > 1);
  }

  /** All from whom a member gets anything, directly or not. */
  private static Set<String> above(List<Member> members, String name) {
    Set<String> found = new HashSet<>();
    List<String> ask = new ArrayList<>(List.of(name));
    while (!ask.isEmpty()) {
      String next = ask.removeFirst();
      members.stream()
          .filter(m -> m.name().equals(next))
          .flatMap(m -> m.sources().stream())
          .filter(found::add)
          .forEach(ask::add);
    }
    return found;
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
      head();
      while (peek() == ',') {
        at++;
        head();
      }
      if (peek() != 0) {
        throw expected("the end, or ',' and another head");
      }
      return new Tree(members);
    }

    private void head() {
      String first = newName();
      members.add(new Member(first, List.of(), true));
      replicas(first);
      if (peek() == '<') {
        at++;
        if (peek() != '>') {
          throw expected("'>' after '<' between two co-masters");
        }
        at++;
        String second = newName();
        members.add(new Member(second, List.of(first), false));
        follow(first, second);
        replicas(second);
        if (peek() == '<') {
          throw expected("the end or ',': co-masters are two");
        }
      }
    }

    private void replicas(String source) {
      if (peek() == '(') {
        // The depth of the recursion is bounded by MOST.
        do {
          at++;
          replica(source);
        } while (peek() == ',');
        if (peek() != ')') {
          throw expected("',' or ')'");
        }
        at++;
      }
    }

    private void replica(String source) {
      peek();
      int from = at;
      String name = name();
      Optional<Member> known = member(name);
      if (known.isEmpty()) {
        add(from, new Member(name, List.of(source), false));
        replicas(name);
        return;
      }
      if (name.equals(source) || above(members, source).contains(name)) {
        at = from;
        throw expected(
            "a name not used before, not '"
                + name
                + "', which "
                + source
                + " replicates from: only co-masters may go in a circle, as in p<>q");
      }
      if (known.get().sources().contains(source)) {
        at = from;
        throw expected("a name not used before, not a second '" + name + "' below " + source);
      }
      if (known.get().head()) {
        at = from;
        throw expected("a name not used before, not '" + name + "', which is a head");
      }
      follow(name, source);
      if (peek() == '(') {
        throw expected("',' or ')': what is below '" + name + "' stands where it is first named");
      }
    }

    private void follow(String name, String source) {
      members.replaceAll(m -> m.name().equals(name) ? m.with(source) : m);
    }

    private Optional<Member> member(String name) {
      return members.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    private String newName() {
      peek();
      int from = at;
      String name = name();
      if (member(name).isPresent()) {
        at = from;
        throw expected("a name not used before, not a second '" + name + "'");
      }
      full(from);
      return name;
    }

    private void add(int from, Member member) {
      full(from);
      members.add(member);
    }

    private void full(int from) {
      if (members.size() == MOST) {
        at = from;
        throw expected("the end: a lab has at most " + MOST + " servers");
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
