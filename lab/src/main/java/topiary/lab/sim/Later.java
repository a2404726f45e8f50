package topiary.lab.sim;

/** A statement has to wait. */
final class Later extends Exception {
  private static final long serialVersionUID = 1L;

  static final Later NOW = new Later();

  private Later() {
    super("waits", null, false, false);
  }
}
