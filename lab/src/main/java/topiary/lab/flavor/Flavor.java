package topiary.lab.flavor;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import topiary.lab.base.Cache;

/** A kind of server. */
public interface Flavor {
  /** Its name in paths and state files, e.g. {@code mariadb-11.4.5}. */
  String id();

  /**
   * Unpacks the server into the cache, unless it is there; returns its folder. Safe against other
   * processes.
   */
  Path install(Cache cache);

  /**
   * Makes the data directory that all servers are copied from, unless it is there. Safe against
   * other processes.
   */
  Template template(Cache cache);

  /** The text of a server's option file. */
  String options(ServerOptions server);

  /** The command that runs a server in the foreground. */
  List<String> command(Path home, Path optionFile);

  /**
   * The argument of {@link #command} by which a process is known to serve exactly this option file.
   */
  String proof(Path optionFile);

  /** Removes what a killed server leaves behind that would hinder its next start. */
  void tidy(Path data);

  /** Makes a server a replica, from its own position on, and starts it. */
  void follow(Connection replica, String host, int port, Credentials credentials)
      throws SQLException;

  /** Asks a server how it stands. */
  ServerView look(Connection server) throws SQLException;

  /**
   * Waits on a replica for a position of its source.
   *
   * @return false when it was not reached within the limit
   */
  boolean reach(Connection replica, String position, int seconds) throws SQLException;
}
