package topiary.lab.flavor;

import java.nio.file.Path;

/**
 * What an option file is made from.
 *
 * @param home the unpacked server
 * @param directory the server's own folder; its data directory is {@code data} in it, its log
 *     {@code error.log}
 * @param number its server id, from 1
 */
public record ServerOptions(Path home, Path directory, String host, int port, int number) {
  /** The data directory. */
  public Path data() {
    return directory.resolve("data");
  }
}
