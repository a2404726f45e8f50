package topiary.lab;

import java.util.List;
import java.util.Optional;
import topiary.lab.flavor.ServerView;

/**
 * What a member says of itself.
 *
 * @param view its answer; empty when it gave none
 * @param sources whom it follows now: members' names, else addresses; none when nobody or unknown
 * @param fault why there is no answer, or what the server says is wrong with its replication; empty
 *     when all is well
 */
public record MemberStatus(
    Member member, Optional<ServerView> view, List<String> sources, String fault) {
  /** Copies the list. */
  public MemberStatus {
    sources = List.copyOf(sources);
  }

  /** The first of those it follows now. */
  public Optional<String> source() {
    return sources.stream().findFirst();
  }

  /** Whether it answered and takes writes. */
  public boolean writable() {
    return view.isPresent() && !view.get().readOnly();
  }
}
