package topiary.app.rehearse;

/** An outcome is not what it should be. */
final class Wrong extends Exception {

  private static final long serialVersionUID = 1L;

  Wrong(String sentence) {
    super(sentence);
  }
}
