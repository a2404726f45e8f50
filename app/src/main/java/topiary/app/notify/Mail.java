package topiary.app.notify;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import topiary.app.config.BadConfig;
import topiary.app.config.CredentialRule;
import topiary.app.config.MailConfig;
import topiary.app.config.MailConfig.Encryption;
import topiary.app.config.Passwords;
import topiary.app.json.Json;
import topiary.app.security.Authorities;

/**
 * Sends what is told as mail, a mail a message. The password, and the authority whose word is taken
 * for who the server is, are read anew each time; nothing that a mail server says is shown but its
 * codes.
 */
public final class Mail implements Receiver {

  private static final int CONNECT_MILLIS = 3_000;
  private static final int ANSWER_MILLIS = 10_000;

  /** So many findings are mailed with their evidence. */
  private static final int WITH_EVIDENCE = 20;

  private final MailConfig config;

  public Mail(MailConfig config) {
    this.config = config;
  }

  private static Properties properties(MailConfig config) throws BadConfig {
    // Both protocols are the same class, which asks for its own properties.
    String smtp = "mail." + protocol(config) + ".";
    var p = new Properties();
    p.setProperty(smtp + "connectiontimeout", Integer.toString(CONNECT_MILLIS));
    p.setProperty(smtp + "timeout", Integer.toString(ANSWER_MILLIS));
    p.setProperty(smtp + "auth", Boolean.toString(config.account().isPresent()));
    p.setProperty(smtp + "ssl.checkserveridentity", "true");
    boolean starts = config.encryption() == Encryption.START_TLS;
    p.setProperty(smtp + "starttls.enable", Boolean.toString(starts));
    p.setProperty(smtp + "starttls.required", Boolean.toString(starts));
    p.setProperty(smtp + "from", config.from());
    if (config.authority().isPresent()) {
      // No text: an object of ours.
      p.put(
          smtp + "ssl.socketFactory", Authorities.in(config.authority().get()).getSocketFactory());
    }
    return p;
  }

  private static String protocol(MailConfig config) {
    return config.encryption() == Encryption.TLS ? "smtps" : "smtp";
  }

  @Override
  public void take(byte[] json) throws IOException {
    try {
      send(Json.object(json));
    } catch (Json.BadJson e) {
      throw new IllegalArgumentException(e);
    } catch (BadConfig e) {
      throw new IOException(e.getMessage(), e);
    } catch (MessagingException e) {
      throw new IOException(config.host() + " " + why(e), e);
    }
  }

  private void send(Map<String, Object> told) throws MessagingException, BadConfig {
    Session session = Session.getInstance(properties(config));
    var mail = new MimeMessage(session);
    mail.setFrom(new InternetAddress(config.from()));
    for (String to : config.to()) {
      mail.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    mail.setSubject(subject(told), StandardCharsets.UTF_8.name());
    mail.setText(text(told), StandardCharsets.UTF_8.name());
    mail.setSentDate(new Date());
    // So that nobody's absence is answered to a program.
    mail.setHeader("Auto-Submitted", "auto-generated");
    Optional<CredentialRule.Account> account = config.account();
    String password = account.isPresent() ? Passwords.read(account.get().password()) : null;
    try (Transport transport = session.getTransport(protocol(config))) {
      String user = account.map(CredentialRule.Account::user).orElse(null);
      transport.connect(config.host(), config.port(), user, password);
      mail.saveChanges();
      transport.sendMessage(mail, mail.getAllRecipients());
    }
  }

  /** The first of what is told, and how many more there are. */
  static String subject(Map<String, Object> told) {
    List<? extends Map<?, ?>> events = events(told);
    if (events.isEmpty()) {
      return "Topiary";
    }
    Map<?, ?> first = events.getFirst();
    String what =
        switch (String.valueOf(first.get("event"))) {
          case "end" -> "is over: " + first.get("code");
          case "readiness" -> "readiness " + first.get("to");
          default -> String.valueOf(first.get("code"));
        };
    int more = events.size() - 1;
    return "Topiary: "
        + first.get("instance")
        + " "
        + what
        + (more == 0 ? "" : ", and " + more + " more");
  }

  /** What is told in words, and what it rests on. */
  static String text(Map<String, Object> told) {
    String evidence =
        events(told).stream()
            .limit(WITH_EVIDENCE)
            .filter(e -> e.get("evidence") instanceof List<?> list && !list.isEmpty())
            .map(Mail::evidence)
            .collect(Collectors.joining());
    return told.get("text") + "\n" + evidence;
  }

  private static String evidence(Map<?, ?> event) {
    return "\n"
        + event.get("instance")
        + ", "
        + event.get("code")
        + ", since "
        + event.get("since")
        + ":\n"
        + ((List<?>) event.get("evidence"))
            .stream()
                .map(e -> (Map<?, ?>) e)
                .map(e -> "  " + e.get("instance") + " " + e.get("words") + "\n")
                .collect(Collectors.joining());
  }

  private static List<? extends Map<?, ?>> events(Map<String, Object> told) {
    return ((List<?>) told.get("events")).stream().<Map<?, ?>>map(e -> (Map<?, ?>) e).toList();
  }

  private String unencrypted(List<Throwable> chain, SSLException tls) {
    if (chain.stream().anyMatch(CertificateExpiredException.class::isInstance)) {
      return "has a certificate that has expired";
    }
    if (chain.stream().anyMatch(CertPathBuilderException.class::isInstance)) {
      return "has a certificate that is not trusted: it is not signed by "
          + config
              .authority()
              .map(file -> "the authority in " + file)
              .orElse("an authority that Java knows; \"ca\" names another one");
    }
    if (chain.stream().anyMatch(CertificateException.class::isInstance)) {
      return "has a certificate that is not made out to " + config.host();
    }
    return String.valueOf(tls.getMessage()).contains("Unsupported or unrecognized SSL message")
        ? "speaks no TLS"
        : "cannot be spoken to encrypted";
  }

  private String why(MessagingException e) {
    if (e instanceof AuthenticationFailedException) {
      return "refuses the user or its password";
    }
    var chain = new ArrayList<Throwable>();
    for (Throwable t = e; t != null && !chain.contains(t); t = next(t)) {
      chain.add(t);
    }
    // What is refused stands behind that something is.
    for (Throwable t : chain.reversed()) {
      switch (t) {
        case SMTPAddressFailedException at -> {
          return "refuses a recipient, by " + at.getReturnCode();
        }
        case SMTPSenderFailedException at -> {
          return "refuses the sender, by " + at.getReturnCode();
        }
        case SMTPSendFailedException at when at.getReturnCode() > 0 -> {
          return "answers " + at.getReturnCode();
        }
        case SSLException tls -> {
          return unencrypted(chain, tls);
        }
        case SocketTimeoutException _ -> {
          return "does not answer in time";
        }
        default -> {}
      }
    }
    return String.valueOf(e.getMessage()).contains("STARTTLS")
        ? "does not take STARTTLS, without which \"startTls\" has nothing sent"
        : "does not answer as a mail server does";
  }

  private static Throwable next(Throwable t) {
    return t instanceof MessagingException m && m.getNextException() != null
        ? m.getNextException()
        : t.getCause();
  }
}
