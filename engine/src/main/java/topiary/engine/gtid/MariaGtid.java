package topiary.engine.gtid;

/**
 * One MariaDB transaction id, written {@code domain-server-sequence}.
 *
 * @param domain the replication domain, 0 to 2^32-1
 * @param server the id of the server that wrote it first, 0 to 2^32-1
 * @param sequence counted up within the domain, 0 to 2^64-1 (here: to 2^63-1)
 */
public record MariaGtid(long domain, long server, long sequence) {

  private static final long UINT32 = 0xffff_ffffL;

  public MariaGtid {
    if (domain < 0 || domain > UINT32 || server < 0 || server > UINT32 || sequence < 0) {
      throw new IllegalArgumentException(
          "not a MariaDB GTID: " + domain + "-" + server + "-" + sequence);
    }
  }

  /**
   * Reads {@code 0-1-42}.
   *
   * @throws IllegalArgumentException with the text, when it is something else
   */
  public static MariaGtid parse(String text) {
    String[] parts = text.strip().split("-", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a MariaDB GTID: " + text);
    }
    try {
      return new MariaGtid(
          Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a MariaDB GTID: " + text, e);
    }
  }

  @Override
  public String toString() {
    return domain + "-" + server + "-" + sequence;
  }
}
