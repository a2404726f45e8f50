package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;

/**
 * Gets packages of Debian by the machine's own apt, from the mirror that this machine uses, without
 * touching the system: lists, cache and status are private, and as far as this apt knows nothing is
 * installed, so it names everything a package needs. Needs no root. Packages are verified by
 * Debian's own keys.
 */
final class Apt {
  private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
  private static final String SECURITY = "-security";

  /** Where the lists of a release are on a mirror: {@code BASE/dists/SUITE/InRelease}. */
  private static final Pattern LIST = Pattern.compile("'([^' ]+?)/dists/([^' ]+)/InRelease'");

  private static final Pattern NEEDED = Pattern.compile("(?m)^Inst (\\S+) ");

  /** Perl is large, and no server links with it. */
  private static final Pattern LIBRARY = Pattern.compile("lib(?!perl).*|zlib1g");

  private final Path folder;

  /**
   * @param folder an empty one to work in
   */
  Apt(Path folder) {
    this.folder = folder;
    for (String program : List.of("apt-get", "dpkg-deb")) {
      if (!Commands.there(program)) {
        throw new LabException(
            "it comes as packages of Debian, and there is no "
                + program
                + " here to get them with; use another flavour, or name a server of your own with"
                + " --bin");
      }
    }
    if (!Files.isReadable(KEYRING)) {
      throw new LabException(
          "the keys to verify Debian's packages with are missing ("
              + KEYRING
              + "); install the package debian-archive-keyring");
    }
  }

  /**
   * Unpacks a package and the libraries it needs.
   *
   * @return the folder they are unpacked in
   */
  Path unpack(String suite, String wanted) {
    Path lists = folder.resolve("lists");
    Path cache = folder.resolve("cache");
    Path debs = folder.resolve("debs");
    Path root = folder.resolve("root");
    Disk.makePrivate(lists.resolve("partial"));
    Disk.makePrivate(cache.resolve("archives/partial"));
    Disk.makePrivate(debs);
    Disk.makePrivate(root);
    Disk.writePrivate(folder.resolve("status"), "");
    // Read after the system's configuration, of which proxies and mirrors' passwords remain. A
    // mirror
    // that stands still is good enough: what it has is verified all the same.
    Disk.writePrivate(
        folder.resolve("apt.conf"),
        """
        #clear APT::Update;
        #clear APT::Architectures;
        #clear APT::Default-Release;
        Dir::Etc::sourcelist "%1$s/sources.list";
        Dir::Etc::sourceparts "/dev/null";
        Dir::Etc::preferences "/dev/null";
        Dir::Etc::preferencesparts "/dev/null";
        Dir::State::lists "%1$s/lists";
        Dir::State::status "%1$s/status";
        Dir::State::extended_states "%1$s/extended_states";
        Dir::Cache "%1$s/cache";
        APT::Architecture "amd64";
        APT::Install-Recommends "false";
        APT::Sandbox::User "root";
        Acquire::Languages "none";
        Acquire::Check-Valid-Until "false";
        Acquire::Retries "3";
        Acquire::http::Timeout "30";
        Acquire::https::Timeout "30";
        """
            .formatted(folder));
    update(suite, wanted);
    List<String> words = apt("-q", "download");
    words.addAll(packages(wanted));
    run("cannot download the packages of " + wanted, in(debs, words));
    for (Path deb : Disk.list(debs)) {
      run(
          "cannot unpack " + deb.getFileName(),
          List.of("dpkg-deb", "-x", deb.toString(), root.toString()));
    }
    return root;
  }

  /** Takes the first mirror of this machine that has the suite. */
  private void update(String suite, String wanted) {
    Map<String, String> mirrors = mirrors();
    List<String> failures = new ArrayList<>();
    for (var mirror : mirrors.entrySet()) {
      if (mirror.getValue().endsWith(SECURITY)) {
        continue;
      }
      var sources = new StringBuilder(source(mirror.getKey(), suite));
      if (!suite.equals("sid")) {
        mirrors.entrySet().stream()
            .filter(m -> m.getValue().endsWith(SECURITY))
            .findFirst()
            .ifPresent(m -> sources.append(source(m.getKey(), suite + SECURITY)));
      }
      Disk.writePrivate(folder.resolve("sources.list"), sources.toString());
      Commands.Result result = Commands.run(apt("-q", "update"));
      // It ends well even when it got nothing.
      if (result.status() == 0
          && result.output().lines().noneMatch(l -> l.startsWith("Err:") || l.startsWith("E:"))) {
        return;
      }
      failures.add(reason(result.output()));
    }
    throw new LabException(
        failures.isEmpty()
            ? "apt on this machine is not configured with any mirror to get " + wanted + " from"
            : "no apt mirror of this machine gives Debian's "
                + suite
                + ", where "
                + wanted
                + " is ("
                + failures.getFirst()
                + "); try again when it is reachable, or name a server of your own with --bin");
  }

  private static String source(String mirror, String suite) {
    // Only the lists of packages: whatever else this system wants from mirrors is of no use here.
    return "deb [arch=amd64 signed-by=%s target=Packages] %s %s main\n"
        .formatted(KEYRING, mirror, suite);
  }

  /**
   * The mirrors of this machine's configuration, in its order, each with a suite it is used for.
   */
  private static Map<String, String> mirrors() {
    Commands.Result result = Commands.run(List.of("apt-get", "--print-uris", "update"));
    if (result.status() != 0) {
      throw new LabException(
          "apt on this machine cannot tell its mirrors: " + reason(result.output()));
    }
    Map<String, String> mirrors = new LinkedHashMap<>();
    for (MatchResult list : LIST.matcher(result.output()).results().toList()) {
      mirrors.putIfAbsent(list.group(1), list.group(2));
    }
    return mirrors;
  }

  private List<String> packages(String wanted) {
    String output =
        run(
            "the mirror has no " + wanted + " that could be installed",
            apt("-s", "-y", "--no-install-recommends", "install", wanted));
    return NEEDED
        .matcher(output)
        .results()
        .map(m -> m.group(1))
        .filter(p -> p.equals(wanted) || LIBRARY.matcher(p).matches())
        .toList();
  }

  private List<String> apt(String... words) {
    List<String> all =
        new ArrayList<>(List.of("apt-get", "-c", folder.resolve("apt.conf").toString()));
    all.addAll(List.of(words));
    return all;
  }

  /** A command to be run in a folder. */
  private static List<String> in(Path place, List<String> command) {
    List<String> words =
        new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", place.toString()));
    words.addAll(command);
    return words;
  }

  private static String run(String failure, List<String> command) {
    Commands.Result result = Commands.run(command);
    if (result.status() != 0) {
      throw new LabException(failure + ": " + reason(result.output()));
    }
    return result.output();
  }

  /** What a program complains of: its first error, else the last it said. */
  static String reason(String output) {
    return output
        .lines()
        .filter(l -> l.startsWith("E:") || l.startsWith("Err:") || l.contains("ERR!"))
        .findFirst()
        .orElseGet(() -> MariaDbTemplate.lastLines(output));
  }
}
