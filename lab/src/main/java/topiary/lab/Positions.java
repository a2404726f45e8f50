package topiary.lab;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import topiary.lab.base.Await;
import topiary.lab.flavor.FilePosition;
import topiary.lab.flavor.ServerView;

/**
 * Waiting until a replica has what another server had. GTIDs name a transaction on every server. A
 * position by file counts on one server alone: on its replicas it is waited for, then the position
 * that the replica has in its own logs by then, on the next one down.
 */
final class Positions {
  private final Site site;

  Positions(Site site) {
    this.site = site;
  }

  /**
   * Waits on a member for a position of a server above it.
   *
   * @return false when it does not get there in time, or does not replicate from that server
   */
  boolean await(LabState.Server member, String position, Duration limit) throws SQLException {
    long end = System.nanoTime() + limit.toNanos();
    Optional<FilePosition> file = FilePosition.read(position);
    if (file.isPresent()) {
      return awaitFile(member, file.get(), end, new HashSet<>()).isPresent();
    }
    try (var connection = site.connect(member, Site.QUICK, limit.plus(Site.PATIENT))) {
      return site.look(connection).replication().isPresent()
          && site.flavor.reach(connection, position, limit);
    }
  }

  /** The member's own position once it has that one; empty when it does not get there. */
  private Optional<FilePosition> awaitFile(
      LabState.Server member, FilePosition wanted, long end, Set<String> seen) throws SQLException {
    if (!seen.add(member.name())) {
      return Optional.empty();
    }
    try (var connection = site.connect(member, Site.QUICK, Site.PATIENT)) {
      for (ServerView.Replication channel : site.look(connection).channels()) {
        Optional<LabState.Server> source = site.at(channel.host(), channel.port());
        if (source.isEmpty()) {
          continue;
        }
        Optional<FilePosition> above =
            source.get().name().equals(wanted.member())
                ? Optional.of(wanted)
                : awaitFile(source.get(), wanted, end, seen);
        if (above.isPresent()) {
          return applied(connection, channel.channel(), above.get(), end)
              ? FilePosition.read(site.look(connection).position())
              : Optional.empty();
        }
      }
      return Optional.empty();
    }
  }

  private boolean applied(Connection connection, String channel, FilePosition wanted, long end)
      throws SQLException {
    var asked =
        new Object() {
          SQLException fault;
        };
    boolean there =
        Await.holds(
            Duration.ofNanos(Math.max(0, end - System.nanoTime())),
            () -> {
              try {
                return site.look(connection).channels().stream()
                    .filter(c -> c.channel().equals(channel))
                    .flatMap(c -> FilePosition.read(c.applied()).stream())
                    .anyMatch(p -> p.member().equals(wanted.member()) && p.compareTo(wanted) >= 0);
              } catch (SQLException e) {
                asked.fault = e;
                return true;
              }
            });
    if (asked.fault != null) {
      throw asked.fault;
    }
    return there;
  }
}
