package topiary.app;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import topiary.app.cert.CertCommand;
import topiary.app.cli.Exit;
import topiary.app.config.TlsFiles;

/**
 * Certificates as {@code topiary cert} makes them.
 *
 * @param folder where they are
 */
public record Certs(Path folder) {

  /** What a call came to. */
  public record Ended(Exit exit, String out, String err) {}

  /** An authority in a folder, and a node reached by 127.0.0.1 and localhost. */
  public static Certs in(Path folder) {
    var certs = new Certs(folder);
    certs.make("authority");
    certs.node("n1", "127.0.0.1", "localhost");
    return certs;
  }

  public static Ended run(List<String> args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Exit exit =
        CertCommand.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Ended(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  public Ended tried(String... words) {
    var args = new ArrayList<>(List.of(words));
    args.addAll(List.of("--folder", folder.toString()));
    return run(args);
  }

  public String make(String... words) {
    Ended ended = tried(words);
    if (ended.exit() != Exit.OK) {
      throw new AssertionError(ended);
    }
    return ended.out();
  }

  public void node(String name, String... hosts) {
    var words = new ArrayList<>(List.of("node", name, "--replace"));
    for (String host : hosts) {
      words.addAll(List.of("--host", host));
    }
    make(words.toArray(String[]::new));
  }

  public Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  public Path key(String name) {
    return folder.resolve(name + ".key");
  }

  public Path authority() {
    return certificate("ca");
  }

  public TlsFiles files(String name) {
    return new TlsFiles(certificate(name), key(name), authority());
  }
}
