package topiary.app.desktop.window;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import topiary.app.desktop.model.ChangesModel;
import topiary.app.desktop.model.Human;
import topiary.app.desktop.model.PastModel;
import topiary.app.gateway.Counted;
import topiary.app.gateway.Then;

/**
 * A span of time as a line: marks where something changed, and a thumb where the shown moment is.
 */
final class Timeline extends Region {

  private static final PseudoClass NOW = PseudoClass.getPseudoClass("now");

  private static final double HEIGHT = 26;
  private static final double MARK = 3;
  private static final double LEAST = 5;
  private static final double THUMB = 5;

  /** So near to a mark the pointer means it. */
  private static final double NEAR = 4;

  private final PastModel past;
  private final InstantSource clock;
  private final Region line = new Region();
  private final Region thumb = new Region();
  private final Tooltip told = new Tooltip();
  private final List<Region> marks = new ArrayList<>();
  private ChangesModel.State state;

  Timeline(PastModel past, ChangesModel changes, InstantSource clock) {
    this.past = past;
    this.clock = clock;
    setId("past-line");
    getStyleClass().add("past-line");
    setMinSize(60, HEIGHT);
    setPrefHeight(HEIGHT);
    setMaxWidth(Double.MAX_VALUE);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.SLIDER);
    line.getStyleClass().add("past-axis");
    thumb.getStyleClass().add("past-thumb");
    List.of(line, thumb).forEach(part -> part.setMouseTransparent(true));
    Tooltip.install(this, told);
    setOnMousePressed(this::pointed);
    setOnMouseDragged(this::pointed);
    setOnMouseMoved(e -> tell(moment(e.getX())));
    setOnKeyPressed(this::key);
    changes.state().subscribe(this::show);
    past.state().subscribe(shown -> place());
  }

  private void show(ChangesModel.State next) {
    boolean other = state == null || !state.counts().equals(next.counts());
    state = next;
    if (other) {
      marks.clear();
      int most = next.counts().stream().mapToInt(Counted.Count::changes).max().orElse(1);
      for (Counted.Count count : next.counts()) {
        var mark = new Region();
        mark.getStyleClass().add("past-mark");
        mark.setMouseTransparent(true);
        double share = Math.log1p(count.changes()) / Math.log1p(most);
        mark.setUserData(LEAST + (HEIGHT - 8 - LEAST) * share);
        marks.add(mark);
      }
      getChildren().setAll(line);
      getChildren().addAll(marks);
      getChildren().add(thumb);
    }
    place();
  }

  /** What is shown: a moment, or now. */
  private Instant shown() {
    return past.state().get().then().map(Then::at).orElse(clock.instant());
  }

  private void place() {
    setAccessibleText(
        "When, from "
            + words(state.from())
            + " to "
            + words(state.to())
            + "; something changed at "
            + Human.many(state.counts().size(), "mark")
            + "; shown: "
            + past.state().get().then().map(then -> words(then.at())).orElse("now"));
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    line.resizeRelocate(0, HEIGHT - 6, width, 2);
    for (int i = 0; i < marks.size(); i++) {
      double height = (double) marks.get(i).getUserData();
      marks
          .get(i)
          .resizeRelocate(
              x(state.counts().get(i).at()) - MARK / 2, HEIGHT - 6 - height, MARK, height);
    }
    thumb.resizeRelocate(x(shown()) - THUMB / 2, 1, THUMB, HEIGHT - 2);
    thumb.pseudoClassStateChanged(NOW, past.state().get().then().isEmpty());
  }

  private double x(Instant at) {
    return state.place(at) * getWidth();
  }

  /** The moment at a place; at a mark, when its changes were made. */
  private Instant moment(double x) {
    Optional<Counted.Count> near =
        state.counts().stream().filter(c -> Math.abs(x(c.at()) - x) <= NEAR).findFirst();
    return near.flatMap(c -> state.after(c.at())).orElse(state.at(x / getWidth()));
  }

  private void tell(Instant at) {
    long changes =
        state.counts().stream()
            .filter(c -> c.at().plusMillis(state.part()).equals(at))
            .mapToInt(Counted.Count::changes)
            .sum();
    told.setText(words(at) + (changes == 0 ? "" : ", after " + Human.many(changes, "change")));
  }

  private void pointed(MouseEvent e) {
    requestFocus();
    past.scrub(moment(e.getX()), clock.instant());
    e.consume();
  }

  private void key(KeyEvent e) {
    Optional<Instant> to =
        switch (e.getCode()) {
          case LEFT -> state.before(shown());
          case RIGHT -> state.after(shown());
          case HOME -> Optional.of(state.from());
          case END -> Optional.of(state.to());
          default -> Optional.empty();
        };
    to.ifPresent(at -> past.scrub(at, clock.instant()));
    switch (e.getCode()) {
      case LEFT, RIGHT, HOME, END -> e.consume();
      default -> {}
    }
  }

  private static String words(Instant at) {
    return PastModel.text(at, ZoneId.systemDefault());
  }
}
