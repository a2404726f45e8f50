package topiary.lab.process;

/** The signals that the lab sends. */
public enum Signal {
  /** Ends a process at once, stopped or not. */
  KILL,
  /** Asks a process to end. */
  TERM,
  /** Freezes a process. */
  STOP,
  /** Thaws a process. */
  CONT
}
