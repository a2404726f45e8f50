package topiary.lab.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import topiary.lab.Lab;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.JavaProgram;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Signal;

/**
 * A {@link Load} in a process of its own, which ends with its lab. No secret stands on its command
 * line.
 */
public final class LoadProcess {
  private static final String ROLE = "load";
  private static final Duration STARTING = Duration.ofSeconds(20);
  private static final Duration STOPPING = Duration.ofSeconds(20);
  private static final Duration WATCH = Duration.ofSeconds(1);

  private LoadProcess() {}

  /**
   * Starts it and waits for its first acknowledged row.
   *
   * @return its pid
   */
  public static long start(Lab lab, Cache cache, int rate) {
    running(lab)
        .ifPresent(
            pid -> {
              throw new LabException(
                  "lab "
                      + lab.name()
                      + " has a load already (process "
                      + pid
                      + "); stop it with: lab load stop");
            });
    Path log = lab.directory().resolve("load.log");
    int before = Ledger.read(Load.ledgerFile(lab)).acknowledged().cardinality();
    ProcessId process =
        JavaProgram.start(
            LoadProcess.class,
            List.of(cache.root().toString(), lab.directory().toString(), Integer.toString(rate)),
            lab.directory(),
            log,
            "the load",
            lab::within);
    lab.addHelper(ROLE, process, lab.directory().toString());
    boolean writes =
        Await.holds(
            STARTING,
            () ->
                Ledger.read(Load.ledgerFile(lab)).acknowledged().cardinality() > before
                    || !process.alive());
    if (!writes || !process.alive()) {
      process.signal(Signal.KILL, lab.directory().toString());
      String said = Disk.tail(log, 5);
      throw new LabException(
          "the load does not write"
              + (said.isEmpty() ? "; is a member writable? (lab status)" : ": " + said));
    }
    return process.pid();
  }

  /** The pid of the load process of a lab, if it runs. */
  public static Optional<Long> running(Lab lab) {
    return lab.helper(ROLE).map(ProcessId::pid);
  }

  /**
   * Stops it.
   *
   * @throws LabException when there is none
   */
  public static void stop(Lab lab) {
    ProcessId process =
        lab.helper(ROLE)
            .orElseThrow(() -> new LabException("lab " + lab.name() + " has no load running"));
    process.signal(Signal.TERM, lab.directory().toString());
    if (!process.awaitEnd(STOPPING)) {
      process.signal(Signal.KILL, lab.directory().toString());
      process.awaitEnd(STOPPING);
    }
  }

  /** The process itself. Arguments: the cache, the lab's folder, the rate. */
  public static void main(String[] args) {
    try {
      Lab lab = Lab.open(Cache.at(Path.of(args[0])), Path.of(args[1]).getFileName().toString());
      Load load = Load.start(lab, Integer.parseInt(args[2]));
      Runtime.getRuntime().addShutdownHook(new Thread(load::stop, "load-stop"));
      // Ends by itself when the lab does, so that no load is ever left writing into the void.
      while (load.running() && lab.exists()) {
        Await.holds(WATCH, () -> !load.running());
      }
      load.stop();
    } catch (LabException e) {
      System.err.println(e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }
}
