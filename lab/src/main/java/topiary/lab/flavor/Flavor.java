package topiary.lab.flavor;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;

/** A kind of server. {@link Flavors} has those that are known. */
public interface Flavor {
  /** Its name, e.g. {@code mariadb-11.4}: for people, state files and {@link Flavors#named}. */
  String id();

  /** What it is, in a few words. */
  String about();

  /** Where its programs come from, in a few words. */
  String origin();

  /** The folder of its programs, if they are there. */
  Optional<Path> home(Cache cache);

  /** The version of the programs in a folder. */
  String version(Path home);

  /**
   * Gets its programs into the cache, unless they are there; returns their folder. Safe against
   * other processes.
   */
  Path install(Cache cache);

  /**
   * Makes the data directory that all servers are copied from, unless it is there. Safe against
   * other processes.
   */
  Template template(Cache cache);

  /** Whether a server can have more than one source. */
  boolean multiSource();

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

  /**
   * Makes a server a replica and starts it: from its own position on by GTID, else from the first
   * binary log of its source.
   */
  void follow(Connection replica, Source source, Mode mode) throws SQLException;

  /** Makes a server take writes. */
  void makeWritable(Connection server) throws SQLException;

  /** Asks a server how it stands. */
  ServerView look(Connection server, Mode mode) throws SQLException;

  /**
   * Waits on a replica until it has these GTIDs.
   *
   * @return false when it has not within the limit
   */
  boolean reach(Connection replica, String gtids, Duration limit) throws SQLException;

  /** How many replicas acknowledge a server's commits; 0 when it waits for none. */
  int acknowledging(Connection source) throws SQLException;
}
