package topiary.app.face;

/** Which node of a cluster answers a request. */
public enum Answerer {
  /** The one that was asked. */
  ASKED,
  /** The one that leads. */
  LEADER,
  /** The one that was asked when it knows of it, else the one that leads. */
  ASKED_ELSE_LEADER
}
