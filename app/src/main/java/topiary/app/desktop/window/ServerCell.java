package topiary.app.desktop.window;

import java.util.Optional;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.model.ServerCard;
import topiary.app.desktop.model.Spoken;
import topiary.engine.model.InstanceKey;

/** A server in a line: the sign of its state, its name, and a word when it is not well. */
final class ServerCell extends TreeCell<InstanceKey> {

  /**
   * What a line says.
   *
   * @param mood as a sign
   * @param name short
   * @param word how it is; of one that is well, nothing
   * @param spoken all of it
   */
  record Shown(Mood mood, String name, String word, String spoken) {

    static Shown of(ServerCard card, String name) {
      return new Shown(
          card.mood(), name, card.mood() == Mood.WELL ? "" : card.mood().word(), Spoken.of(card));
    }
  }

  private final Function<InstanceKey, Optional<Shown>> source;
  private final Region mark = MoodMark.of(Mood.UNKNOWN);
  private final Label name = new Label();
  private final Label word = new Label();
  private final HBox line = new HBox(7, mark, name, word);
  private final Tooltip tip = new Tooltip();
  private Optional<Shown> shown = Optional.empty();

  ServerCell(Function<InstanceKey, Optional<Shown>> source) {
    this.source = source;
    line.setAlignment(Pos.CENTER_LEFT);
    name.setMinWidth(0);
    HBox.setHgrow(name, Priority.SOMETIMES);
    word.getStyleClass().add("cluster-words");
    word.setMinWidth(Region.USE_PREF_SIZE);
    setPrefWidth(0);
    tip.setWrapText(true);
    tip.setMaxWidth(420);
  }

  @Override
  protected void updateItem(InstanceKey key, boolean empty) {
    super.updateItem(key, empty);
    setText(null);
    refresh();
  }

  /** Says how the server is now. */
  void refresh() {
    Optional<Shown> now = Optional.ofNullable(isEmpty() ? null : getItem()).flatMap(source);
    setGraphic(now.isPresent() ? line : null);
    if (now.equals(shown)) {
      return;
    }
    shown = now;
    setAccessibleText(now.map(Shown::spoken).orElse(null));
    setTooltip(now.isPresent() ? tip : null);
    now.ifPresent(
        s -> {
          MoodMark.set(mark, s.mood());
          name.setText(s.name());
          word.setText(s.word());
          word.getStyleClass().remove("bad");
          if (s.mood().troubled()) {
            word.getStyleClass().add("bad");
          }
          tip.setText(s.spoken());
        });
  }
}
