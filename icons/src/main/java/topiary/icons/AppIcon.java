package topiary.icons;

import java.util.List;
import java.util.stream.Collectors;

/** The application's icon: a clipped tree, whose leaves are servers below one another. */
public final class AppIcon {

  /** The side of the square it is drawn in. */
  public static final int SIZE = 64;

  private static final String CROWN = "M32 4a14 14 0 1 1 0 28a14 14 0 1 1 0-28Z";
  private static final String LEAVES =
      "M16 32a9 9 0 1 1 0 18a9 9 0 1 1 0-18ZM48 32a9 9 0 1 1 0 18a9 9 0 1 1 0-18Z";
  private static final String TRUNK = "M29 30h6v24h-6ZM20 54h24v6H20Z";

  /** The sizes, in pixels, that window systems ask for. */
  public static final List<Integer> SIZES = List.of(16, 24, 32, 48, 64, 128, 256);

  /**
   * A part of it that has one colour.
   *
   * @param colour as {@code #rrggbb}
   * @param path its outline, in the square
   */
  public record Part(String colour, String path) {}

  private AppIcon() {}

  /** What it is made of, the lowest first. */
  public static List<Part> parts() {
    return List.of(
        new Part("#7a5230", TRUNK), new Part("#2e7d4f", LEAVES), new Part("#43a56c", CROWN));
  }

  /** The icon as an SVG document. */
  public static String svg() {
    String paths =
        parts().stream()
            .map(p -> "<path fill=\"" + p.colour() + "\" d=\"" + p.path() + "\"/>")
            .collect(Collectors.joining());
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %1$d\">%2$s</svg>\n"
        .formatted(SIZE, paths);
  }
}
