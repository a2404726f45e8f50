package topiary.app.demo;

import java.net.URI;
import java.util.List;
import topiary.app.config.BadConfig;

/** The node, or the nodes, of a demo. */
interface DemoNodes extends AutoCloseable {

  /** Starts, and waits until every server of the fleet is known, seen and replicating. */
  void start() throws BadConfig, InterruptedException;

  /** Where they serve, the first one first. */
  List<URI> addresses();

  /** The tree as they see it, for people. */
  String tree();

  /**
   * What there is to know about them, and to try with them, in lines.
   *
   * @param prefix of a command that asks them
   */
  List<String> hints(String prefix);

  @Override
  void close();
}
