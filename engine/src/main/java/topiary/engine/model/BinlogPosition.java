package topiary.engine.model;

/**
 * A place in a binary or relay log.
 *
 * @param file the log's file name, empty when there is none
 * @param offset bytes from the file's start
 */
public record BinlogPosition(String file, long offset) {

  public static final BinlogPosition NONE = new BinlogPosition("", 0);

  @Override
  public String toString() {
    return file + ":" + offset;
  }
}
