package topiary.engine.model;

/**
 * A place in a binary or relay log.
 *
 * @param file the log's file name, empty when there is none
 * @param offset bytes from the file's start
 */
public record BinlogPosition(String file, long offset) {

  public static final BinlogPosition NONE = new BinlogPosition("", 0);

  /** Whether this place comes before another one of the same server's log. */
  public boolean isBefore(BinlogPosition other) {
    if (file.equals(other.file)) {
      return offset < other.offset;
    }
    // Files of one log have names of one length, until their numbers outgrow it.
    return file.length() == other.file.length()
        ? file.compareTo(other.file) < 0
        : file.length() < other.file.length();
  }

  @Override
  public String toString() {
    return file + ":" + offset;
  }
}
