package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import topiary.app.desktop.layout.Layout;
import topiary.engine.model.Channel;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * A stream into a server beside the one by which it has its place in the tree: a further channel,
 * what closes a ring, or one from outside of the tree.
 *
 * @param replica where it goes
 * @param from the card it comes from: its source, or what that is folded into; empty when its
 *     source is not in the picture
 * @param source the name of its source, for people
 * @param channel its name; empty for the only or first one
 * @param mood how it is
 * @param words the channel's name and how it is, short; empty when there is nothing to say
 */
public record Link(
    InstanceKey replica,
    Optional<InstanceKey> from,
    String source,
    String channel,
    Mood mood,
    String words) {

  /**
   * All of a picture.
   *
   * @param links in the order of the tree
   * @param places of each server with several channels, the one its place is by
   */
  public record All(List<Link> links, Map<InstanceKey, Link> places) {

    public static final All NONE = new All(List.of(), Map.of());

    public All {
      links = List.copyOf(links);
      places = Map.copyOf(places);
    }
  }

  /**
   * The links of a picture.
   *
   * @param standing the card that stands for a server: its own, or that of the fold it is in
   * @param names how servers are called
   */
  static All of(Layout layout, Topology in, UnaryOperator<InstanceKey> standing, ShortNames names) {
    var links = new ArrayList<Link>();
    Map<InstanceKey, Link> places = new HashMap<>();
    for (InstanceKey key : layout.boxes().keySet()) {
      Instance server = in.instance(key).orElse(null);
      if (server == null || server.facts().isEmpty()) {
        continue;
      }
      List<Channel> all = server.facts().get().channels();
      InstanceKey above = layout.sources().get(key);
      for (int i = 0; i < all.size(); i++) {
        Channel c = all.get(i);
        InstanceKey card = standing.apply(c.source());
        boolean here = layout.boxes().containsKey(card) && !card.equals(key);
        var link =
            new Link(
                key,
                here ? Optional.of(card) : Optional.empty(),
                names.name(c.source()),
                c.name(),
                mood(server, c),
                words(server, c));
        if (i > 0 || !c.source().equals(above)) {
          links.add(link);
        } else if (all.size() > 1) {
          places.put(key, link);
        }
      }
    }
    return new All(links, places);
  }

  private static Mood mood(Instance server, Channel c) {
    return server.seen() ? ServerCard.mood(c) : Mood.GONE;
  }

  private static String words(Instance server, Channel c) {
    Mood mood = mood(server, c);
    String state =
        mood == Mood.LATE
            ? Human.span(c.progress().secondsBehind().orElse(0L))
            : mood == Mood.WELL || mood == Mood.GONE ? "" : mood.word();
    return c.name().isEmpty() || state.isEmpty() ? c.name() + state : c.name() + ", " + state;
  }
}
