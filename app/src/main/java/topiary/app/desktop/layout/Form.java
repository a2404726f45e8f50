package topiary.app.desktop.layout;

/** How much of a server is shown, in units of the picture. */
public enum Form {
  /** Everything a card says. */
  CARD(284, 92),
  /** A name and a state; one of many leaves. */
  CHIP(168, 34);

  private final double width;
  private final double height;

  Form(double width, double height) {
    this.width = width;
    this.height = height;
  }

  public double width() {
    return width;
  }

  public double height() {
    return height;
  }
}
