package topiary.engine.state;

/** How a plan ended. */
public enum PlanEnd {
  /** Every step was done. */
  DONE,
  /** A guard was broken or a step failed; its lastly steps were done. */
  FAILED,
  /** Somebody asked to stop at the next safe border. */
  CANCELLED,
  /** The process that ran it died, or stopped leading; found by the node that leads next. */
  INTERRUPTED
}
