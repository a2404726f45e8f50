package topiary.lab.flavor;

/**
 * How the servers of a lab replicate.
 *
 * @param gtid by GTIDs; else by file and position
 * @param semiSync whether a commit waits until a replica has received it
 */
public record Mode(boolean gtid, boolean semiSync) {
  /** By GTIDs, without waiting. */
  public static final Mode STANDARD = new Mode(true, false);

  /** The same by file and position. */
  public Mode withoutGtid() {
    return new Mode(false, semiSync);
  }

  /** The same with commits that wait for a replica. */
  public Mode withSemiSync() {
    return new Mode(gtid, true);
  }
}
