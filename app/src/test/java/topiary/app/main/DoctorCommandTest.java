package topiary.app.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.cli.Exit;

final class DoctorCommandTest {

  private static final String SECRET = "gr0ssesGeheimnis";

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Exit run(Map<String, String> environment, String... args) {
    return DoctorCommand.run(
        List.of(args), environment, new PrintStream(out, true), new PrintStream(err, true));
  }

  private static Map<String, String> content(Path zip) throws IOException {
    var content = new TreeMap<String, String>();
    try (var file = new ZipFile(zip.toFile())) {
      for (var entry : file.stream().toList()) {
        byte[] bytes = file.getInputStream(entry).readAllBytes();
        content.put(entry.getName(), new String(bytes, StandardCharsets.UTF_8));
      }
    }
    return content;
  }

  @Test
  void nothingInTheBundleHoldsAPassword() throws IOException {
    Path password = Files.writeString(folder.resolve("password"), SECRET + "\n");
    Path log = Files.writeString(folder.resolve("log"), "denied with " + SECRET + " and ENVsecret");
    Path config =
        Files.writeString(
            folder.resolve("node.json"),
            """
            {"listen": "127.0.0.1:1", "credentials": [
              {"user": "a", "password": {"file": "%s"}}, {"user": "b", "password": {"env": "PW"}}],
             "notify": {"webhook": "https://chat.example/%s"}}
            """
                .formatted(password, SECRET));
    Path zip = folder.resolve("b.zip");
    Exit exit =
        run(
            Map.of("PW", "ENVsecret", "TOPIARY_API", "http://127.0.0.1:1"),
            zip.toString(),
            "--config",
            config.toString(),
            "--log",
            log.toString());
    // No node answers there, which is found.
    assertEquals(Exit.FAILED, exit);
    assertTrue(
        out.toString().contains("LOOK  no node answers at http://127.0.0.1:1"), out.toString());
    Map<String, String> content = content(zip);
    assertEquals("denied with <secret> and <secret>", content.get("node.log"));
    assertTrue(content.get("node.json").contains(password.toString()), content.toString());
    assertTrue(content.containsKey("about.json"), content.toString());
    assertFalse(content.toString().contains(SECRET), content.toString());
    assertFalse(content.toString().contains("ENVsecret"), content.toString());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(zip)));
  }

  @Test
  void aFileThatIsThereIsNotWrittenOver() throws IOException {
    Path zip = Files.writeString(folder.resolve("b.zip"), "mine");
    assertEquals(Exit.FAILED, run(Map.of("TOPIARY_API", "http://127.0.0.1:1"), zip.toString()));
    assertTrue(err.toString().contains("is there already"), err.toString());
    assertEquals("mine", Files.readString(zip));
  }

  @Test
  void whatIsNotUnderstoodIsSaid() {
    assertEquals(Exit.USAGE, run(Map.of(), "--nonsense", "x"));
    assertEquals(Exit.USAGE, run(Map.of(), "a.zip", "b.zip"));
    assertEquals(Exit.USAGE, run(Map.of(), "--config"));
  }
}
