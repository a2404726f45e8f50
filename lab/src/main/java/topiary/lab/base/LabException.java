package topiary.lab.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Something the lab could not do. The message is one sentence for a person: what failed and what to
 * do about it.
 */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure told by its sentence alone. */
  public LabException(String sentence) {
    super(sentence);
  }

  /** A failure with the fault beneath it. */
  public LabException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /**
   * A failed file operation.
   *
   * @param what what could not be done, without full stop, e.g. {@code "cannot write /x/lab.json"}
   */
  public static LabException of(String what, IOException fault) {
    String reason = reason(fault);
    return new LabException(what + ": " + reason + advice(reason), fault);
  }

  /** The reason in an I/O fault in words; the JDK leaves it out of its commonest exceptions. */
  public static String reason(IOException fault) {
    return switch (fault) {
      case AccessDeniedException denied -> "permission denied for " + denied.getFile();
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileSystemException other when other.getReason() != null ->
          other.getReason() + " (" + other.getFile() + ")";
      default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
    };
  }

  private static String advice(String reason) {
    if (reason.contains("No space left") || reason.contains("quota")) {
      return "; free some space or set TOPIARY_CACHE to a directory on another disk";
    }
    if (reason.contains("denied") || reason.contains("Read-only")) {
      return "; set TOPIARY_CACHE to a directory you may write to";
    }
    return "";
  }
}
