package topiary.app.demo;

import java.util.Optional;
import topiary.app.config.CredentialRule;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;
import topiary.lab.Lab;

/** How Topiary logs in to a practice fleet. */
public final class LabAccount {

  private LabAccount() {}

  /** The lab's own account for it, over TLS that is checked where its servers offer TLS. */
  public static CredentialRule rule(Lab lab) {
    var account = lab.credentials();
    return new CredentialRule(
        "*",
        account.user(),
        new CredentialRule.Source.InFile(account.file()),
        lab.authority()
            .map(pem -> new Tls(TlsMode.VERIFY_CA, Optional.of(pem)))
            .orElse(Tls.PREFERRED));
  }
}
