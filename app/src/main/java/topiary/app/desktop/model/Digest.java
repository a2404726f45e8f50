package topiary.app.desktop.model;

import java.util.List;
import topiary.app.gateway.Seen;

/**
 * What is seen, thought through once for everything that shows it.
 *
 * @param seen what
 * @param version another one when anything differs that is shown; times alone do not
 * @param clusters in order of their heads
 * @param servers every one of them
 */
record Digest(Seen seen, long version, List<ClusterRow> clusters, Servers servers) {

  static final Digest NOTHING = new Digest(Seen.NOTHING, 0, List.of(), Servers.NONE);

  Digest {
    clusters = List.copyOf(clusters);
  }
}
