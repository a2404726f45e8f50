package topiary.app.gateway.place;

import java.util.List;
import java.util.Optional;

/**
 * What is remembered.
 *
 * @param last what was chosen last
 * @param recent nodes, or several of one cluster, that were chosen, the latest first
 * @param trouble why there is no more, empty when all was read
 */
public record Past(Optional<Place> last, List<Place.There> recent, String trouble) {

  public static final Past NOTHING = new Past(Optional.empty(), List.of(), "");

  public Past {
    recent = List.copyOf(recent);
  }
}
