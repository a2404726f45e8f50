package topiary.lab;

import java.util.Optional;
import topiary.lab.flavor.ServerView;

/**
 * What a member says of itself.
 *
 * @param view its answer; empty when it gave none
 * @param source whom it follows now: a member's name, else an address; empty when nobody or unknown
 * @param fault why there is no answer, or what the server says is wrong with its replication; empty
 *     when all is well
 */
public record MemberStatus(
    Member member, Optional<ServerView> view, Optional<String> source, String fault) {
  /** Whether it answered and takes writes. */
  public boolean writable() {
    return view.isPresent() && !view.get().readOnly();
  }
}
