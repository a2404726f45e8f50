package topiary.engine.model;

/** How a server that is read-only now will be when it has restarted, as far as it can tell. */
public enum Startup {
  /** Read-only: its option file, its command line or a persisted value says so. */
  READ_ONLY,

  /**
   * It was made read-only while it ran, which a restart forgets, and nothing persisted says so.
   * What its option file says it does not tell from then on.
   */
  UNSAID,

  /** Writable: a persisted value says so. */
  WRITABLE
}
