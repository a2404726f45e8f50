package topiary.app.desktop.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.Text;

/** Text that fits where it is painted. */
final class Lettering {

  private static final int REMEMBERED = 20_000;
  private static final String MORE = "…";

  final Font title = Font.font(Font.getDefault().getFamily(), FontWeight.BOLD, 14);
  final Font plain = Font.font(12);
  final Font strong = Font.font(Font.getDefault().getFamily(), FontWeight.BOLD, 12);
  final Font small = Font.font(11);

  private final Text ruler = new Text();
  private final Map<Piece, String> fitted = new HashMap<>();

  private final Map<Written, Double> widths = new HashMap<>();

  private record Written(String text, Font font) {}

  private record Piece(String text, Font font, double width) {}

  double width(String text, Font font) {
    if (widths.size() > REMEMBERED) {
      widths.clear();
    }
    return widths.computeIfAbsent(new Written(text, font), w -> measure(text, font));
  }

  private double measure(String text, Font font) {
    ruler.setFont(font);
    ruler.setText(text);
    return ruler.getLayoutBounds().getWidth();
  }

  /** A text, cut short at its end when it is too long. */
  String fit(String text, Font font, double width) {
    return fit(text, "", font, width);
  }

  /** A text, cut short before its tail when it is too long. */
  String fit(String text, String tail, Font font, double width) {
    if (fitted.size() > REMEMBERED) {
      fitted.clear();
    }
    return fitted.computeIfAbsent(
        new Piece(text + tail, font, width), piece -> cut(text, tail, font, width));
  }

  private String cut(String text, String tail, Font font, double width) {
    if (measure(text + tail, font) <= width) {
      return text + tail;
    }
    int least = 0;
    int most = text.length();
    while (least < most) {
      int half = (least + most + 1) / 2;
      if (measure(text.substring(0, half) + MORE + tail, font) <= width) {
        least = half;
      } else {
        most = half - 1;
      }
    }
    return text.substring(0, least).stripTrailing() + MORE + tail;
  }

  /** A sentence in lines. */
  List<String> wrap(String sentence, Font font, double width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : sentence.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && width(longer, font) > width) {
        lines.add(line.toString());
        line.setLength(0);
        line.append(word);
      } else {
        line.setLength(0);
        line.append(longer);
      }
    }
    lines.add(line.toString());
    return lines;
  }
}
