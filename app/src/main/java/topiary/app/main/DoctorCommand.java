package topiary.app.main;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import topiary.app.cli.Exit;
import topiary.app.cli.RemoteCommand;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.Edition;
import topiary.app.config.Version;
import topiary.app.json.Json;

/**
 * Looks whether all is well, and writes what somebody who helps has to know to one file: what this
 * is and where it runs, what the node says, its file and its log. Names of hosts are in it;
 * passwords are not, wherever they may have been written.
 */
final class DoctorCommand {

  private static final String USAGE =
      "topiary: doctor [FILE.zip] [--config NODE.JSON] [--log FILE], and whom to ask: --api URL,"
          + " --ca FILE, --user NAME --password-file FILE, --cert FILE --key FILE";

  /** Where the node's package has it. */
  private static final Path INSTALLED = Path.of("/etc/topiary/node.json");

  private static final List<String> QUESTIONS =
      List.of(
          "health",
          "cluster",
          "clusters",
          "topology",
          "replication-analysis",
          "recoveries",
          "runs",
          "judgement-rules",
          "audit");

  /** So much of a log, from its end, in bytes. */
  private static final int LOG = 4 << 20;

  private static final int JOURNAL_SECONDS = 20;
  private static final long LEAST_DISK = 1L << 30;
  private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]*)\"");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Asked asked;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Set<String> secrets = new HashSet<>();
  private boolean well = true;

  private DoctorCommand(Asked asked, Map<String, String> environment, PrintStream out) {
    this.asked = asked;
    this.environment = environment;
    this.out = out;
  }

  /**
   * What the words after {@code doctor} ask for.
   *
   * @param whom the options that say whom to ask, and who asks
   */
  private record Asked(Path file, Optional<Path> config, Optional<Path> log, List<String> whom) {}

  static Exit run(
      List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) {
    Asked asked;
    try {
      asked = asked(args);
    } catch (IllegalArgumentException e) {
      err.println(USAGE);
      return Exit.USAGE;
    }
    try {
      return new DoctorCommand(asked, environment, out).run();
    } catch (FileAlreadyExistsException e) {
      err.println("topiary: " + asked.file() + " is there already; name another file");
      return Exit.FAILED;
    } catch (IOException e) {
      err.println("topiary: cannot write " + asked.file() + ": " + e);
      return Exit.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }

  private static Asked asked(List<String> args) {
    Optional<Path> file = Optional.empty();
    Optional<Path> config = Optional.empty();
    Optional<Path> log = Optional.empty();
    var whom = new ArrayList<String>();
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      boolean option = word.startsWith("--");
      if (option ? i + 1 == args.size() : file.isPresent()) {
        throw new IllegalArgumentException("too little, or too much");
      }
      switch (word) {
        case "--config" -> config = Optional.of(path(args.get(++i)));
        case "--log" -> log = Optional.of(path(args.get(++i)));
        case "--api", "--ca", "--user", "--password-file", "--cert", "--key" ->
            whom.addAll(List.of(word, args.get(++i)));
        default -> {
          if (option) {
            throw new IllegalArgumentException("no option of this");
          }
          file = Optional.of(path(word));
        }
      }
    }
    return new Asked(
        file.orElseGet(() -> Path.of("topiary-doctor-" + STAMP.format(Instant.now()) + ".zip")),
        config,
        log,
        whom);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("no path", e);
    }
  }

  private Exit run() throws IOException, InterruptedException {
    variable("TOPIARY_PASSWORD_FILE").ifPresent(f -> secret(Map.of("file", f)));
    variable("ORCHESTRATOR_AUTH_PASSWORD").ifPresent(secrets::add);
    about();
    config();
    node();
    log();
    write();
    out.println();
    out.println(
        "Written to "
            + asked.file()
            + ", for whoever helps: it names your hosts, and holds no passwords. Look into it"
            + " before you pass it on.");
    return well ? Exit.OK : Exit.FAILED;
  }

  private void say(boolean good, String sentence) {
    well &= good;
    out.println((good ? "  well  " : "  LOOK  ") + sentence);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
  }

  // ---- what is looked at

  private void about() {
    Runtime jvm = Runtime.getRuntime();
    var about = new LinkedHashMap<String, Object>();
    about.put("at", Instant.now().toString());
    about.put("version", Version.TEXT);
    about.put("build", Version.BUILD);
    about.put("package", Edition.here().name().toLowerCase(Locale.ROOT));
    for (String key :
        List.of("java.vm.version", "java.vendor", "os.name", "os.version", "os.arch", "user.dir")) {
      about.put(key, System.getProperty(key));
    }
    about.put("processors", jvm.availableProcessors());
    about.put("mostMemory", jvm.maxMemory());
    about.put("zone", ZoneId.systemDefault().toString());
    // Only which there are: some hold secrets.
    about.put(
        "variables",
        environment.keySet().stream()
            .filter(name -> name.matches("(TOPIARY|ORCHESTRATOR|JDK|JAVA)_.*"))
            .sorted()
            .toList());
    files.put("about.json", Json.text(about));
    say(true, "this is topiary " + Version.words());
  }

  private void config() {
    Path file = asked.config().orElse(INSTALLED);
    if (asked.config().isEmpty() && !Files.exists(file)) {
      return;
    }
    try {
      Map<String, Object> json = Json.object(Files.readAllBytes(file));
      files.put("node.json", Json.text(Redaction.config(json)));
      secrets(json);
    } catch (IOException e) {
      say(false, "the node's file " + file + " cannot be read: " + e);
      return;
    } catch (Json.BadJson e) {
      say(false, file + " is not JSON: " + e.getMessage());
      return;
    }
    // A client has not what is needed to understand it.
    if (Edition.here().holds("node")) {
      understood(file);
    }
  }

  private void understood(Path file) {
    try {
      Path folder = ConfigFile.read(file).dataFolder();
      say(true, file + " is understood");
      if (Files.exists(folder)) {
        long free = Files.getFileStore(folder).getUsableSpace();
        say(free >= LEAST_DISK, folder + " has " + (free >> 20) + " MiB free");
      }
    } catch (BadConfig e) {
      say(false, e.getMessage());
    } catch (IOException e) {
      say(false, "how much room the data folder has is not known: " + e);
    }
  }

  private void node() {
    for (String question : QUESTIONS) {
      var said = new ByteArrayOutputStream();
      var refused = new ByteArrayOutputStream();
      Exit end = ask(List.of(question, "--json"), said, refused);
      String no = refused.toString(StandardCharsets.UTF_8);
      files.put(
          "node/" + question + (end == Exit.OK ? ".json" : ".txt"),
          end == Exit.OK ? said.toString(StandardCharsets.UTF_8) : no);
      if (question.equals("health")) {
        boolean reached = health(end, no);
        if (!reached) {
          return;
        }
      }
    }
  }

  private boolean health(Exit end, String no) {
    if (end == Exit.UNREACHABLE || end == Exit.CONFIG || end == Exit.USAGE) {
      say(false, no.strip().replaceFirst("^topiary: ", ""));
      return false;
    }
    var said = new ByteArrayOutputStream();
    var refused = new ByteArrayOutputStream();
    Exit again = ask(List.of("health"), said, refused);
    String words = (again == Exit.OK ? said : refused).toString(StandardCharsets.UTF_8).strip();
    boolean warned = words.contains("\nwarning: ") || words.contains("\nnot seen yet: ");
    say(again == Exit.OK && !warned, "the node: " + words.replace("\n", "\n        "));
    Matcher version = VERSION.matcher(files.getOrDefault("node/health.json", ""));
    if (version.find()) {
      boolean same = version.group(1).equals(Version.TEXT);
      say(same, "the node is of version " + version.group(1) + (same ? "" : ", this is not"));
    }
    return true;
  }

  private Exit ask(List<String> words, ByteArrayOutputStream said, ByteArrayOutputStream refused) {
    var all = new ArrayList<>(words);
    all.addAll(asked.whom());
    return new RemoteCommand(
            environment,
            false,
            Reader.nullReader(),
            new PrintStream(said, true, StandardCharsets.UTF_8),
            new PrintStream(refused, true, StandardCharsets.UTF_8))
        .run(all);
  }

  private void log() throws InterruptedException {
    if (asked.log().isPresent()) {
      Path log = asked.log().get();
      try (var file = Files.newByteChannel(log)) {
        long skipped = Math.max(0, file.size() - LOG);
        file.position(skipped);
        byte[] end = Channels.newInputStream(file).readNBytes(LOG);
        files.put("node.log", new String(end, StandardCharsets.UTF_8));
      } catch (IOException e) {
        say(false, "the log " + log + " cannot be read: " + e);
      }
      return;
    }
    if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
      return;
    }
    try {
      Path log = Files.createTempFile("topiary-doctor", ".log");
      try {
        Process journal =
            new ProcessBuilder("journalctl", "-u", "topiary-node", "-n", "5000", "--no-pager")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!journal.waitFor(JOURNAL_SECONDS, TimeUnit.SECONDS)) {
          journal.destroyForcibly();
        }
        files.put("node.log", Files.readString(log));
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      say(false, "the journal cannot be read: " + e.getMessage());
    }
  }

  // ---- what nobody is to read

  /** Whatever a node's file calls a password, and what can be read where it says it is. */
  private void secrets(Object json) {
    switch (json) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                boolean secret = key.equals("password") || key.equals("webhook");
                if (secret && value instanceof Map<?, ?> source) {
                  secret(source);
                } else if (secret && value instanceof String text) {
                  secrets.add(text);
                } else {
                  secrets(value);
                }
              });
      case List<?> list -> list.forEach(this::secrets);
      case null, default -> {}
    }
  }

  /** Read as it is, also where a node would say that too many can read it. */
  private void secret(Map<?, ?> source) {
    if (source.get("env") instanceof String name && environment.containsKey(name)) {
      secrets.add(environment.get(name));
    }
    if (source.get("file") instanceof String file) {
      try {
        Files.readString(Path.of(file)).lines().findFirst().ifPresent(secrets::add);
      } catch (IOException | InvalidPathException e) {
        // From there it has not come into the bundle either.
        files.merge("unread.txt", "cannot read " + file + ": " + e + "\n", String::concat);
      }
    }
  }

  private void write() throws IOException {
    Files.createFile(
        asked.file(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var zip =
        new ZipOutputStream(Files.newOutputStream(asked.file(), StandardOpenOption.WRITE))) {
      for (var file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(Redaction.text(file.getValue(), secrets).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }
}
