package topiary.store;

import java.util.Objects;

/**
 * The durable side cannot do what it is for. The message is one clear sentence that names the file
 * or schema and says what to do.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is. */
  public enum Kind {
    /** Another program, or another part of this one, uses the same folder, file or schema. */
    LOCKED,
    /** The database server cannot be reached, or does not answer; nothing was changed. */
    UNREACHABLE,
    /** A file is damaged. It is left exactly as it was found. */
    CORRUPT,
    /** The data folder, a file in it, or the schema cannot be made or written. */
    UNWRITABLE,
    /** The disk is full. */
    FULL,
    /** A newer version wrote what is to be read. */
    NEWER,
    /** Anything else that must not happen: the sentence says what. */
    BROKEN
  }

  private final Kind kind;

  public StoreException(Kind kind, String message) {
    this(kind, message, null);
  }

  /**
   * With what lies behind it.
   *
   * @param cause null when there is none
   */
  public StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind);
  }

  public Kind kind() {
    return kind;
  }
}
