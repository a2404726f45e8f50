package topiary.app.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import topiary.app.config.BadConfig;
import topiary.app.config.CredentialRule;
import topiary.app.config.Passwords;

/**
 * How a client shows a node who it is, and how it knows the node. Holds a password; prints none.
 */
public final class NodeLogin {

  /** Nobody, who knows nodes by the authorities Java knows. */
  public static final NodeLogin NONE =
      new NodeLogin(Optional.empty(), Optional.empty(), Optional.empty());

  /** The options of a command line that say it, without the dashes. */
  public static final Set<String> OPTIONS = Set.of("user", "password-file", "ca", "cert", "key");

  private final Optional<String> authorization;
  private final Optional<KeyManager> keys;
  private final Optional<TrustManager> trust;

  private NodeLogin(
      Optional<String> authorization, Optional<KeyManager> keys, Optional<TrustManager> trust) {
    this.authorization = authorization;
    this.keys = keys;
    this.trust = trust;
  }

  /**
   * What options say, else the environment.
   *
   * @param options some of {@link #OPTIONS}
   * @throws BadConfig when half of it is missing, or a file cannot be used
   */
  public static NodeLogin of(Map<String, String> options, Map<String, String> environment)
      throws BadConfig {
    Optional<Path> ca = path("ca", "TOPIARY_CA", options, environment);
    Optional<Path> certificate = path("cert", "TOPIARY_CERT", options, environment);
    Optional<Path> key = path("key", "TOPIARY_KEY", options, environment);
    if (certificate.isPresent() != key.isPresent()) {
      throw new BadConfig(
          "a certificate is shown with its key: --cert (TOPIARY_CERT) and --key"
              + " (TOPIARY_KEY) go together");
    }
    return new NodeLogin(
        word(options, environment),
        certificate.isEmpty()
            ? Optional.empty()
            : Optional.of(keys(certificate.get(), key.orElseThrow())),
        ca.isEmpty() ? Optional.empty() : Optional.of(trust(ca.get())));
  }

  private static TrustManager trust(Path ca) throws BadConfig {
    return Material.trusting(Pem.certificates(ca));
  }

  /**
   * The same with what somebody has typed.
   *
   * @param user whom they are; empty for whom this is
   * @param ca the file of the node's authority; empty for what this trusts
   * @throws BadConfig when it cannot be used
   */
  public NodeLogin with(String user, String password, String ca) throws BadConfig {
    try {
      return new NodeLogin(
          user.isBlank() ? authorization : Optional.of(basic(user.strip(), password)),
          keys,
          ca.isBlank() ? trust : Optional.of(trust(Path.of(ca.strip()))));
    } catch (InvalidPathException e) {
      throw new BadConfig("\"" + ca + "\" is not a path: " + e.getReason(), e);
    }
  }

  private static Optional<String> word(Map<String, String> options, Map<String, String> environment)
      throws BadConfig {
    Optional<String> user = given("user", "TOPIARY_USER", options, environment);
    Optional<Path> file = path("password-file", "TOPIARY_PASSWORD_FILE", options, environment);
    if (user.isEmpty() && file.isEmpty()) {
      // Those of orchestrator's own client.
      Optional<String> theirs = variable("ORCHESTRATOR_AUTH_USER", environment);
      return theirs.map(
          name -> basic(name, environment.getOrDefault("ORCHESTRATOR_AUTH_PASSWORD", "")));
    }
    if (user.isEmpty() || file.isEmpty()) {
      throw new BadConfig(
          "a user goes with a password: --user (TOPIARY_USER) and --password-file"
              + " (TOPIARY_PASSWORD_FILE), a file whose first line it is");
    }
    String password = Passwords.read(new CredentialRule.Source.InFile(file.get()));
    return Optional.of(basic(user.get(), password));
  }

  private static String basic(String user, String password) {
    byte[] words = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(words);
  }

  private static Optional<String> given(
      String option, String name, Map<String, String> options, Map<String, String> environment) {
    return Optional.ofNullable(options.get(option)).or(() -> variable(name, environment));
  }

  private static Optional<String> variable(String name, Map<String, String> environment) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
  }

  private static Optional<Path> path(
      String option, String name, Map<String, String> options, Map<String, String> environment)
      throws BadConfig {
    Optional<String> text = given(option, name, options, environment);
    try {
      return text.map(Path::of);
    } catch (InvalidPathException e) {
      throw new BadConfig("--" + option + " (" + name + ") is not a path: " + e.getReason(), e);
    }
  }

  private static KeyManager keys(Path certificate, Path key) throws BadConfig {
    List<X509Certificate> chain = Pem.certificates(certificate);
    Instant end = Certificates.end(chain.getFirst());
    if (end.isBefore(Instant.now())) {
      throw new BadConfig(
          "the certificate in " + certificate + " has expired on " + Certificates.words(end));
    }
    PrivateKey secret = Pem.key(key, chain.getFirst().getPublicKey().getAlgorithm());
    Material.fit(chain.getFirst(), secret, certificate, key);
    return keys(chain, secret);
  }

  static KeyManager keys(List<X509Certificate> chain, PrivateKey key) throws BadConfig {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return factory.getKeyManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new BadConfig("the certificate cannot be used: " + e, e);
    }
  }

  /** The header {@code Authorization}; empty when there is no password. */
  public Optional<String> authorization() {
    return authorization;
  }

  /** By what connections are made; empty for Java's own way. */
  public Optional<SSLContext> context() {
    return keys.isEmpty() && trust.isEmpty()
        ? Optional.empty()
        : Optional.of(ReloadingKeys.context(keys.orElse(null), trust.orElse(null)));
  }

  /** Why it is not used there: a password is not sent where others can read it. */
  public Optional<String> objection(URI node) {
    return authorization.isPresent() && !"https".equals(node.getScheme()) && !here(node)
        ? Optional.of("a password is not sent over plain HTTP to another machine; use https://")
        : Optional.empty();
  }

  private static boolean here(URI node) {
    try {
      return InetAddress.getByName(node.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // Nothing can be sent there either; that is said when it is tried.
      return true;
    }
  }
}
