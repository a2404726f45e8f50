package topiary.store.history;

import java.util.Map;
import topiary.engine.model.InstanceKey;

/**
 * One difference.
 *
 * @param millis when, since 1970
 * @param server whose
 * @param kind what it is
 * @param patch what makes the document of before that of after; empty for one that is gone
 */
public record Entry(long millis, InstanceKey server, Kind kind, Map<String, Object> patch) {

  /** What an entry is. */
  public enum Kind {
    /** A server that was not there before, or at the beginning of a segment is. */
    CAME("+"),
    /** Something that people want to know of. */
    NEWS("n"),
    /** How far it has come. */
    SAMPLE("s"),
    /** A server that is looked after no more. */
    GONE("-");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }

    static Kind of(String sign) {
      for (Kind kind : values()) {
        if (kind.sign.equals(sign)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of entry: " + sign);
    }
  }
}
