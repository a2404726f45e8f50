package topiary.engine.mysql;

import com.mysql.cj.CharsetMapping;
import com.mysql.cj.MysqlType;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.ColumnDefinition;
import com.mysql.cj.protocol.a.NativeConstants.IntegerDataType;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.result.ByteArrayRow;
import com.mysql.cj.result.Field;
import com.mysql.cj.result.Row;
import com.mysql.cj.result.StringValueFactory;
import com.mysql.cj.util.StringUtils;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import topiary.engine.dialect.Columns;

/** The columns that answers have had, whoever answered: a few dozen kinds. Thread-safe. */
final class Answers {

  /** Beyond so many kinds, which only queries that are never the same have, none is remembered. */
  private static final int MOST = 1_000;

  private final Map<List<Form>, Kind> known = new ConcurrentHashMap<>();

  /** The same, by what servers have told of the columns to the letter. */
  private final Map<ByteBuffer, Kind> told = new ConcurrentHashMap<>();

  /**
   * How a column's values are read.
   *
   * @param label its name
   * @param type the driver's number for its type
   * @param collation the number of its collation, which says how text is encoded
   * @param flags whether it has a sign and the like
   * @param decimals of a number or a time
   * @param length how wide it is shown, if it is filled with zeros; else 0
   */
  private record Form(String label, int type, int collation, int flags, int decimals, long length) {

    private static Form of(Field field) {
      return new Form(
          field.getColumnLabel(),
          field.getMysqlTypeId(),
          field.getCollationIndex(),
          field.getFlags(),
          field.getDecimals(),
          field.isZeroFill() ? field.getLength() : 0);
    }
  }

  /**
   * Answers with the same columns.
   *
   * @param told as a server has told of them
   * @param columns their labels
   * @param plain of which of them the bytes are the text
   * @param reading how the others become text
   */
  record Kind(ColumnDefinition told, Columns columns, boolean[] plain, StringValueFactory reading) {

    /** What a packet says instead of a value's length for SQL's NULL. */
    private static final int NULL = 0xfb;

    /** A row as it came; what of it is the text is read when somebody asks for it. */
    Map<String, String> row(byte[] packet) {
      int[] begins = new int[plain.length];
      int[] lengths = new int[plain.length];
      String[] read = null;
      ByteArrayRow others = null;
      int at = 0;
      for (int i = 0; i < plain.length; i++) {
        int length = length(packet, at);
        begins[i] = at + prefix(packet[at]);
        lengths[i] = length;
        at = begins[i] + Math.max(0, length);
        Objects.checkFromToIndex(begins[i], at, packet.length);
        if (length >= 0 && !plain[i]) {
          others = others == null ? new ByteArrayRow(new byte[plain.length][], null) : others;
          others.setMetadata(told);
          others.setBytes(i, Arrays.copyOfRange(packet, begins[i], at));
          read = read == null ? new String[plain.length] : read;
          read[i] = converted(others, i);
        }
      }
      String[] known = read;
      return columns.row(
          place ->
              lengths[place] < 0
                  ? null
                  : plain[place]
                      ? new String(packet, begins[place], lengths[place], StandardCharsets.UTF_8)
                      : known[place]);
    }

    /**
     * In which columns a row is another than one before it.
     *
     * @param packet the row as it came
     * @param before the other one
     */
    Set<String> others(byte[] packet, byte[] before) {
      var others = new HashSet<String>();
      int at = 0;
      int then = 0;
      for (int i = 0; i < plain.length; i++) {
        int end = at + prefix(packet[at]) + Math.max(0, length(packet, at));
        int ended = then + prefix(before[then]) + Math.max(0, length(before, then));
        if (!Arrays.equals(packet, at, end, before, then, ended)) {
          others.add(columns.labels().get(i));
        }
        at = end;
        then = ended;
      }
      return others;
    }

    /** How long the value is that begins there; -1 for SQL's NULL. */
    private static int length(byte[] packet, int at) {
      int first = packet[at] & 0xff;
      if (first < NULL) {
        return first;
      }
      if (first == NULL) {
        return -1;
      }
      var rest = new NativePacketPayload(packet);
      rest.setPosition(at);
      return Math.toIntExact(rest.readInteger(IntegerDataType.INT_LENENC));
    }

    /** How many bytes tell of a value's length. */
    private static int prefix(byte first) {
      return switch (first & 0xff) {
        case 0xfc -> 3;
        case 0xfd -> 4;
        case 0xfe -> 9;
        default -> 1;
      };
    }

    /** A row as the driver has read it. */
    Map<String, String> row(Row row) {
      return columns.row(values(row));
    }

    private String[] values(Row row) {
      row.setMetadata(told);
      var values = new String[plain.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = plain[i] ? text(row.getBytes(i)) : converted(row, i);
      }
      return values;
    }

    private static String text(byte[] bytes) {
      return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private String converted(Row row, int column) {
      String value = row.getValue(column, reading);
      Field field = told.getFields()[column];
      return value != null && field.isZeroFill() && field.getMysqlType() != MysqlType.YEAR
          ? StringUtils.zeroFill(value, (int) (field.getLength() - value.length()))
          : value;
    }
  }

  /**
   * What kind an answer is of whose columns some server has told of in the same words; null when
   * none has. To be told of its columns by the driver takes longer than to read a row of them.
   */
  Kind known(byte[] words) {
    return told.get(ByteBuffer.wrap(words));
  }

  /** From now on an answer whose columns are told of in these words is of this kind. */
  void remember(byte[] words, Kind kind) {
    if (told.size() < MOST) {
      told.putIfAbsent(ByteBuffer.wrap(words), kind);
    }
  }

  /**
   * What kind an answer is of; the same object each time.
   *
   * @param told of its columns
   * @param settings of the connection it came over
   */
  Kind kind(ColumnDefinition told, PropertySet settings) {
    var forms = new ArrayList<Form>();
    for (Field field : told.getFields()) {
      forms.add(Form.of(field));
    }
    Kind kind = known.get(forms);
    if (kind == null) {
      kind = made(told, forms, settings);
      if (known.size() < MOST) {
        Kind other = known.putIfAbsent(forms, kind);
        kind = other == null ? kind : other;
      }
    }
    return kind;
  }

  private static Kind made(ColumnDefinition told, List<Form> forms, PropertySet settings) {
    Field[] fields = told.getFields();
    var plain = new boolean[fields.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = isPlain(fields[i]);
    }
    return new Kind(
        told,
        new Columns(forms.stream().map(Form::label).toList()),
        plain,
        new StringValueFactory(settings));
  }

  /** Text, and whole numbers: a server sends both as they are to be read. */
  private static boolean isPlain(Field field) {
    return switch (field.getMysqlTypeId()) {
      case MysqlType.FIELD_TYPE_VAR_STRING,
          MysqlType.FIELD_TYPE_VARCHAR,
          MysqlType.FIELD_TYPE_STRING,
          MysqlType.FIELD_TYPE_TINY_BLOB,
          MysqlType.FIELD_TYPE_MEDIUM_BLOB,
          MysqlType.FIELD_TYPE_LONG_BLOB,
          MysqlType.FIELD_TYPE_BLOB ->
          // What has no encoding of its own is read as the driver is told to: the same.
          "UTF-8".equals(field.getEncoding())
              || field.getCollationIndex() == CharsetMapping.MYSQL_COLLATION_INDEX_binary;
      case MysqlType.FIELD_TYPE_TINY,
          MysqlType.FIELD_TYPE_SHORT,
          MysqlType.FIELD_TYPE_INT24,
          MysqlType.FIELD_TYPE_LONG,
          MysqlType.FIELD_TYPE_LONGLONG ->
          !field.isZeroFill();
      default -> false;
    };
  }
}
