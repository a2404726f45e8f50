import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java source below a folder, or with --check names those that are not formatted. */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean check = args[0].equals("--check");
    Path root = Path.of(args[args.length - 1]);
    List<Path> sources = new ArrayList<>();
    try (var walk = Files.walk(root)) {
      walk.filter(p -> p.toString().endsWith(".java"))
          .filter(p -> !root.relativize(p).toString().matches("(.*/)?(target|\\.git)/.*"))
          .sorted()
          .forEach(sources::add);
    }
    if (sources.isEmpty()) {
      System.err.println("no Java sources below " + root);
      System.exit(2);
    }
    List<Path> off = sources.parallelStream().filter(source -> !formatted(source, check)).toList();
    System.out.println(
        sources.size() + " sources, " + off.size() + (check ? " not formatted" : " rewritten"));
    off.forEach(p -> System.out.println("  " + root.relativize(p)));
    if (check && !off.isEmpty()) {
      System.out.println("run .ci/format");
      System.exit(1);
    }
  }

  /** Whether it was; else it is made so, unless it is only to be checked. */
  private static boolean formatted(Path source, boolean check) {
    try {
      String text = Files.readString(source);
      String wanted = new Formatter().formatSourceAndFixImports(text);
      boolean was = text.equals(wanted);
      if (!was && !check) {
        Files.writeString(source, wanted);
      }
      return was;
    } catch (IOException | FormatterException e) {
      throw new IllegalStateException(source + ": " + e.getMessage(), e);
    }
  }
}
