package topiary.engine.fake;

import java.util.Optional;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Secrets;

/** One account for all servers; a source that has changed is read when it is renewed. */
public final class Passwords implements Secrets {

  private volatile Credentials known;
  private volatile Credentials source;

  public Passwords(String user, String password) {
    known = new Credentials(user, password);
    source = known;
  }

  /** What the next renewal finds. */
  public void put(String user, String password) {
    source = new Credentials(user, password);
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
