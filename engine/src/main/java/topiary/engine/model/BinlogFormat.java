package topiary.engine.model;

/** How changes are written to the binary log; a later constant may not replicate to an earlier. */
public enum BinlogFormat {
  STATEMENT,
  MIXED,
  ROW
}
