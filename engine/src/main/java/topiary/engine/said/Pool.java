package topiary.engine.said;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import topiary.engine.model.InstanceKey;

/**
 * Servers that do one service.
 *
 * @param servers its members, whether they are looked after or not
 * @param since when it was submitted
 * @param until when it is forgotten unless it is submitted again
 */
public record Pool(SortedSet<InstanceKey> servers, Instant since, Instant until)
    implements Bounded {

  public Pool {
    servers = Collections.unmodifiableSortedSet(new TreeSet<>(servers));
  }
}
