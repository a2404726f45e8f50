package topiary.app.security;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Says in a sentence why a node cannot be spoken with. */
public final class WhyNot {

  private static final int PATIENCE_MILLIS = 2_000;

  private static final Pattern NAME = Pattern.compile("No (subject alternative|name matching).*");
  private static final Pattern REFUSED =
      Pattern.compile(
          "(?i).*fatal alert:"
              + " (bad_certificate|certificate_|unknown_ca|handshake_failure|access_).*");

  private WhyNot() {}

  /**
   * The sentence, without its full stop; empty when nothing is known but that no node answers.
   *
   * @param node its address
   * @param fault what happened
   */
  public static Optional<String> words(URI node, Throwable fault) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      Optional<String> words = one(node, at);
      if (words.isPresent()) {
        return words;
      }
    }
    return "http".equals(node.getScheme()) && speaksTls(node)
        ? Optional.of("the node at " + node + " speaks HTTPS; its address begins with https://")
        : Optional.empty();
  }

  private static Optional<String> one(URI node, Throwable at) {
    String message = String.valueOf(at.getMessage());
    String the = "the certificate of the node at " + node;
    if (at instanceof CertificateExpiredException) {
      return Optional.of(the + " has expired" + message.replaceFirst("NotAfter: ", " on "));
    }
    if (at instanceof CertificateException && NAME.matcher(message).matches()) {
      return Optional.of(the + " is not made out to " + node.getHost());
    }
    if (message.contains("unable to find valid certification path")) {
      return Optional.of(
          the
              + " is signed by an authority that is not known here; name the file of its authority"
              + " with --ca or TOPIARY_CA");
    }
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return Optional.of(
          "what answers at "
              + node
              + " does not speak HTTPS; does its address begin with http://?");
    }
    return REFUSED.matcher(message).matches()
        ? Optional.of(
            "the node at " + node + " does not accept the certificate that was shown to it")
        : Optional.empty();
  }

  /** Whether TLS is spoken there, trusted or not. */
  private static boolean speaksTls(URI node) {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (Socket socket = new Socket()) {
      int port = node.getPort() < 0 ? 80 : node.getPort();
      socket.connect(new InetSocketAddress(node.getHost(), port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      try (var tls = (SSLSocket) factory.createSocket(socket, node.getHost(), port, false)) {
        tls.startHandshake();
        return true;
      }
    } catch (SSLHandshakeException e) {
      // Whoever shows a certificate, believed or not, speaks it.
      return e.getCause() instanceof CertificateException;
    } catch (IOException e) {
      return false;
    }
  }
}
