package topiary.engine.model;

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
 */
public record Settings(
    boolean readOnly,
    boolean superReadOnly,
    boolean logBin,
    boolean logReplicaUpdates,
    BinlogFormat binlogFormat,
    String binlogRowImage,
    boolean gtidStrict,
    String gtidMode) {}
