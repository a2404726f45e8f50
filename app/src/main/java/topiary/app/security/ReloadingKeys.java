package topiary.app.security;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import topiary.app.config.BadConfig;
import topiary.app.config.TlsFiles;
import topiary.app.face.Role;

/**
 * A node's key, certificate and authority, always as its files were when they last were good. What
 * it gives out (managers, contexts) may be kept: each new connection is made with the newest files.
 * Safe for use by many threads.
 */
public final class ReloadingKeys {

  /** So long before a certificate ends, it is said. */
  public static final Duration WARNING = Duration.ofDays(14);

  private static final System.Logger LOG = System.getLogger(ReloadingKeys.class.getName());

  /** What is used, and what was before it, for connections that are just being made. */
  private record Generation(long number, Material material, Optional<Material> before) {}

  private final TlsFiles files;
  private final InstantSource clock;
  private volatile Generation generation;
  private volatile Optional<String> trouble = Optional.empty();
  private Stamp stamp;

  /**
   * Reads the files.
   *
   * @throws BadConfig when they cannot be used
   */
  public ReloadingKeys(TlsFiles files, InstantSource clock) throws BadConfig {
    this.files = files;
    this.clock = clock;
    this.stamp = Stamp.of(files.all());
    this.generation = new Generation(0, Material.read(files, clock.instant()), Optional.empty());
  }

  /**
   * Reads the files again when they have changed. What cannot be used changes nothing, and is
   * logged and told by {@link #warnings}.
   */
  public synchronized void refresh() {
    Stamp now = Stamp.of(files.all());
    if (now.equals(stamp)) {
      return;
    }
    stamp = now;
    try {
      Material fresh = Material.read(files, clock.instant());
      generation =
          new Generation(generation.number() + 1, fresh, Optional.of(generation.material()));
      trouble = Optional.empty();
      LOG.log(
          System.Logger.Level.INFO,
          "the certificate in "
              + files.certificate()
              + " was read again and holds until "
              + Certificates.words(Certificates.end(fresh.chain()[0])));
    } catch (BadConfig e) {
      String words = "the certificate of before is still used: " + e.getMessage();
      trouble = Optional.of(words);
      LOG.log(System.Logger.Level.WARNING, words);
    }
  }

  /** What somebody should look at, in sentences. */
  public List<String> warnings() {
    var warnings = new ArrayList<String>();
    trouble.ifPresent(warnings::add);
    Material now = generation.material();
    ends("this node's certificate, in " + files.certificate() + ",", now.chain()[0], warnings);
    for (X509Certificate authority : now.authorities()) {
      ends("the authority, in " + files.authority() + ",", authority, warnings);
    }
    return warnings;
  }

  private void ends(String what, X509Certificate certificate, List<String> warnings) {
    Instant end = Certificates.end(certificate);
    Instant now = clock.instant();
    if (end.isBefore(now)) {
      warnings.add(what + " has expired on " + Certificates.words(end));
    } else if (end.isBefore(now.plus(WARNING))) {
      warnings.add(what + " ends on " + Certificates.words(end));
    }
  }

  /** The node's own certificate. */
  public X509Certificate certificate() {
    return generation.material().chain()[0];
  }

  /**
   * What the owner of a certificate may do: empty when the authority of now has not signed it, it
   * has expired, or it names no role.
   *
   * @param chain the certificate, and those that lead to its authority
   */
  public Optional<Role> role(X509Certificate[] chain) {
    return generation.material().accepts(chain, clock.instant())
        ? Certificates.role(chain[0])
        : Optional.empty();
  }

  // ---- for whoever makes connections

  /** Shows the newest certificate. */
  public X509ExtendedKeyManager keyManager() {
    return new Keys();
  }

  /** Trusts whom the newest authority has signed: nodes and persons. */
  public X509ExtendedTrustManager trustManager() {
    return new Trust(false);
  }

  /** Trusts whom the newest authority has signed as a node, and no person. */
  public X509ExtendedTrustManager nodeTrust() {
    return new Trust(true);
  }

  /** A context of both, for servers and clients. */
  public SSLContext context() {
    return context(keyManager(), trustManager());
  }

  /** A context for asking other nodes, which a person's certificate cannot pose as. */
  public SSLContext nodeContext() {
    return context(keyManager(), nodeTrust());
  }

  static SSLContext context(KeyManager keys, TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys == null ? null : new KeyManager[] {keys},
          trust == null ? null : new TrustManager[] {trust},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** An alias is the number of a generation, so that key and certificate are of the same one. */
  private final class Keys extends X509ExtendedKeyManager {

    private String alias(String... kinds) {
      Generation now = generation;
      String own = now.material().key().getAlgorithm();
      for (String kind : kinds) {
        if (kind.equals(own) || kind.startsWith(own + "_")) {
          return Long.toString(now.number());
        }
      }
      return null;
    }

    private Material of(String alias) {
      Generation now = generation;
      boolean older = !Long.toString(now.number()).equals(alias);
      return older ? now.before().orElse(now.material()) : now.material();
    }

    @Override
    public String[] getClientAliases(String kind, Principal[] issuers) {
      String alias = alias(kind);
      return alias == null ? null : new String[] {alias};
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
      return alias(kinds);
    }

    @Override
    public String chooseEngineClientAlias(String[] kinds, Principal[] issuers, SSLEngine engine) {
      return alias(kinds);
    }

    @Override
    public String[] getServerAliases(String kind, Principal[] issuers) {
      return getClientAliases(kind, issuers);
    }

    @Override
    public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
      return alias(kind);
    }

    @Override
    public String chooseEngineServerAlias(String kind, Principal[] issuers, SSLEngine engine) {
      return alias(kind);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return of(alias).chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return of(alias).key();
    }
  }

  private final class Trust extends X509ExtendedTrustManager {

    private final boolean nodesOnly;

    Trust(boolean nodesOnly) {
      this.nodesOnly = nodesOnly;
    }

    private X509ExtendedTrustManager now() {
      return generation.material().trust();
    }

    private void sort(X509Certificate[] chain) throws CertificateException {
      if (nodesOnly && !Certificates.role(chain[0]).equals(Optional.of(Role.NODE))) {
        throw new CertificateException(
            "the certificate of " + Certificates.name(chain[0]) + " is not that of a node");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
        throws CertificateException {
      now().checkClientTrusted(chain, kind, socket);
      sort(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
        throws CertificateException {
      now().checkClientTrusted(chain, kind, engine);
      sort(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      now().checkClientTrusted(chain, kind);
      sort(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
        throws CertificateException {
      now().checkServerTrusted(chain, kind, socket);
      sort(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
        throws CertificateException {
      now().checkServerTrusted(chain, kind, engine);
      sort(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      now().checkServerTrusted(chain, kind);
      sort(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return now().getAcceptedIssuers();
    }
  }
}
