package topiary.lab.flavor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the binary logs of one member of a lab that does not use GTIDs, e.g. {@code
 * r1-bin.000002:1234}.
 *
 * @param member whose logs
 * @param file the log's number
 * @param offset bytes
 */
public record FilePosition(String member, int file, long offset)
    implements Comparable<FilePosition> {
  static final String SUFFIX = "-bin";
  private static final Pattern TEXT = Pattern.compile("(.+)" + SUFFIX + "\\.(\\d+):(\\d+)");

  /** Reads one; empty when the text is none, as GTIDs are not. */
  public static Optional<FilePosition> read(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new FilePosition(
                parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3))))
        : Optional.empty();
  }

  /** By place in the logs; only positions of one member can be compared. */
  @Override
  public int compareTo(FilePosition other) {
    return file != other.file
        ? Integer.compare(file, other.file)
        : Long.compare(offset, other.offset);
  }
}
