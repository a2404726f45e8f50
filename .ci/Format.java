import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java source below a folder, or with --check names those that are not formatted. */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean check = args[0].equals("--check");
    Path root = Path.of(args[args.length - 1]);
    var formatter = new Formatter();
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
    List<Path> off = new ArrayList<>();
    for (Path source : sources) {
      String text = Files.readString(source);
      String wanted = formatter.formatSourceAndFixImports(text);
      if (!text.equals(wanted)) {
        off.add(root.relativize(source));
        if (!check) {
          Files.writeString(source, wanted);
        }
      }
    }
    System.out.println(
        sources.size() + " sources, " + off.size() + (check ? " not formatted" : " rewritten"));
    off.forEach(p -> System.out.println("  " + p));
    if (check && !off.isEmpty()) {
      System.out.println("run .ci/format");
      System.exit(1);
    }
  }
}
