package topiary.app.cert;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.face.Role;
import topiary.app.security.Certificates;
import topiary.app.security.Pem;

/** {@code topiary cert}: an authority, and what it signs for nodes and persons. */
public final class CertCommand {

  private static final String USAGE =
      """
      topiary: cert authority      --folder DIR [--days N] [--replace]
               cert node NAME      --folder DIR --host NAME_OR_ADDRESS [--host …] [--days N] [--replace]
               cert person NAME    --folder DIR [--read-only] [--days N] [--replace]
               cert show FILE
      """;

  /** Also the names of files, so nothing that leads out of the folder. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

  private static final int AUTHORITY_DAYS = 3_650;
  private static final int DAYS = 365;
  private static final int MOST_DAYS = 36_500;

  private final Wish wish;
  private final Instant now;
  private final PrintStream out;

  private CertCommand(Wish wish, Instant now, PrintStream out) {
    this.wish = wish;
    this.now = now;
    this.out = out;
  }

  /** Runs it, to the exit status. */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    try {
      Wish wish = Wish.read(args);
      return new CertCommand(wish, Instant.now(), out).run();
    } catch (Misunderstood e) {
      err.println("topiary: " + e.getMessage());
      err.print(USAGE);
      return Exit.USAGE;
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  /** Not a command line of this; the message says why. */
  private static final class Misunderstood extends Exception {
    private static final long serialVersionUID = 1L;

    Misunderstood(String sentence) {
      super(sentence);
    }
  }

  /**
   * What is wanted.
   *
   * @param what the second word
   * @param words what follows it that is no option
   * @param days 0 when it is not said
   */
  private record Wish(
      String what,
      List<String> words,
      Optional<Path> folder,
      List<String> hosts,
      int days,
      boolean readOnly,
      boolean replace) {

    static Wish read(List<String> args) throws Misunderstood {
      var words = new ArrayList<String>();
      var hosts = new ArrayList<String>();
      Optional<Path> folder = Optional.empty();
      int days = 0;
      boolean readOnly = false;
      boolean replace = false;
      for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
        String arg = rest.next();
        switch (arg) {
          case "--folder" -> folder = Optional.of(Path.of(value(arg, rest)));
          case "--host" -> hosts.add(value(arg, rest));
          case "--days" -> days = days(value(arg, rest));
          case "--read-only" -> readOnly = true;
          case "--replace" -> replace = true;
          default -> {
            if (arg.startsWith("--")) {
              throw new Misunderstood("cert has no option " + arg);
            }
            words.add(arg);
          }
        }
      }
      if (words.isEmpty()) {
        throw new Misunderstood("cert makes an authority, or what it signs for a node or a person");
      }
      String what = words.removeFirst();
      return new Wish(what, words, folder, hosts, days, readOnly, replace);
    }

    private static String value(String option, Iterator<String> rest) throws Misunderstood {
      String value = rest.hasNext() ? rest.next() : "--";
      if (value.startsWith("--")) {
        throw new Misunderstood(option + " needs a value");
      }
      return value;
    }

    private static int days(String text) throws Misunderstood {
      if (text.matches("\\d{1,6}")) {
        int days = Integer.parseInt(text);
        if (days >= 1 && days <= MOST_DAYS) {
          return days;
        }
      }
      throw new Misunderstood("--days takes a number from 1 to " + MOST_DAYS);
    }

    String word(String what) throws Misunderstood {
      if (words.size() != 1) {
        throw new Misunderstood("cert " + this.what + " needs " + what);
      }
      return words.getFirst();
    }

    Path in() throws Misunderstood {
      return folder.orElseThrow(
          () -> new Misunderstood("cert " + what + " needs --folder DIR, where the authority is"));
    }

    Duration time(int otherwise) {
      return Duration.ofDays(days == 0 ? otherwise : days);
    }

    void only(boolean good, String sentence) throws Misunderstood {
      if (!good) {
        throw new Misunderstood(sentence);
      }
    }
  }

  private Exit run() throws Misunderstood, BadConfig {
    switch (wish.what()) {
      case "authority" -> authority();
      case "node" -> node();
      case "person" -> person();
      case "show" -> show();
      default -> throw new Misunderstood("there is no \"cert " + wish.what() + "\"");
    }
    return Exit.OK;
  }

  private void authority() throws Misunderstood, BadConfig {
    wish.only(wish.words().isEmpty(), "cert authority takes no name");
    wish.only(wish.hosts().isEmpty() && !wish.readOnly(), "an authority has neither host nor role");
    CertificateFiles files = CertificateFiles.of(wish.in(), Authority.NAME);
    files.refuseExisting(wish.replace());
    X509Certificate made = Authority.make(files, now, wish.time(AUTHORITY_DAYS));
    out.println(
        files.certificate() + " is for every node and person: \"authority\" of a node, --ca.");
    out.println(files.key() + " signs; keep it to yourself, and away from the nodes.");
    out.println(until(made));
  }

  private void node() throws Misunderstood, BadConfig {
    wish.only(!wish.readOnly(), "--read-only is for persons");
    String name = name();
    CertificateFiles files = CertificateFiles.of(wish.in(), name);
    files.refuseExisting(wish.replace());
    List<Host> hosts = hosts(files);
    wish.only(!hosts.isEmpty(), "cert node needs --host, by which others reach it");
    sign(new Authority.Subject(name, Role.NODE, hosts), files);
    out.println(
        "It is made out to "
            + String.join(", ", hosts.stream().map(Host::text).toList())
            + ". In the node's file: \"tls\": {\"certificate\": …, \"key\": …, \"authority\": …}");
  }

  /** Those that are given; else, when there is one to replace, those it was made out to. */
  private List<Host> hosts(CertificateFiles files) throws BadConfig {
    List<String> given = wish.hosts();
    if (given.isEmpty() && Files.exists(files.certificate())) {
      given = Certificates.hosts(Pem.certificates(files.certificate()).getFirst());
    }
    var hosts = new ArrayList<Host>();
    for (String one : given) {
      hosts.add(Host.parse(one));
    }
    return hosts;
  }

  private void person() throws Misunderstood, BadConfig {
    wish.only(wish.hosts().isEmpty(), "--host is for nodes");
    String name = name();
    CertificateFiles files = CertificateFiles.of(wish.in(), name);
    files.refuseExisting(wish.replace());
    Role role = wish.readOnly() ? Role.READER : Role.OPERATOR;
    sign(new Authority.Subject(name, role, List.of()), files);
    out.println(
        name
            + (wish.readOnly() ? " may see everything." : " may do everything a person may.")
            + " On the command line: --ca, --cert and --key, or TOPIARY_CA, TOPIARY_CERT and"
            + " TOPIARY_KEY.");
  }

  private String name() throws Misunderstood {
    String name = wish.word("a NAME");
    wish.only(
        NAME.matcher(name).matches(),
        "a name is of letters, digits and . _ @ -, at most 63, and begins with one of the former");
    wish.only(!name.equals(Authority.NAME), "\"" + name + "\" is what the authority is called");
    return name;
  }

  private void sign(Authority.Subject subject, CertificateFiles files)
      throws Misunderstood, BadConfig {
    X509Certificate made = Authority.in(wish.in(), now).sign(subject, files, now, wish.time(DAYS));
    out.println(files.certificate() + " and its private key " + files.key() + " are made.");
    out.println(until(made));
  }

  private void show() throws Misunderstood, BadConfig {
    Path file = Path.of(wish.word("a FILE"));
    for (X509Certificate one : Pem.certificates(file)) {
      out.println(sentence(one) + " " + until(one));
    }
  }

  private static String sentence(X509Certificate one) {
    if (Certificates.authority(one)) {
      return "This is the authority \"" + Certificates.name(one) + "\".";
    }
    Optional<Role> role = Certificates.role(one);
    List<String> hosts = Certificates.hosts(one);
    return "This is the certificate of "
        + Certificates.name(one)
        + role.map(
                r ->
                    switch (r) {
                      case NODE -> ", a node";
                      case OPERATOR -> ", an operator";
                      case READER -> ", who may only read";
                    })
            .orElse(", who has no role here")
        + (hosts.isEmpty() ? "" : ", made out to " + String.join(", ", hosts))
        + ", signed by "
        + one.getIssuerX500Principal().getName()
        + ".";
  }

  private String until(X509Certificate one) {
    Instant end = Certificates.end(one);
    Instant begin = one.getNotBefore().toInstant();
    if (end.isBefore(now)) {
      return "It has expired on " + Certificates.words(end) + ".";
    }
    if (begin.isAfter(now)) {
      return "It does not hold before " + Certificates.words(begin) + ".";
    }
    long days = Duration.between(now, end).toDays();
    return "It holds until " + Certificates.words(end) + ", " + days + " days from now.";
  }
}
