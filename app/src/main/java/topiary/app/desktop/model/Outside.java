package topiary.app.desktop.model;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;

/**
 * What is told outside of the window, whatever node that is on: whether it is wanted, whether
 * somebody looks at the window, and the way. For the window's thread.
 */
public final class Outside {

  private final Message.Way way;
  private final BooleanProperty wanted = new SimpleBooleanProperty(true);
  private final BooleanProperty looking = new SimpleBooleanProperty(true);

  /** Where there is a way. */
  public Outside(Message.Way way) {
    this.way = way;
  }

  /** Whether anything is to be told; kept by {@link Memory}. */
  public BooleanProperty wanted() {
    return wanted;
  }

  /** Whether the window is in front, so that it tells by itself. */
  public BooleanProperty looking() {
    return looking;
  }

  Message.Way way() {
    return way;
  }
}
