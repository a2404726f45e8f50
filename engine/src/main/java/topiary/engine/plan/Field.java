package topiary.engine.plan;

import java.util.function.Function;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;

/**
 * What a plan may be read from: everything of a server that decides, positions left out, because
 * they move with every write.
 */
public enum Field {
  CONDITION("condition", i -> i.condition().words()),
  SERVER_ID("server id", facts(f -> Long.toString(f.identity().serverId()))),
  SERVER_UUID("server uuid", facts(f -> f.identity().uuid().orElse("none"))),
  VERSION("version", facts(f -> f.identity().version().text())),
  LOG_BIN("binary log", settings(s -> onOff(s.logBin()))),
  LOG_UPDATES("log of replicated updates", settings(s -> onOff(s.logReplicaUpdates()))),
  BINLOG_FORMAT("binlog format", settings(s -> s.binlogFormat().name())),
  READ_ONLY("read-only", settings(s -> onOff(s.readOnly()))),
  CHANNELS("channels", facts(f -> Integer.toString(f.channels().size()))),
  // A replica that is detached from a source is not one that replicates from it.
  SOURCE("source", channel(Channel::told)),
  GTID_USE("GTID", channel(c -> c.gtid().name())),
  IO_THREAD("IO thread", channel(c -> runs(c.io()))),
  SQL_THREAD("SQL thread", channel(c -> runs(c.sql()))),
  FILTERS("replication filters", channel(c -> onOff(c.filtered()))),
  DELAY("delay", channel(c -> Integer.toString(c.delaySeconds()))),
  APPLY_ERROR("applying error", channel(c -> c.sqlError().message())),
  SEMI_SYNC_SOURCE("semi-sync as a source", facts(f -> onOff(f.semiSync().source().enabled()))),
  SEMI_SYNC_REPLICA("semi-sync as a replica", facts(f -> onOff(f.semiSync().replica().enabled())));

  private final String label;
  private final Function<Instance, String> reader;

  Field(String label, Function<Instance, String> reader) {
    this.label = label;
    this.reader = reader;
  }

  /** Its name in sentences. */
  public String label() {
    return label;
  }

  /** Its value on a server; {@code none} without replication, {@code unknown} when never seen. */
  public String of(Instance instance) {
    return reader.apply(instance);
  }

  /** Whether it is about one channel of a server that may have several. */
  public boolean ofChannel() {
    return switch (this) {
      case SOURCE, GTID_USE, IO_THREAD, SQL_THREAD, FILTERS, DELAY, APPLY_ERROR -> true;
      case CONDITION,
          SERVER_ID,
          SERVER_UUID,
          VERSION,
          LOG_BIN,
          LOG_UPDATES,
          BINLOG_FORMAT,
          READ_ONLY,
          CHANNELS,
          SEMI_SYNC_SOURCE,
          SEMI_SYNC_REPLICA ->
          false;
    };
  }

  private static Function<Instance, String> facts(Function<Facts, String> of) {
    return i -> i.facts().map(of).orElse("unknown");
  }

  private static Function<Instance, String> settings(Function<Settings, String> of) {
    return facts(f -> of.apply(f.settings()));
  }

  private static Function<Instance, String> channel(Function<Channel, String> of) {
    return facts(f -> f.primaryChannel().map(of).orElse("none"));
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }

  // A thread that is between two connections was started all the same: to a plan it is running.
  private static String runs(ThreadState state) {
    return state == ThreadState.STOPPED ? "stopped" : "started";
  }
}
