package topiary.lab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.lab.Scratch;
import topiary.lab.base.Cache;

/** Where a lab cannot have a network of its own, it says why. */
class NetworkTest {
  private final Path scratch = Scratch.directory();
  private final Path programs = scratch.resolve("bin");

  @Test
  void aProgramThatIsMissingIsNamedWithItsPackage() throws Exception {
    link("unshare", "nsenter");
    assertSays(
        "a lab with a network of its own needs the program ip, which is not there; install the"
            + " package iproute2");
  }

  @Test
  void aKernelThatForbidsItIsQuoted() throws Exception {
    link("nsenter", "ip");
    Path unshare = programs.resolve("unshare");
    Files.writeString(
        unshare,
        "#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n");
    Files.setPosixFilePermissions(unshare, PosixFilePermissions.fromString("rwx------"));
    assertSays(
        "this machine lets its users make no networks (unshare: unshare failed: Operation not"
            + " permitted), so there is no lab with a network of its own; faults of links can be"
            + " had with proxies instead (lab up --proxied)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          up --netns --proxied       | --proxied and --netns exclude each other
          netns                      | netns needs a command to run
          netns --name x --          | netns needs a command to run
          netns --name               | the option --name needs a value
          netns --wide ls            | there is no option --wide here
          partition --to p           | the option --from is missing
          partition p                | "p" is one word too many
          """)
  void whatIsNotUnderstoodIsExplained(String line, String answer) {
    var terminal = new Terminal(Optional.of(Cache.at(scratch)));
    assertEquals(2, terminal.run(line.strip().split(" ")));
    assertEquals("lab: " + answer.strip() + "; see: lab help\n", terminal.err());
  }

  /** Runs both where only these programs, and a shell, are on the PATH. */
  private void assertSays(String sentence) throws IOException, InterruptedException {
    link("sh");
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                NetworkTrial.class.getName(),
                scratch.resolve("cache").toString())
            .redirectErrorStream(true);
    builder.environment().put("PATH", programs.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("lab: " + sentence + "\nskipped: " + sentence + "\n", said);
    assertEquals(1, process.waitFor());
    assertFalse(Files.exists(scratch.resolve("cache/labs/lab/lab.json")), "nothing was begun");
  }

  private void link(String... names) throws IOException {
    Files.createDirectories(programs);
    for (String name : names) {
      for (String folder : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")) {
        Path program = Path.of(folder, name);
        if (Files.exists(program) && !Files.exists(programs.resolve(name))) {
          Files.createSymbolicLink(programs.resolve(name), program);
        }
      }
      if (!Files.exists(programs.resolve(name))) {
        // Looked for by name and never run: the test is of those that are missing.
        Files.createFile(programs.resolve(name));
        Files.setPosixFilePermissions(
            programs.resolve(name), PosixFilePermissions.fromString("rwx------"));
      }
    }
  }
}
