package topiary.lab.flavor;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;

/** MySQL from 5.6 on. */
final class MySql implements Flavor {
  private final String id;
  private final String about;
  private final Origin origin;

  /** 5.6 has no channels. */
  private final boolean channels;

  MySql(String id, String about, Origin origin, boolean channels) {
    this.id = id;
    this.about = about;
    this.origin = origin;
    this.channels = channels;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String about() {
    return about;
  }

  @Override
  public String origin() {
    return origin.words();
  }

  @Override
  public Optional<Path> home(Cache cache) {
    return origin.home(cache);
  }

  @Override
  public String version(Path home) {
    return origin.version(home).text();
  }

  @Override
  public Path install(Cache cache) {
    return origin.install(cache);
  }

  @Override
  public Template template(Cache cache) {
    Path home = install(cache);
    return MySqlTemplate.make(cache, Programs.at(home), origin.version(home));
  }

  @Override
  public boolean multiSource() {
    return channels;
  }

  @Override
  public String options(ServerOptions server) {
    return MySqlOptions.text(server, Programs.at(server.home()), origin.version(server.home()));
  }

  @Override
  public List<String> command(Path home, Path optionFile) {
    return Programs.at(home).command(proof(optionFile));
  }

  @Override
  public String proof(Path optionFile) {
    return Common.proof(optionFile);
  }

  @Override
  public void tidy(Path data) {
    Common.tidy(data);
  }

  @Override
  public void follow(Connection replica, Source source, Mode mode) throws SQLException {
    MySqlWords words = MySqlWords.of(replica);
    String channel = source.channel().isEmpty() ? "" : " FOR CHANNEL '" + source.channel() + "'";
    // Without TLS the password of a caching_sha2 account travels under the source's public key.
    String key = words == MySqlWords.SOURCE ? ", GET_SOURCE_PUBLIC_KEY=1" : "";
    try (var statement = replica.createStatement()) {
      statement.execute(
          words.say(
              """
              CHANGE REPLICATION SOURCE TO SOURCE_HOST='%s', SOURCE_PORT=%d, SOURCE_USER='%s',
                SOURCE_PASSWORD='%s', SOURCE_AUTO_POSITION=%d, SOURCE_CONNECT_RETRY=1,
                SOURCE_RETRY_COUNT=86400, SOURCE_HEARTBEAT_PERIOD=1%s%s
              """
                  .formatted(
                      source.host(),
                      source.port(),
                      source.credentials().user(),
                      source.credentials().password(),
                      mode.gtid() ? 1 : 0,
                      key,
                      channel)));
      statement.execute(words.say("START REPLICA" + channel));
    }
  }

  @Override
  public void makeWritable(Connection server) throws SQLException {
    try (var statement = server.createStatement()) {
      if (superReadOnly(server)) {
        statement.execute("SET GLOBAL super_read_only=OFF");
      }
      statement.execute("SET GLOBAL read_only=OFF");
    }
  }

  private static boolean superReadOnly(Connection server) throws SQLException {
    try (var statement = server.createStatement();
        var row = statement.executeQuery("SHOW GLOBAL VARIABLES LIKE 'super_read_only'")) {
      return row.next();
    }
  }

  @Override
  public ServerView look(Connection server, Mode mode) throws SQLException {
    MySqlWords words = MySqlWords.of(server);
    List<ServerView.Replication> found = new ArrayList<>();
    try (var statement = server.createStatement()) {
      try (var row = statement.executeQuery(words.say("SHOW REPLICA STATUS"))) {
        while (row.next()) {
          found.add(channel(row, words));
        }
      }
      boolean readOnly;
      String position;
      // super_read_only, where there is one, cannot be on without read_only.
      try (var row = statement.executeQuery("SELECT @@read_only, @@GLOBAL.gtid_executed")) {
        row.next();
        readOnly = row.getBoolean(1);
        position = row.getString(2).replace("\n", "");
      }
      if (!mode.gtid()) {
        try (var row = statement.executeQuery(words.say("SHOW BINARY LOG STATUS"))) {
          position = row.next() ? row.getString("File") + ":" + row.getLong("Position") : "";
        }
      }
      return new ServerView(readOnly, position, found);
    }
  }

  private ServerView.Replication channel(ResultSet row, MySqlWords words) throws SQLException {
    String fault = row.getString("Last_SQL_Error");
    return new ServerView.Replication(
        channels ? row.getString("Channel_Name") : "",
        row.getString(words.say("Source_Host")),
        row.getInt(words.say("Source_Port")),
        "Yes".equals(row.getString(words.say("Replica_IO_Running"))),
        "Yes".equals(row.getString(words.say("Replica_SQL_Running"))),
        fault == null || fault.isEmpty() ? row.getString("Last_IO_Error") : fault,
        row.getString(words.say("Relay_Source_Log_File"))
            + ":"
            + row.getLong(words.say("Exec_Source_Log_Pos")));
  }

  @Override
  public boolean reach(Connection replica, String gtids, Duration limit) throws SQLException {
    // The servers' own ways to wait differ between releases, and 5.6 answers NULL at once while its
    // applier is stopped.
    try (var statement =
        replica.prepareStatement("SELECT GTID_SUBSET(?, @@GLOBAL.gtid_executed)")) {
      statement.setString(1, gtids);
      var asked =
          new Object() {
            SQLException fault;
          };
      boolean there =
          Await.holds(
              limit,
              () -> {
                try (var row = statement.executeQuery()) {
                  row.next();
                  return row.getBoolean(1);
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

  @Override
  public int acknowledging(Connection source) throws SQLException {
    String word = MySqlWords.of(source) == MySqlWords.SOURCE ? "source" : "master";
    return Common.status(source, "Rpl_semi_sync_" + word + "_clients");
  }
}
