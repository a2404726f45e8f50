package topiary.lab.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import topiary.lab.base.LabException;

/**
 * This JVM's end of a named pipe. Beside every tethered server waits a shell that reads the pipe;
 * when the last holder closes it or dies, however it dies, the kernel ends the pipe, and the shell
 * kills its server. The pipe has a name so that another process can start a server that lives as
 * long as the lab's owner: it holds the pipe while it starts one, and if the owner is gone by then,
 * the server ends as soon as the pipe is let go.
 */
public final class Tether implements AutoCloseable {
  /**
   * Keeps held pipes from the garbage collector, which would close them and so kill the servers.
   */
  private static final Set<Tether> HELD = ConcurrentHashMap.newKeySet();

  private final Path pipe;
  private final FileChannel end;

  private Tether(Path pipe, FileChannel end) {
    this.pipe = pipe;
    this.end = end;
  }

  /** Holds the pipe at this path, making it when missing. */
  public static Tether hold(Path pipe) {
    if (!Files.exists(pipe)) {
      Commands.Result made = Commands.run(List.of("mkfifo", "-m", "600", pipe.toString()));
      if (made.status() != 0) {
        throw new LabException(
            "cannot make the pipe "
                + pipe
                + ": "
                + made.output().strip()
                + "; set TOPIARY_CACHE to a directory on a local disk");
      }
    }
    try {
      // Opened for both directions, because opening only one end of a named pipe waits for the
      // other.
      var tether =
          new Tether(
              pipe, FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE));
      HELD.add(tether);
      return tether;
    } catch (IOException e) {
      throw LabException.of("cannot open the pipe " + pipe, e);
    }
  }

  Path pipe() {
    return pipe;
  }

  @Override
  public void close() {
    HELD.remove(this);
    try {
      end.close();
    } catch (IOException e) {
      throw LabException.of("cannot close the pipe " + pipe, e);
    }
  }
}
