package topiary.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import topiary.engine.finding.Severity;

/**
 * Who is told of what is found.
 *
 * @param webhook where it is posted; it may hold a token, and is shown nowhere but for its host;
 *     empty for nowhere
 * @param mail who is sent it; empty for nobody
 * @param least the least bad that is told
 */
public record NotifyConfig(
    Optional<CredentialRule.Source> webhook, Optional<MailConfig> mail, Severity least) {

  /**
   * The address of now of a webhook.
   *
   * @throws BadConfig when it cannot be read, or is none; its sentence does not have it
   */
  public static URI address(CredentialRule.Source webhook) throws BadConfig {
    URI uri;
    try {
      uri = new URI(Passwords.read(webhook).strip());
    } catch (URISyntaxException e) {
      // The cause is left out, as its message has the address, and with it the token.
      throw new BadConfig("the webhook's address is none: " + e.getReason());
    }
    if (!("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        || uri.getHost() == null) {
      throw new BadConfig("the webhook's address is none of http:// or https://");
    }
    return uri;
  }
}
