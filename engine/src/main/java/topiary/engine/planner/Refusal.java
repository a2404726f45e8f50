package topiary.engine.planner;

/** Ends planning with a reason; never leaves this package. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason, null, false, false);
  }
}
