package topiary.engine.model;

import java.util.List;

/**
 * The scheduled events of a server that takes writes. Its replicas have them, too, all disabled,
 * and do not tell which of them are enabled there.
 *
 * @param scheduler whether its event scheduler is on
 * @param all one or more
 */
public record Events(boolean scheduler, List<ScheduledEvent> all) {

  public Events {
    all = List.copyOf(all);
  }
}
