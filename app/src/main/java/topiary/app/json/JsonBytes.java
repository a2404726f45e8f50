package topiary.app.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * JSON on its way out: gathered in a buffer, which goes on when it is full. Writes plain values
 * just as {@link Json} does. For one thread.
 */
public final class JsonBytes {

  /** Large enough that hardly any time goes into passing it on, small enough to be kept nowhere. */
  private static final int BUFFER = 1 << 16;

  /** Hardly any server's JSON is longer. */
  private static final int TOGETHER = 1 << 13;

  /** The longest number. */
  static final int DIGITS = 20;

  /** A value that writes itself, for what would else be a tree of a few. */
  public interface Value {
    /** Writes it. */
    void write(JsonBytes out) throws IOException;
  }

  private final OutputStream to;
  private final byte[] buffer = new byte[BUFFER];
  private int length;

  /** Bytes that were passed on. */
  private long passed;

  private Instant second;
  private String secondText;

  public JsonBytes(OutputStream to) {
    this.to = to;
  }

  /** Passes on what is in the buffer still. */
  public void end() throws IOException {
    to.write(buffer, 0, length);
    passed += length;
    length = 0;
  }

  /** Makes that much room, if there can be, so that what comes next stays together. */
  void prepare(int count) throws IOException {
    if (count <= BUFFER) {
      room(count);
    }
  }

  /** Begins something of a few KB that is to stay together, to be had by {@link #since}. */
  public long begin() throws IOException {
    prepare(TOGETHER);
    return written();
  }

  /** Writes what was written once, and is JSON. */
  public void written(byte[] json) throws IOException {
    whole(json);
  }

  /** How much was written so far, in bytes. */
  long written() {
    return passed + length;
  }

  /**
   * What was written since then; null if some of it was passed on already.
   *
   * @param then what {@link #written} said
   */
  public byte[] since(long then) {
    return then < passed ? null : Arrays.copyOfRange(buffer, (int) (then - passed), length);
  }

  /** A list that is JSON already. */
  public void list(byte[] json) throws IOException {
    written(json);
  }

  void raw(byte one) throws IOException {
    room(1);
    buffer[length++] = one;
  }

  /** Bytes that are JSON already. */
  void raw(byte[] bytes, int from, int to) throws IOException {
    int count = to - from;
    if (count > BUFFER) {
      end();
      this.to.write(bytes, from, count);
      passed += count;
      return;
    }
    room(count);
    System.arraycopy(bytes, from, buffer, length, count);
    length += count;
  }

  private void room(int count) throws IOException {
    if (BUFFER - length < count) {
      end();
    }
  }

  /** A value. */
  public void value(Object value) throws IOException {
    // Not a switch: those on types are slow where code is compiled quickly, and this is asked a
    // hundred thousand times for one answer.
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof Long number) {
      number(number);
    } else if (value instanceof Boolean yes) {
      ascii(yes ? "true" : "false");
    } else if (value == null) {
      ascii("null");
    } else if (value instanceof Integer number) {
      number(number);
    } else if (value instanceof Value own) {
      own.write(this);
    } else if (value instanceof Optional<?> maybe) {
      value(maybe.orElse(null));
    } else if (value instanceof Double real && Double.isFinite(real)) {
      ascii(real.toString());
    } else if (value instanceof Instant moment) {
      moment(moment);
    } else if (value instanceof List<?> list && list.isEmpty()) {
      ascii("[]");
    } else {
      whole(Json.bytes(value));
    }
  }

  private void whole(byte[] bytes) throws IOException {
    raw(bytes, 0, bytes.length);
  }

  /** JSON as it is, ASCII only. */
  public void json(String ascii) throws IOException {
    ascii(ascii);
  }

  @SuppressWarnings("deprecation") // ASCII only, for which it is exact, and without another array
  private void ascii(String text) throws IOException {
    room(text.length());
    text.getBytes(0, text.length(), buffer, length);
    length += text.length();
  }

  /** A text. */
  public void text(String text) throws IOException {
    int count = text.length();
    if (count > BUFFER - 2) {
      whole(Json.bytes(text));
      return;
    }
    room(count + 2);
    int at = length;
    buffer[at++] = '"';
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        // Rare; what was written of it so far does not count.
        whole(Json.bytes(text));
        return;
      }
      buffer[at++] = (byte) c;
    }
    buffer[at++] = '"';
    length = at;
  }

  /** As {@link Instant#toString} has it, whose work is much the same for all of a second. */
  private void moment(Instant moment) throws IOException {
    if (second == null || second.getEpochSecond() != moment.getEpochSecond()) {
      second = moment.truncatedTo(ChronoUnit.SECONDS);
      String text = second.toString();
      secondText = '"' + text.substring(0, text.length() - 1);
    }
    ascii(secondText);
    int nanos = moment.getNano();
    if (nanos > 0) {
      int digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : 9;
      room(1 + digits);
      buffer[length] = '.';
      int left = digits == 3 ? nanos / 1_000_000 : digits == 6 ? nanos / 1_000 : nanos;
      for (int at = length + digits; at > length; at--) {
        buffer[at] = (byte) ('0' + left % 10);
        left /= 10;
      }
      length += 1 + digits;
    }
    ascii("Z\"");
  }

  /** A number. */
  public void number(long number) throws IOException {
    if (number < 0) {
      whole(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    room(DIGITS);
    int digits = 1;
    for (long left = number; left >= 10; left /= 10) {
      digits++;
    }
    long left = number;
    for (int at = length + digits - 1; at >= length; at--) {
      buffer[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    length += digits;
  }
}
