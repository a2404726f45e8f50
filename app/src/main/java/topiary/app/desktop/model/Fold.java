package topiary.app.desktop.model;

/**
 * What a folded branch hides.
 *
 * @param servers how many are hidden
 * @param troubled how many of them somebody should look at
 * @param worst how the worst of them is
 */
public record Fold(int servers, int troubled, Mood worst) {

  /** For people. */
  public String words() {
    return "+" + servers + (troubled == 0 ? "" : ", " + troubled + " in trouble");
  }
}
