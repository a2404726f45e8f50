package topiary.engine.analysis;

import java.util.Locale;
import java.util.Optional;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;

/**
 * A replica, as a witness of how its source is.
 *
 * @param instance what is known of it
 * @param channel its stream from the source
 */
record Replica(Instance instance, Channel channel) {

  InstanceKey key() {
    return instance.key();
  }

  Optional<Facts> facts() {
    return instance.facts();
  }

  /** Whether what it says is from its last look. */
  boolean valid() {
    return instance.seen();
  }

  /** Whether it gets and applies what its source writes. */
  boolean replicating() {
    return valid() && channel.replicating() && !channel.lacksRoom();
  }

  /** Whether it applies, and says that it tries to connect and cannot. */
  boolean failingToConnect() {
    return valid() && failingToConnect(channel);
  }

  /**
   * Whether a stream's receiving thread says that it cannot connect. Both families of servers say
   * "error connecting to master", "… to source", or "error reconnecting"; a detached replica does
   * so on purpose.
   */
  static boolean failingToConnect(Channel channel) {
    return channel.sql() == ThreadState.RUNNING
        && channel.io() != ThreadState.RUNNING
        && !channel.detached()
        && connecting(channel.ioError());
  }

  private static boolean connecting(ReplicationError error) {
    String words = error.message().toLowerCase(Locale.ROOT);
    return words.contains("error ")
        && (words.contains("connecting to master") || words.contains("connecting to source"));
  }

  /**
   * Whether it knows anything of its source at all: it tries to connect and is not connected, or
   * stands still because that failed. One that somebody stopped is no witness.
   */
  boolean witness() {
    boolean tries = channel.io() == ThreadState.CONNECTING;
    boolean gaveUp = channel.io() == ThreadState.STOPPED && connecting(channel.ioError());
    return valid() && (tries || gaveUp);
  }

  /** Its GTID mode; empty where it has none. */
  String gtidMode() {
    return facts().map(f -> f.settings().gtidMode()).orElse("");
  }

  boolean late(long seconds) {
    return facts().flatMap(Facts::lag).filter(lag -> lag > seconds).isPresent();
  }

  /** What it says of its source, in words. */
  String testimony() {
    if (!valid()) {
      return instance.sentence().isEmpty()
          ? "is " + instance.condition().words()
          : "says nothing: " + instance.sentence();
    }
    String io =
        switch (channel.io()) {
          case RUNNING ->
              channel.lacksRoom()
                  ? "receives nothing: it waits for space on its disk"
                  : "is connected to it";
          case CONNECTING -> "tries to connect to it, and cannot";
          case STOPPED -> "does not receive";
        };
    String sql = channel.sql() == ThreadState.RUNNING ? "" : ", and does not apply";
    return io
        + (channel.lacksRoom() ? "" : error(channel.ioError()))
        + sql
        + error(channel.sqlError());
  }

  private static String error(ReplicationError error) {
    return error.present() ? " (error " + error.code() + ": " + error.message() + ")" : "";
  }
}
