import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Writes what a package has to say of what others made: each library with its licence, as its own
 * pom names it, and the texts and notices that stand in its jar. Ends with 1, and a sentence for
 * each, when a library has a licence that is not on the list, or none.
 *
 * <p>{@code java Licences.java DEPENDENCIES ALLOWED LIB OUT}: what Maven lists with the artifacts'
 * paths; the list; the package's jars; the file to write.
 */
public final class Licences {

  private static final Pattern LISTED =
      Pattern.compile("\\s+([^:\\s]+):([^:]+):jar:(?:[^:]+:)?([^:]+):(?:runtime|compile):(\\S+).*");
  private static final Pattern NOTICE =
      Pattern.compile(
          "(?:META-INF/)?(?:[A-Za-z0-9._-]*/)?(?:LICENSE|LICENCE|NOTICE|COPYING)[A-Za-z0-9._-]*");

  private final Map<String, String> allowed;
  private final List<String> wrong = new ArrayList<>();

  private Licences(Map<String, String> allowed) {
    this.allowed = allowed;
  }

  private record Library(String group, String name, String version, Path jar) {
    Path pom() {
      String file = name + "-" + version + ".pom";
      return jar.resolveSibling(file);
    }

    @Override
    public String toString() {
      return group + ":" + name + " " + version;
    }
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 4) {
      System.err.println("Licences.java DEPENDENCIES ALLOWED LIB OUT");
      System.exit(2);
    }
    var licences = new Licences(allowed(Path.of(args[1])));
    String text = licences.of(listed(Path.of(args[0])), Path.of(args[2]));
    licences.wrong.forEach(sentence -> System.err.println("installers: " + sentence));
    if (!licences.wrong.isEmpty()) {
      System.exit(1);
    }
    Files.writeString(Path.of(args[3]), text);
  }

  /** From what poms call it to its short name. */
  private static Map<String, String> allowed(Path list) throws IOException {
    var allowed = new LinkedHashMap<String, String>();
    for (String line : Files.readAllLines(list)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\\s+=\\s+", 2);
        allowed.put(parts[0].strip(), parts[1].strip());
      }
    }
    return allowed;
  }

  private static Map<String, Library> listed(Path file) throws IOException {
    var listed = new TreeMap<String, Library>();
    for (String line : Files.readAllLines(file)) {
      // Colours, when Maven thinks it has a terminal, and the names of modules.
      Matcher m = LISTED.matcher(line.replaceAll("\u001b\\[[0-9;]*m", ""));
      if (m.matches() && !m.group(1).equals("topiary")) {
        Path jar = Path.of(m.group(4));
        listed.put(
            jar.getFileName().toString(), new Library(m.group(1), m.group(2), m.group(3), jar));
      }
    }
    return listed;
  }

  private String of(Map<String, Library> listed, Path lib)
      throws IOException, ParserConfigurationException, SAXException {
    var table = new StringBuilder();
    var texts = new LinkedHashMap<String, List<String>>();
    try (Stream<Path> jars = Files.list(lib)) {
      for (Path jar : jars.sorted().toList()) {
        String file = jar.getFileName().toString();
        if (!file.endsWith(".jar") || file.startsWith("topiary-")) {
          continue;
        }
        Library library = listed.get(file);
        if (library == null) {
          wrong.add(file + " is in the package and no dependency of it");
          continue;
        }
        table.append(line(library));
        for (String text : notices(jar)) {
          texts.computeIfAbsent(text, t -> new ArrayList<>()).add(file);
        }
      }
    }
    var all = new StringBuilder();
    all.append(
        """
        What Topiary is made with, by others, and under which licences. Each library is the jar of
        its name, as its makers published it, and can be replaced by another of the same name.
        The licences of the Java runtime and what is in it are in the folder runtime/legal.

        """);
    all.append(table);
    texts.forEach(
        (text, jars) ->
            all.append("\n")
                .append("=".repeat(78))
                .append("\nIn ")
                .append(String.join(", ", jars))
                .append(":\n\n")
                .append(text.stripTrailing())
                .append("\n"));
    return all.toString();
  }

  private String line(Library library)
      throws IOException, ParserConfigurationException, SAXException {
    var names = new ArrayList<String>();
    String home = "";
    Optional<Path> pom = Optional.of(library.pom());
    while (pom.isPresent()) {
      if (!Files.exists(pom.get())) {
        wrong.add(library + " has no pom at " + pom.get());
        break;
      }
      Element project = parse(pom.get()).getDocumentElement();
      if (names.isEmpty()) {
        for (Element licence : children(child(project, "licenses"), "license")) {
          text(child(licence, "name")).ifPresent(names::add);
        }
      }
      if (home.isEmpty()) {
        home =
            text(child(child(project, "scm"), "url"))
                .or(() -> text(child(project, "url")))
                .filter(url -> !url.contains("${"))
                .orElse("");
      }
      pom =
          names.isEmpty() || home.isEmpty()
              ? parent(pom.get(), project, library)
              : Optional.empty();
    }
    var words = new ArrayList<String>();
    for (String name : names) {
      String known = allowed.get(name.replaceAll("\\s+", " ").strip());
      if (known != null) {
        words.add(known);
      } else {
        wrong.add(
            library + " is under \"" + name + "\", which installers/licences/allowed has not");
      }
    }
    if (names.isEmpty()) {
      wrong.add(library + " names no licence in its pom");
    }
    return library
        + "\n    "
        + String.join(" or ", words)
        + (home.isEmpty() ? "" : "\n    " + home)
        + "\n";
  }

  /** A pom's parent, in the same repository. */
  private static Optional<Path> parent(Path pom, Element project, Library library) {
    Element parent = child(project, "parent");
    if (parent == null) {
      return Optional.empty();
    }
    String group = text(child(parent, "groupId")).orElse("");
    String name = text(child(parent, "artifactId")).orElse("");
    String version = text(child(parent, "version")).orElse("");
    // Up from repository/group/parts/name/version/file.
    Path root = library.jar();
    for (int up = library.group().split("\\.").length + 3; up > 0; up--) {
      root = root.getParent();
    }
    return Optional.of(
        root.resolve(group.replace('.', '/'))
            .resolve(name)
            .resolve(version)
            .resolve(name + "-" + version + ".pom"));
  }

  private static List<String> notices(Path jar) throws IOException {
    var texts = new ArrayList<String>();
    try (var zip = new ZipFile(jar.toFile())) {
      for (var entry : zip.stream().toList()) {
        if (!entry.isDirectory() && NOTICE.matcher(entry.getName()).matches()) {
          byte[] bytes = zip.getInputStream(entry).readAllBytes();
          texts.add(new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n"));
        }
      }
    }
    return texts;
  }

  // ---- XML

  private static Document parse(Path pom)
      throws IOException, ParserConfigurationException, SAXException {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(pom.toFile());
  }

  private static List<Element> children(Element of, String name) {
    var found = new ArrayList<Element>();
    for (Node n = of == null ? null : of.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static Element child(Element of, String name) {
    return children(of, name).stream().findFirst().orElse(null);
  }

  private static Optional<String> text(Element of) {
    return of == null
        ? Optional.empty()
        : Optional.of(of.getTextContent().strip()).filter(t -> !t.isEmpty());
  }
}
