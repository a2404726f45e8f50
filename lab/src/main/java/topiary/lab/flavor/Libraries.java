package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;

/** Picks the shared libraries that programs need out of unpacked packages. */
final class Libraries {
  private static final List<String> PLACES =
      List.of("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu");
  private static final Pattern NEEDED = Pattern.compile("(\\S+) => (.+) \\(0x[0-9a-f]+\\)");

  private final List<Path> from;
  private final Path to;

  /**
   * @param root where the packages were unpacked
   * @param to the folder for the libraries, which is made
   */
  Libraries(Path root, Path to) {
    from = PLACES.stream().map(root::resolve).filter(Files::isDirectory).toList();
    this.to = to;
    Disk.makePrivate(to);
    Path loader =
        from.stream()
            .map(p -> p.resolve(Programs.LOADER))
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() -> new LabException("the packages hold no loader of programs (libc6)"));
    Disk.copy(loader, to.resolve(Programs.LOADER));
  }

  /**
   * Copies what these need and is not there yet.
   *
   * @throws LabException when the packages lack a library
   */
  void gather(List<Path> programs) {
    String path =
        String.join(":", Stream.concat(Stream.of(to), from.stream()).map(Path::toString).toList());
    for (Path program : programs) {
      Commands.Result result =
          Commands.run(
              List.of(
                  to.resolve(Programs.LOADER).toString(),
                  "--inhibit-cache",
                  "--library-path",
                  path,
                  "--list",
                  program.toString()));
      if (result.status() != 0 || result.output().contains("not found")) {
        throw new LabException(
            "the packages lack a library that "
                + program.getFileName()
                + " needs: "
                + MariaDbTemplate.lastLines(result.output()));
      }
      for (MatchResult needed : NEEDED.matcher(result.output()).results().toList()) {
        Path library = Path.of(needed.group(2));
        Path target = to.resolve(Path.of(needed.group(1)).getFileName());
        if (library.startsWith(to) || Files.exists(target)) {
          continue;
        }
        if (from.stream().noneMatch(library::startsWith)) {
          throw new LabException(
              "the packages lack "
                  + library.getFileName()
                  + ", which "
                  + program.getFileName()
                  + " needs; only the system has it");
        }
        Disk.copy(library, target);
      }
    }
  }
}
