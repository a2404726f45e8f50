package topiary.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import topiary.app.config.MailConfig.Encryption;

/** Reads whom mail is sent to. */
final class MailReader {

  private static final Set<String> KEYS =
      Set.of("server", "from", "to", "user", "password", "startTls", "ca");

  private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>,;:\"()]+@[^\\s@<>,;:\"()]+");
  private static final int PLAIN_PORT = 25;
  private static final int TLS_PORT = 465;
  private static final int LAST_PORT = 65_535;

  /** Reads where a secret stands. */
  interface Secret {
    CredentialRule.Source read(Object value) throws BadConfig;
  }

  /** Reads a path. */
  interface Place {
    Path read(String text) throws BadConfig;
  }

  private final Path file;
  private final Secret secret;
  private final Place place;
  private Map<?, ?> json = Map.of();

  /**
   * A reader.
   *
   * @param file that it reads from
   * @param secret reads where the password stands
   * @param place reads where another file is
   */
  MailReader(Path file, Secret secret, Place place) {
    this.file = file;
    this.secret = secret;
    this.place = place;
  }

  MailConfig read(Object value) throws BadConfig {
    if (!(value instanceof Map<?, ?> mail)
        || !KEYS.containsAll(mail.keySet())
        || !mail.keySet().containsAll(Set.of("server", "from", "to"))) {
      throw bad(
          "takes as \"mail\" {\"server\", \"from\", \"to\", \"user\", \"password\", \"startTls\","
              + " \"ca\"}, of which the first three are needed");
    }
    json = mail;
    return read();
  }

  private BadConfig bad(String sentence) {
    return new BadConfig(file + ": \"notify\" " + sentence);
  }

  private MailConfig read() throws BadConfig {
    URI server = server();
    boolean tls = server.getScheme().equals("smtps");
    Optional<CredentialRule.Account> account = account();
    int port = server.getPort() >= 0 ? server.getPort() : tls ? TLS_PORT : PLAIN_PORT;
    Encryption encryption = encryption(tls, account.isPresent());
    return new MailConfig(
        // Of an address of version 6 without its brackets.
        server.getHost().replaceAll("^\\[|]$", ""),
        port,
        encryption,
        address("from", json.get("from")),
        to(),
        account,
        authority(encryption));
  }

  private URI server() throws BadConfig {
    try {
      if (json.get("server") instanceof String text) {
        var uri = new URI(text.strip());
        boolean whole =
            Set.of("smtp", "smtps").contains(String.valueOf(uri.getScheme()))
                && uri.getHost() != null
                && uri.getRawUserInfo() == null
                && Set.of("", "/").contains(uri.getRawPath())
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getPort() != 0
                && uri.getPort() <= LAST_PORT;
        if (whole) {
          return uri;
        }
      }
    } catch (URISyntaxException e) {
      // It may hold a password: the sentence below does without it.
    }
    throw bad(
        "takes as the \"server\" of \"mail\" smtp://host:port or smtps://host:port, without a user"
            + " or password");
  }

  /** Whoever logs in does so over an encrypted connection, unless it is said otherwise. */
  private Encryption encryption(boolean tls, boolean logsIn) throws BadConfig {
    Object start = json.containsKey("startTls") ? json.get("startTls") : !tls && logsIn;
    if (!(start instanceof Boolean starts)) {
      throw bad("takes as the \"startTls\" of \"mail\" true or false");
    }
    if (tls && starts) {
      throw bad(
          "takes no \"startTls\" in \"mail\" with smtps://, which is encrypted from its start");
    }
    return tls ? Encryption.TLS : starts ? Encryption.START_TLS : Encryption.NONE;
  }

  private Optional<Path> authority(Encryption encryption) throws BadConfig {
    if (!json.containsKey("ca")) {
      return Optional.empty();
    }
    if (!(json.get("ca") instanceof String text)
        || text.isBlank()
        || encryption == Encryption.NONE) {
      throw bad(
          "takes as the \"ca\" of \"mail\" the path of a PEM file, where the connection is"
              + " encrypted: with smtps://, or \"startTls\"");
    }
    Path authority = place.read(text);
    if (!Files.isReadable(authority)) {
      throw bad("names in \"mail\" as \"ca\" " + authority + ", which cannot be read");
    }
    return Optional.of(authority);
  }

  private Optional<CredentialRule.Account> account() throws BadConfig {
    if (json.containsKey("user") != json.containsKey("password")) {
      throw bad("takes in \"mail\" both of \"user\" and \"password\", or none");
    }
    if (!json.containsKey("user")) {
      return Optional.empty();
    }
    if (!(json.get("user") instanceof String user) || user.isBlank()) {
      throw bad("takes as the \"user\" of \"mail\" a name");
    }
    CredentialRule.Source password = secret.read(json.get("password"));
    try {
      Passwords.read(password);
    } catch (BadConfig e) {
      throw new BadConfig(file + ": \"notify\": " + e.getMessage(), e);
    }
    return Optional.of(new CredentialRule.Account(user, password));
  }

  private List<String> to() throws BadConfig {
    if (!(json.get("to") instanceof List<?> list) || list.isEmpty()) {
      throw bad("takes as the \"to\" of \"mail\" a list of addresses");
    }
    var to = new ArrayList<String>();
    for (Object one : list) {
      to.add(address("to", one));
    }
    return to;
  }

  private String address(String key, Object value) throws BadConfig {
    if (value instanceof String text && ADDRESS.matcher(text).matches()) {
      return text;
    }
    throw bad("takes in the \"" + key + "\" of \"mail\" addresses like dba@example.com");
  }
}
