package topiary.engine.port;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import topiary.engine.state.Entry;
import topiary.engine.state.Verdict;

/**
 * Who did what, to whom, when, and what came of it: every command that was ever committed, chained
 * so that none can be changed or taken out unseen. Each row's hash is over all of the row and the
 * hash of the row before it. The same on every node. Never read as a whole.
 */
public interface Audit {

  /** The rows that are asked for, newest first. */
  List<Row> rows(Asked asked);

  /** When the oldest row that is kept was stamped. */
  Optional<Instant> oldest();

  /**
   * Where the chain ends now; whoever notes it elsewhere can tell later that nothing was redone.
   */
  Head head();

  /**
   * Goes along the whole chain.
   *
   * @param noted a hash that was noted elsewhere once, which must be in it; empty for none
   */
  Verification verify(Optional<String> noted);

  /**
   * What is asked for.
   *
   * @param about rows about any of these: servers, clusters, plans, nodes; empty for all rows
   * @param types of these types only; empty for all
   * @param since rows stamped then or later
   * @param skip so many of them are left out first
   * @param limit at most so many
   */
  record Asked(Set<String> about, Set<String> types, Optional<Instant> since, int skip, int limit) {

    public Asked {
      about = Set.copyOf(about);
      types = Set.copyOf(types);
    }

    /** Of all types. */
    public Asked(Set<String> about, Optional<Instant> since, int skip, int limit) {
      this(about, Set.of(), since, skip, limit);
    }
  }

  /**
   * One command.
   *
   * @param index its place in the log
   * @param type what kind of command it is, by the name it has in the log
   * @param entry what stands there
   * @param verdict what came of it
   * @param about whom it is about, sorted
   * @param hash of this row and all before it
   */
  record Row(
      long index, String type, Entry entry, Verdict verdict, List<String> about, String hash) {

    public Row {
      about = List.copyOf(about);
    }
  }

  /**
   * A link of the chain.
   *
   * @param index the place of its row in the log; 0 before the first
   * @param hash SHA-256 in hexadecimal digits; zeros before the first
   */
  record Head(long index, String hash) {}

  /**
   * What going along the chain has shown.
   *
   * @param cut the last row that was cut off on purpose; index 0 when none was
   * @param rows how many hold
   * @param upTo the last row that holds, or {@code cut}
   * @param broken the first row that does not, and why
   * @param noted whether the hash that was noted is in what holds; empty when none was given
   */
  record Verification(
      Head cut, long rows, Head upTo, Optional<Broken> broken, Optional<Boolean> noted) {

    /** Whether all is as it was written. */
    public boolean holds() {
      return broken.isEmpty() && noted.orElse(true);
    }
  }

  /**
   * A row that does not hold.
   *
   * @param index its place in the log
   * @param why in a sentence
   */
  record Broken(long index, String why) {}
}
