package topiary.app.desktop.layout;

/**
 * A card's place, in units of the picture.
 *
 * @param x left
 * @param y top
 * @param width of the card
 * @param height of the card
 */
public record Box(double x, double y, double width, double height) {

  public double centre() {
    return x + width / 2;
  }

  public double middle() {
    return y + height / 2;
  }

  public double right() {
    return x + width;
  }

  public double bottom() {
    return y + height;
  }

  public boolean contains(double px, double py) {
    return px >= x && px <= right() && py >= y && py <= bottom();
  }

  public boolean overlaps(Box other) {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }
}
