package topiary.app.cluster;

/**
 * The cluster this node is a member of. Thread-safe; what changes it is done by the leader only.
 */
public interface Cluster {

  /** How it is; answers at once. */
  ClusterView view();

  /** Waits until this node has applied whatever was committed anywhere before this call. */
  void catchUp() throws ClusterRefused;

  /**
   * Takes a newcomer in, and fills it. One at the address of a member that has another id takes
   * that member's place: whoever was there has lost what it had.
   */
  void join(Newcomer newcomer) throws ClusterRefused;

  /** Takes note of what a member says of itself now. */
  void announce(Newcomer member) throws ClusterRefused;

  /**
   * Removes a member, dead or alive; refused when the rest could decide nothing any more.
   *
   * @param member its id, or its name
   */
  void remove(String member) throws ClusterRefused;

  /**
   * Hands the leadership to a member.
   *
   * @param member its id, or its name
   */
  void transfer(String member) throws ClusterRefused;

  /** Lets others elect somebody else. */
  void stepDown() throws ClusterRefused;

  /** Makes a snapshot on this node, whoever leads. */
  void snapshot() throws ClusterRefused;
}
