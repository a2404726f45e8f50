package topiary.engine.policy;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * When commands of an operator are run. Rows have their places: one may be added behind the last.
 */
public enum HookList {
  /** A server is found to fail; whether or not anything is done about it. */
  DETECTION("onFailureDetection", "OnFailureDetectionProcesses", false, false),
  /**
   * Before a primary that lives is asked to stop taking writes; one that fails keeps it from it.
   */
  BEFORE_TAKEOVER("preGracefulTakeover", "PreGracefulTakeoverProcesses", true, false),
  /** Before the first deed of a recovery; one that fails keeps it from it. */
  BEFORE_RECOVERY("preFailover", "PreFailoverProcesses", true, true),
  /** Another takes the writes. */
  AFTER_PRIMARY("postMasterFailover", "PostMasterFailoverProcesses", false, true),
  /** The replicas of a source below the primary were moved. */
  AFTER_INTERMEDIATE(
      "postIntermediateMasterFailover", "PostIntermediateMasterFailoverProcesses", false, true),
  /** A recovery has ended well, of whatever kind. */
  AFTER_RECOVERY("postFailover", "PostFailoverProcesses", false, true),
  /** A recovery has ended, and nobody has the place of the dead one. */
  AFTER_FAILURE("postUnsuccessfulFailover", "PostUnsuccessfulFailoverProcesses", false, true),
  /** Another has taken over from a primary that lives. */
  AFTER_TAKEOVER("postGracefulTakeover", "PostGracefulTakeoverProcesses", false, false),
  /** A replica has taken the place of its source, as somebody asked for by {@code take-source}. */
  AFTER_TAKE_SOURCE("postTakeMaster", "PostTakeMasterProcesses", false, false);

  private final String word;
  private final String legacy;
  private final boolean awaited;
  private final boolean ofRecovery;

  HookList(String word, String legacy, boolean awaited, boolean ofRecovery) {
    this.word = word;
    this.legacy = legacy;
    this.awaited = awaited;
    this.ofRecovery = ofRecovery;
  }

  /** What it is called. */
  public String word() {
    return word;
  }

  /** What orchestrator's configuration calls it. */
  public String legacy() {
    return legacy;
  }

  /** Whether what it is for waits for it, and is not done when one of its commands fails. */
  public boolean awaited() {
    return awaited;
  }

  /** Whether it is run for a recovery that was opened, and for nothing else. */
  public boolean ofRecovery() {
    return ofRecovery;
  }

  /** A list by its name, or by that of orchestrator's configuration. */
  public static Optional<HookList> of(String name) {
    return Stream.of(values())
        .filter(list -> list.word.equals(name) || list.legacy.equals(name))
        .findFirst();
  }
}
