package topiary.app.hooks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a process writes: the first and the last of it, however much it is. Not thread-safe. */
final class Output {

  /** So many bytes are kept of the beginning, and of the end. */
  static final int KEPT = 2048;

  private final byte[] first = new byte[KEPT];
  private final byte[] last = new byte[KEPT];
  private long total;

  void add(byte[] bytes, int length) {
    int from = 0;
    while (from < length && total < KEPT) {
      first[(int) total++] = bytes[from++];
    }
    // Of much only the end can stay.
    int skip = Math.max(0, length - from - KEPT);
    total += skip;
    for (int i = from + skip; i < length; i++) {
      last[(int) (total++ % KEPT)] = bytes[i];
    }
  }

  /** As text that can be shown and kept anywhere. */
  String text() {
    var text = new StringBuilder();
    text.append(decoded(Arrays.copyOf(first, (int) Math.min(total, KEPT))));
    long rest = total - KEPT;
    if (rest > KEPT) {
      text.append("\n… ").append(rest - KEPT).append(" bytes left out …\n");
    }
    if (rest > 0) {
      var end = new byte[(int) Math.min(rest, KEPT)];
      for (int i = 0; i < end.length; i++) {
        end[i] = last[(int) ((total - end.length + i) % KEPT)];
      }
      text.append(decoded(end));
    }
    return text.toString();
  }

  /** Without what would move a terminal's cursor, or no database takes. */
  private static String decoded(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8)
        .replace("\r\n", "\n")
        .replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\ufffd");
  }
}
