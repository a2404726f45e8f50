package topiary.engine.model;

import java.util.Optional;

/**
 * How a server is set up; changes by somebody's deed.
 *
 * @param readOnly {@code @@read_only}
 * @param superReadOnly {@code @@super_read_only}: read-only for everybody
 * @param logBin whether it writes a binary log, without which nothing can replicate from it
 * @param logReplicaUpdates whether replicated changes go to its own binary log
 * @param binlogFormat {@code @@binlog_format}
 * @param binlogRowImage {@code @@binlog_row_image}
 * @param gtidStrict MariaDB's {@code gtid_strict_mode}
 * @param gtidMode MySQL's {@code gtid_mode}; empty where there is none
 * @param tls how it takes connections
 */
public record Settings(
    boolean readOnly,
    boolean superReadOnly,
    boolean logBin,
    boolean logReplicaUpdates,
    BinlogFormat binlogFormat,
    String binlogRowImage,
    boolean gtidStrict,
    String gtidMode,
    Tls tls) {

  /**
   * Whether connections to a server are encrypted.
   *
   * @param available whether it can; empty when that is not known
   * @param required whether it takes no others over a network: {@code require_secure_transport}
   */
  public record Tls(Optional<Boolean> available, boolean required) {

    /** Of a server that does not tell. */
    public static final Tls UNKNOWN = new Tls(Optional.empty(), false);
  }

  /** Of a server that does not tell how it takes connections. */
  public Settings(
      boolean readOnly,
      boolean superReadOnly,
      boolean logBin,
      boolean logReplicaUpdates,
      BinlogFormat binlogFormat,
      String binlogRowImage,
      boolean gtidStrict,
      String gtidMode) {
    this(
        readOnly,
        superReadOnly,
        logBin,
        logReplicaUpdates,
        binlogFormat,
        binlogRowImage,
        gtidStrict,
        gtidMode,
        Tls.UNKNOWN);
  }
}
