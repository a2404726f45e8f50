package topiary.app.rehearse;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import topiary.app.nodes.NodeApi;

/** The nodes that look after a stage's servers; they run when they are made. */
interface Nodes extends AutoCloseable {

  /** Whom to ask now: one that runs, where any does. */
  NodeApi api();

  /** Each of them. */
  List<NodeApi> apis();

  /** Whether all of them run. */
  boolean alive();

  /** Ends the one that decides at once, as a crash would. */
  void kill() throws IOException;

  /** Starts those that do not run as users start them, and waits until they serve. */
  void revive() throws IOException;

  /** What they have started. */
  Stream<ProcessHandle> descendants();

  /** What they have said on their consoles. */
  String said() throws IOException;

  @Override
  void close() throws IOException;
}
