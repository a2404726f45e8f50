package topiary.app.desktop.window;

import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import topiary.app.desktop.model.ReadinessModel;
import topiary.app.gateway.ReadinessView;

/** How ready a cluster is, as a small number that says what it comes of where somebody points. */
final class Score extends Label {

  private static final PseudoClass BAD = PseudoClass.getPseudoClass("bad");
  private static final PseudoClass WATCH = PseudoClass.getPseudoClass("watch");

  private Optional<ReadinessView> shown = Optional.empty();
  private final Tooltip tip = new Tooltip();

  Score() {
    getStyleClass().add("score");
    setMinWidth(USE_PREF_SIZE);
    managedProperty().bind(visibleProperty());
    tip.setWrapText(true);
    tip.setMaxWidth(560);
    setVisible(false);
  }

  /** Shows one; nothing while it is not known. */
  void show(Optional<ReadinessView> next) {
    if (next.equals(shown)) {
      return;
    }
    shown = next;
    setVisible(next.isPresent());
    setTooltip(next.isPresent() ? tip : null);
    next.ifPresent(
        r -> {
          setText(Integer.toString(r.score()));
          tip.setText(ReadinessModel.explained(r));
          setAccessibleText("readiness " + r.score() + " of 100");
          pseudoClassStateChanged(BAD, r.score() < ReadinessView.UNREADY);
          pseudoClassStateChanged(
              WATCH, r.score() >= ReadinessView.UNREADY && r.score() < ReadinessView.READY);
        });
  }
}
