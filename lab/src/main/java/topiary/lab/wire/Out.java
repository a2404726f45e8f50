package topiary.lab.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import topiary.lab.sim.Answer;
import topiary.lab.sim.Columns;

/**
 * Packets that go to a client, written one behind the other: all answers to what it said at once go
 * at once.
 */
final class Out {

  private static final int UTF8 = 45;
  private static final int BINARY = 63;
  private static final int VAR_STRING = 0xfd;
  private static final int LONGLONG = 0x08;
  private static final int AUTOCOMMIT = 2;
  private static final int HEADERS = 500;

  /** The packets that announce columns are the same each time. */
  private final Map<Columns, byte[]> headers = new HashMap<>();

  private byte[] bytes = new byte[16_384];
  private int size;
  private int sequence;
  private int begun;

  /** Where the answer began that is written now. */
  private int answer;

  /** Begins with nothing. */
  void clear() {
    size = 0;
    answer = 0;
  }

  /** Begins an answer, behind those there are. */
  void next(int firstSequence) {
    answer = size;
    sequence = firstSequence;
  }

  /** Begins the answer anew. */
  void again(int firstSequence) {
    size = answer;
    sequence = firstSequence;
  }

  /** How many bytes there are. */
  int size() {
    return size;
  }

  ByteBuffer content() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  // ---- packets

  void begin() {
    begun = size;
    room(4);
    size += 4;
  }

  void end() {
    int length = size - begun - 4;
    bytes[begun] = (byte) length;
    bytes[begun + 1] = (byte) (length >> 8);
    bytes[begun + 2] = (byte) (length >> 16);
    bytes[begun + 3] = (byte) sequence++;
  }

  void ok(int warnings) {
    begin();
    number(0, 3);
    number(AUTOCOMMIT, 2);
    number(warnings, 2);
    end();
  }

  void eof() {
    begin();
    number(0xfe, 1);
    number(0, 2);
    number(AUTOCOMMIT, 2);
    end();
  }

  void error(int code, String state, String message) {
    begin();
    number(0xff, 1);
    number(code, 2);
    raw(("#" + state + message).getBytes(StandardCharsets.UTF_8));
    end();
  }

  void rows(Answer.Rows answer) {
    header(answer.columns());
    for (Object[] row : answer.rows()) {
      begin();
      for (Object value : row) {
        if (value == null) {
          number(0xfb, 1);
        } else {
          text(value.toString());
        }
      }
      end();
    }
    eof();
  }

  private void header(Columns columns) {
    byte[] known = headers.get(columns);
    if (known == null) {
      int from = size;
      int before = sequence;
      announce(columns.list());
      if (headers.size() >= HEADERS) {
        headers.clear();
      }
      // Each answer begins with the same sequence number.
      if (before == 1) {
        headers.put(columns, Arrays.copyOfRange(bytes, from, size));
      }
      return;
    }
    raw(known);
    sequence += columns.list().size() + 2;
  }

  private void announce(List<Columns.Column> columns) {
    begin();
    length(columns.size());
    end();
    for (Columns.Column column : columns) {
      begin();
      text("def");
      text("");
      text("");
      text("");
      text(column.name());
      text(column.name());
      number(0x0c, 1);
      number(column.number() ? BINARY : UTF8, 2);
      number(column.number() ? 20 : 1024, 4);
      number(column.number() ? LONGLONG : VAR_STRING, 1);
      number(column.number() ? 0x80 : 0, 2);
      number(0, 1);
      number(0, 2);
      end();
    }
    eof();
  }

  // ---- parts

  void number(long value, int width) {
    room(width);
    for (int i = 0; i < width; i++) {
      bytes[size++] = (byte) (value >> (8 * i));
    }
  }

  private void length(int value) {
    if (value < 251) {
      number(value, 1);
    } else if (value < 65_536) {
      number(0xfc, 1);
      number(value, 2);
    } else {
      number(0xfd, 1);
      number(value, 3);
    }
  }

  @SuppressWarnings("deprecation")
  private void text(String text) {
    if (ascii(text)) {
      int length = text.length();
      length(length);
      room(length);
      text.getBytes(0, length, bytes, size);
      size += length;
    } else {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      length(encoded.length);
      raw(encoded);
    }
  }

  private static boolean ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return false;
      }
    }
    return true;
  }

  /** A text that ends with a zero. */
  void ended(String text) {
    raw(text.getBytes(StandardCharsets.UTF_8));
    number(0, 1);
  }

  void raw(byte[] some) {
    room(some.length);
    System.arraycopy(some, 0, bytes, size, some.length);
    size += some.length;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
