package topiary.engine.state;

import java.net.URI;

/**
 * What a node has said of itself.
 *
 * @param name what people call it
 * @param http where it serves
 * @param level the highest feature level it understands
 * @param version of its program, for people
 */
public record NodeInfo(String name, URI http, int level, String version) {

  /** For example {@code node n3 (version 1.2)}. */
  String words() {
    return "node " + name + " (version " + version + ")";
  }
}
