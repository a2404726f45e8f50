package topiary.engine.execute;

import topiary.engine.plan.Step;

/** Hears how a plan goes on; returns at once. */
public interface Progress {

  /** A step is about to be done. */
  void begun(int number, Step step);

  /** A step was done. */
  void done(int number, Step step);

  /** A step could not be done. */
  void failed(int number, Step step, String sentence);
}
