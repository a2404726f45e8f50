package topiary.app.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Secrets;
import topiary.engine.port.Tls;

/** Passwords by rule, from files and the environment; read once, and again when one is refused. */
public final class RuleSecrets implements Secrets {

  private static final System.Logger LOG = System.getLogger(RuleSecrets.class.getName());

  private final List<CredentialRule> rules;
  private final Function<InstanceKey, Optional<InstanceKey>> head;
  private final Map<CredentialRule, String> known = new ConcurrentHashMap<>();

  /**
   * Secrets by rule.
   *
   * @param rules first fit first
   * @param head the head of a server's cluster, when it is known
   */
  public RuleSecrets(
      List<CredentialRule> rules, Function<InstanceKey, Optional<InstanceKey>> head) {
    this.rules = List.copyOf(rules);
    this.head = head;
  }

  @Override
  public Optional<Credentials> credentials(InstanceKey key) {
    return rule(key)
        .flatMap(
            rule -> password(rule).map(word -> new Credentials(rule.user(), word, rule.tls())));
  }

  @Override
  public boolean renew(InstanceKey key) {
    Optional<CredentialRule> rule = rule(key);
    if (rule.isEmpty()) {
      return false;
    }
    try {
      String word = Passwords.read(rule.get().password());
      return !word.equals(known.put(rule.get(), word));
    } catch (BadConfig e) {
      // What was known may still be right: a server can refuse for reasons of its own.
      LOG.log(
          System.Logger.Level.WARNING,
          "the password for user \"" + rule.get().user() + "\" stays as it was: " + e.getMessage());
      return false;
    }
  }

  /** Read each time: it is needed hardly ever. */
  @Override
  public Optional<Credentials> replication(InstanceKey source) {
    return rule(source).flatMap(CredentialRule::replication).flatMap(RuleSecrets::read);
  }

  private static Optional<Credentials> read(CredentialRule.Account account) {
    try {
      return Optional.of(
          new Credentials(account.user(), Passwords.read(account.password()), Tls.PREFERRED));
    } catch (BadConfig e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "no password for user \"" + account.user() + "\": " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<CredentialRule> rule(InstanceKey key) {
    return rules.stream()
        .filter(
            r ->
                r.fits(key.toString())
                    || head.apply(key).filter(h -> r.fits(h.toString())).isPresent())
        .findFirst();
  }

  private Optional<String> password(CredentialRule rule) {
    String word = known.get(rule);
    if (word == null) {
      try {
        word = Passwords.read(rule.password());
        known.put(rule, word);
      } catch (BadConfig e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "no password for user \"" + rule.user() + "\": " + e.getMessage());
        return Optional.empty();
      }
    }
    return Optional.of(word);
  }

  /** Checks that every rule's password can be read now. */
  public void check() throws BadConfig {
    for (CredentialRule rule : rules) {
      Passwords.read(rule.password());
      if (rule.replication().isPresent()) {
        Passwords.read(rule.replication().get().password());
      }
    }
  }
}
