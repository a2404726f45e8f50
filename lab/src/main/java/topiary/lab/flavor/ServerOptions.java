package topiary.lab.flavor;

import java.nio.file.Path;

/**
 * What an option file is made from.
 *
 * @param home the folder of the server's programs
 * @param directory the server's own folder; its data directory is {@code data} in it, its log
 *     {@code error.log}
 * @param name the member's
 * @param number its server id, from 1
 * @param domain its GTID domain, where the flavour has such
 * @param sources how many servers it is to follow
 */
public record ServerOptions(
    Path home,
    Path directory,
    String name,
    String host,
    int port,
    int number,
    int domain,
    int sources,
    Mode mode) {
  /** The data directory. */
  public Path data() {
    return directory.resolve("data");
  }

  /**
   * The base name of the binary logs. Positions by file name the member, so that they cannot be
   * taken for another's.
   */
  String binaryLog() {
    return mode.gtid() ? "bin" : name + FilePosition.SUFFIX;
  }

  /** A path as an option file takes it, where backslashes are escapes and a bare # a comment. */
  static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }
}
