package topiary.lab.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

/**
 * A file that is only appended to: {@code a 17} for row 17 acknowledged by a server, {@code u 18}
 * for a row whose answer was lost. A line counts once its line end is in the file; it survives the
 * death of this process.
 */
public final class Ledger implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private Ledger(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * What a ledger says.
   *
   * @param last the greatest row mentioned, 0 for none
   */
  public record Entries(BitSet acknowledged, BitSet unknown, int last) {}

  /**
   * Opens a ledger to append, making it when missing; half a line left by a killed writer is cut
   * off.
   */
  public static Ledger append(Path file) {
    try {
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      long end = channel.size();
      var last = ByteBuffer.allocate(1);
      while (end > 0 && (channel.read(last.clear(), end - 1) != 1 || last.get(0) != '\n')) {
        end--;
      }
      channel.truncate(end).position(end);
      return new Ledger(file, channel);
    } catch (IOException e) {
      throw LabException.of("cannot open the ledger " + file, e);
    }
  }

  /**
   * Reads a ledger, also while it is written; a missing one is empty.
   *
   * @throws LabException naming the line that is no entry
   */
  public static Entries read(Path file) {
    var acknowledged = new BitSet();
    var unknown = new BitSet();
    String text = Files.exists(file) ? Disk.read(file) : "";
    int number = 0;
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      number++;
      if (!line.matches("[au] [0-9]{1,9}")) {
        throw new LabException(
            "line "
                + number
                + " of the ledger "
                + file
                + " is no entry: \""
                + line
                + "\"; without it rows cannot be"
                + " told lost, so start a new lab");
      }
      (line.charAt(0) == 'a' ? acknowledged : unknown).set(Integer.parseInt(line.substring(2)));
    }
    return new Entries(
        acknowledged,
        unknown,
        Math.max(acknowledged.length(), unknown.length()) - 1 < 0
            ? 0
            : Math.max(acknowledged.length(), unknown.length()) - 1);
  }

  /** Records that a server said yes to a row. */
  public void acknowledged(int row) {
    line("a " + row + "\n");
  }

  /** Records that nobody knows whether a row was written. */
  public void unknown(int row) {
    line("u " + row + "\n");
  }

  private void line(String text) {
    try {
      Disk.writeAll(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw LabException.of("cannot write the ledger " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw LabException.of("cannot close the ledger " + file, e);
    }
  }
}
