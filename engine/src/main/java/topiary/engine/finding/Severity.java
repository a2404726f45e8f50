package topiary.engine.finding;

/** How bad a finding is, worst first. */
public enum Severity {
  /** Something is dead, or as good as that, and a recovery would be due. */
  FAILURE,
  /** Something is broken that no recovery mends. */
  TROUBLE,
  /** It may be a failure, and is not certain yet. */
  SUSPICION,
  /** Everything works, and would work worse when something failed. */
  WARNING
}
