package topiary.store.rows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** One link of the audit's chain. Pure; what it makes is never to be made differently. */
final class Link {

  /** The hash before the first row. */
  static final String START = "0".repeat(64);

  /** All of a row of the log, in the order in which its link takes it. */
  static final String COLUMNS =
      "log_index, log_term, id, actor, cause, at, level, type, body, verdict, reason";

  static final int WIDTH = 11;

  private Link() {}

  /**
   * SHA-256, in hexadecimal digits, over the hash before and each value as the number of its bytes
   * in UTF-8, a colon, and the bytes; {@code -1:} for a value that is missing.
   *
   * @param row the values of {@link #COLUMNS}
   */
  static String hash(String before, List<String> row) {
    MessageDigest digest = sha256();
    add(digest, before);
    row.forEach(value -> add(digest, value));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String value) {
    byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
    String length = (value == null ? -1 : bytes.length) + ":";
    digest.update(length.getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
