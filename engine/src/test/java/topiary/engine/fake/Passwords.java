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

  /** Whom replicas log in as; null when nobody has said. */
  private volatile Credentials replication;

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

  /** Says whom replicas log in as. */
  public Passwords replicating(String user, String password) {
    replication = new Credentials(user, password, tls);
    return this;
  }

  /** Takes that back. */
  public void forgetReplication() {
    replication = null;
  }

  @Override
  public Optional<Credentials> replication(InstanceKey source) {
    return Optional.ofNullable(replication);
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
