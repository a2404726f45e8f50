package topiary.raft.ratis;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import topiary.raft.api.LogPosition;

/**
 * The beginning of a log that takes a state over. Terms only grow, so the first election must come
 * after the term that the state's last entry was of, which Ratis reads in its own file.
 */
final class Beginning {

  private Beginning() {}

  /** Writes that file, unless the log has begun before. */
  static void at(Membership membership, LogPosition stands) throws IOException {
    Path current =
        membership
            .folder()
            .resolve("log")
            .resolve(membership.cluster().toString())
            .resolve("current");
    Path meta = current.resolve("raft-meta");
    if (stands.index() == 0 || Files.exists(meta)) {
      return;
    }
    Files.createDirectories(current);
    Files.createDirectories(current.resolveSibling("sm"));
    var properties = new Properties();
    properties.setProperty("term", Long.toString(stands.term()));
    properties.setProperty("votedFor", "");
    try (Writer writer = Files.newBufferedWriter(meta)) {
      properties.store(writer, "");
    }
  }
}
