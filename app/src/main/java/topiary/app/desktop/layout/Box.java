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

  /** Whether it is a chip's, and not a whole card's. */
  public boolean chip() {
    return height < Form.CARD.height();
  }

  /** On the way from one place to another. */
  public Box towards(Box other, double part) {
    return new Box(
        x + (other.x - x) * part,
        y + (other.y - y) * part,
        width + (other.width - width) * part,
        height + (other.height - height) * part);
  }
}
