package topiary.lab.sim;

import java.util.OptionalLong;

/**
 * Whether what a server writes waits until replicas have received it, and what its clients were
 * told. While nobody acknowledges, nothing is written, until it goes on alone after a while; once
 * somebody does again, it waits as before.
 */
final class Commits {

  private static final long MILLI = 1000;

  private final Server owner;

  /** Since when too few acknowledge; empty while enough do. */
  private OptionalLong missing = OptionalLong.empty();

  private boolean alone;
  private long told;
  private long acknowledged;

  Commits(Server owner) {
    this.owner = owner;
  }

  /** Whether a variable decides who waits or acknowledges. */
  static boolean decides(String variable) {
    return variable.startsWith("rpl_semi_sync_");
  }

  private String name(String maria, String mysql) {
    return "rpl_semi_sync_" + (owner.kind().maria() ? maria : mysql);
  }

  /** Whether a server is to wait at all. */
  boolean wait(Server server) {
    return server.isOn(name("master_enabled", "source_enabled"));
  }

  private long wanted() {
    return owner.kind().maria() ? 1 : number("rpl_semi_sync_source_wait_for_replica_count");
  }

  private long number(String name) {
    return owner.variable(name).map(Long::valueOf).orElseThrow();
  }

  /** Whether it waits no more, as nobody acknowledged for too long. */
  boolean alone() {
    return alone;
  }

  /** Looks who acknowledges now; whether it may write. */
  boolean look(long now) {
    if (!wait(owner)) {
      missing = OptionalLong.empty();
      alone = false;
      return true;
    }
    if (ackers() >= wanted()) {
      missing = OptionalLong.empty();
      alone = false;
      return true;
    }
    if (missing.isEmpty()) {
      missing = OptionalLong.of(now);
      // Then it does not wait for whoever is not there.
      alone = !owner.isOn(name("master_wait_no_slave", "source_wait_no_replica"));
    }
    return alone;
  }

  /** Since when it goes on alone, if that is to begin by now. */
  OptionalLong goesAlone(long now) {
    if (missing.isEmpty() || alone) {
      return OptionalLong.empty();
    }
    long since = missing.getAsLong() + number(name("master_timeout", "source_timeout")) * MILLI;
    if (now < since) {
      return OptionalLong.empty();
    }
    alone = true;
    return OptionalLong.of(since);
  }

  private long ackers() {
    return owner.fleet().replicasOf(owner).stream().filter(this::acknowledges).count();
  }

  private boolean acknowledges(Server replica) {
    return replica.standing() == Server.Standing.ALIVE
        && replica.receivesFrom(owner.address())
        && replica.acknowledges();
  }

  /** Notes how far its clients have been told by now. */
  void note() {
    if (!wait(owner) || alone) {
      told = owner.wrote();
      return;
    }
    long[] got =
        owner.fleet().replicasOf(owner).stream()
            .filter(this::acknowledges)
            .flatMap(r -> r.channels().stream())
            .mapToLong(c -> c.got(owner))
            .sorted()
            .toArray();
    int enough = got.length - (int) wanted();
    if (enough >= 0) {
      acknowledged = Math.max(acknowledged, got[enough]);
      told = Math.max(told, acknowledged);
    }
  }

  /** The number of the last transaction whose client was told that it is written. */
  long told() {
    return told;
  }

  /** The same of those for which it had waited until others had it. */
  long acknowledged() {
    return acknowledged;
  }
}
