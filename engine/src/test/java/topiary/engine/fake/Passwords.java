package topiary.engine.fake;

import java.util.Optional;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Secrets;
import topiary.engine.port.Tls;

/** One account for all servers; a source that has changed is read when it is renewed. */
public final class Passwords implements Secrets {

  private volatile Credentials known;
  private volatile Credentials source;

  private final Tls tls;

  public Passwords(String user, String password) {
    this(user, password, Tls.PREFERRED);
  }

  public Passwords(String user, String password, Tls tls) {
    this.tls = tls;
    known = new Credentials(user, password, tls);
    source = known;
  }

  /** What the next renewal finds. */
  public void put(String user, String password) {
    source = new Credentials(user, password, tls);
  }

  @Override
  public Optional<Credentials> credentials(InstanceKey key) {
    return Optional.of(known);
  }

  @Override
  public boolean renew(InstanceKey key) {
    boolean other = !source.equals(known);
    known = source;
    return other;
  }
}
