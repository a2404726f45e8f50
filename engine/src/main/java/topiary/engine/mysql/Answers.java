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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import topiary.engine.dialect.Columns;

/** The columns that answers have had, whoever answered: a few dozen kinds. Thread-safe. */
final class Answers {

  /** Beyond so many kinds, which only queries that are never the same have, none is remembered. */
  private static final int MOST = 1_000;

  private final Map<List<Form>, Kind> known = new ConcurrentHashMap<>();

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

    /** A row as it came. */
    Map<String, String> row(byte[] packet) {
      return columns.row(values(packet));
    }

    /** A row as the driver has read it. */
    Map<String, String> row(Row row) {
      return columns.row(values(row));
    }

    private String[] values(byte[] packet) {
      var values = new String[plain.length];
      ByteArrayRow others = null;
      var at = new NativePacketPayload(packet);
      for (int i = 0; i < values.length; i++) {
        int start = at.getPosition();
        if ((packet[start] & 0xff) == NULL) {
          at.setPosition(start + 1);
        } else {
          int length = Math.toIntExact(at.readInteger(IntegerDataType.INT_LENENC));
          int begin = at.getPosition();
          if (plain[i]) {
            values[i] = new String(packet, begin, length, StandardCharsets.UTF_8);
          } else {
            others = others == null ? new ByteArrayRow(new byte[plain.length][], null) : others;
            others.setMetadata(told);
            others.setBytes(i, Arrays.copyOfRange(packet, begin, begin + length));
            values[i] = converted(others, i);
          }
          at.setPosition(begin + length);
        }
      }
      return values;
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
