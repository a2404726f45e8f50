package topiary.app.desktop.window;

import javafx.geometry.Orientation;
import javafx.scene.control.TextArea;
import javafx.scene.text.Text;

/** A text that can be selected and takes as many lines as it needs. */
final class WrappedValue extends TextArea {

  /** What the style sheet leaves around the text. */
  private static final double SIDES = 9;

  private static final double ENDS = 6;

  private final Text ruler = new Text();

  WrappedValue() {
    setEditable(false);
    setWrapText(true);
    setMinHeight(USE_PREF_SIZE);
    setMaxHeight(USE_PREF_SIZE);
    setMinWidth(0);
    setPrefColumnCount(8);
    textProperty().subscribe(text -> requestLayout());
    fontProperty().subscribe(font -> requestLayout());
  }

  @Override
  public Orientation getContentBias() {
    return Orientation.HORIZONTAL;
  }

  @Override
  protected double computePrefHeight(double width) {
    ruler.setFont(getFont());
    ruler.setWrappingWidth(0);
    double first = height("0");
    double line = height("0\n0") - first;
    ruler.setWrappingWidth(Math.max(40, (width > 0 ? width : getWidth()) - SIDES));
    long lines = 1 + Math.round((height(getText()) - first) / line);
    // In the window a line is up to a pixel higher than it is measured.
    return lines * (Math.ceil(line) + 1) + ENDS;
  }

  private double height(String text) {
    ruler.setText(text);
    return ruler.getLayoutBounds().getHeight();
  }
}
