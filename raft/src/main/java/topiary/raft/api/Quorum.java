package topiary.raft.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a log needs to go on: a majority of its members. */
public final class Quorum {

  private Quorum() {}

  /** How many of so many members are a majority. */
  public static int majority(int members) {
    return members / 2 + 1;
  }

  /**
   * Why a change of members must not be made; empty when it may.
   *
   * @param present the members now
   * @param wanted the members after it
   * @param alive who is known to take part now, newcomers included
   */
  public static Optional<String> refuses(List<Peer> present, List<Peer> wanted, Set<String> alive) {
    if (wanted.isEmpty()) {
      return Optional.of("the last member cannot be removed: end the node instead");
    }
    var absent = new ArrayList<String>();
    for (Peer peer : wanted) {
      if (!alive.contains(peer.id())) {
        absent.add(peer.id());
      }
    }
    int there = wanted.size() - absent.size();
    if (there < majority(wanted.size())) {
      return Optional.of(
          "of the "
              + wanted.size()
              + " members there would be after it, only "
              + there
              + " can be reached (not "
              + String.join(", ", absent)
              + "), and "
              + majority(wanted.size())
              + " are needed: the cluster could decide nothing any more");
    }
    long kept = wanted.stream().filter(present::contains).count();
    boolean first = present.size() == 1 && wanted.size() == 2 && kept == 1;
    if (!first && wanted.size() - kept >= kept) {
      return Optional.of(
          "it would bring in "
              + (wanted.size() - kept)
              + " new members beside "
              + kept
              + " that stay: add one after another");
    }
    return Optional.empty();
  }
}
