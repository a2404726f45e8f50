package topiary.app.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import topiary.app.config.CredentialRule;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;
import topiary.lab.Lab;

/** How Topiary logs in to a practice fleet. */
public final class LabAccount {

  private LabAccount() {}

  /** The same as it stands in a node's file. */
  static Map<String, Object> json(Lab lab) {
    var account = lab.credentials();
    var json = new LinkedHashMap<String, Object>();
    json.put("user", account.user());
    json.put("password", Map.of("file", account.file().toString()));
    var replication = lab.replication();
    json.put(
        "replication",
        Map.of(
            "user", replication.user(), "password", Map.of("file", replication.file().toString())));
    lab.authority()
        .ifPresent(
            pem -> {
              json.put("tls", TlsMode.VERIFY_CA.word());
              json.put("ca", pem.toString());
            });
    return json;
  }

  /** The lab's own account for it, over TLS that is checked where its servers offer TLS. */
  public static CredentialRule rule(Lab lab) {
    var account = lab.credentials();
    return new CredentialRule(
            "*",
            account.user(),
            new CredentialRule.Source.InFile(account.file()),
            lab.authority()
                .map(pem -> new Tls(TlsMode.VERIFY_CA, Optional.of(pem)))
                .orElse(Tls.PREFERRED))
        .replicating(
            new CredentialRule.Account(
                lab.replication().user(),
                new CredentialRule.Source.InFile(lab.replication().file())));
  }
}
