package topiary.icons;

/** The application's icon: a clipped tree, whose leaves are servers below one another. */
public final class AppIcon {

  /** The side of the square it is drawn in. */
  public static final int SIZE = 64;

  private static final String CROWN = "M32 4a14 14 0 1 1 0 28a14 14 0 1 1 0-28Z";
  private static final String LEAVES =
      "M16 32a9 9 0 1 1 0 18a9 9 0 1 1 0-18ZM48 32a9 9 0 1 1 0 18a9 9 0 1 1 0-18Z";
  private static final String TRUNK = "M29 30h6v24h-6ZM20 54h24v6H20Z";

  private AppIcon() {}

  /** The icon as an SVG document. */
  public static String svg() {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d">\
    <path fill="#7a5230" d="%2$s"/><path fill="#2e7d4f" d="%3$s"/><path fill="#43a56c" d="%4$s"/></svg>
    """
        .formatted(SIZE, TRUNK, LEAVES, CROWN);
  }
}
