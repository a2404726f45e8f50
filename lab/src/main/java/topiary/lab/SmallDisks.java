package topiary.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;
import topiary.lab.process.ProcessId;

/**
 * A disk of its own for each server's data directory, which can really be full. It is a file system
 * in memory, mounted where only this lab sees it: in a mount namespace within a user namespace,
 * which needs no root where the kernel admits it. A process that does nothing keeps the namespace,
 * so that the data survive a server's end. A lab without small disks has no such process, and
 * everything here leaves things as they are.
 */
final class SmallDisks {
  static final String ROLE = "disks";

  /** What a server's disk holds while it is not full. */
  static final int MEGABYTES = 256;

  private static final Duration STARTING = Duration.ofSeconds(10);

  private final Site site;
  private final Keeper keeper;

  SmallDisks(Site site) {
    this.site = site;
    this.keeper = new Keeper(site, ROLE);
  }

  /** Why there can be none on this machine; empty when there can. */
  static Optional<String> obstacle() {
    Commands.Result tried = Commands.run(List.of("unshare", "-Urm", "true"));
    return tried.status() == 0
        ? Optional.empty()
        : Optional.of(
            "this machine gives its users no mount namespace ("
                + tried.output().strip()
                + "), so there are no small disks; start the lab without them");
  }

  /** Makes the namespace. */
  void begin(boolean tethered) {
    obstacle()
        .ifPresent(
            sentence -> {
              throw new LabException(sentence);
            });
    keeper.begin(site.network.withinUser(List.of("unshare", "-Urm")), tethered);
  }

  private Optional<ProcessId> holder() {
    return keeper.process();
  }

  private ProcessId owned() {
    return holder()
        .orElseThrow(
            () ->
                new LabException(
                    "the servers of lab "
                        + site.name
                        + " share this machine's disk, which nobody wants full; start it with: lab"
                        + " up --small-disks"));
  }

  /** How this process reaches a file of a server. */
  Path seen(Path file) {
    return holder().map(h -> Path.of("/proc/" + h.pid() + "/root" + file)).orElse(file);
  }

  /** The same command, run where the disks are. */
  List<String> within(List<String> command) {
    return holder().map(h -> within(h, command)).orElse(command);
  }

  private static List<String> within(ProcessId holder, List<String> command) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "nsenter",
                "-t",
                Long.toString(holder.pid()),
                "-U",
                "-m",
                "--preserve-credentials"));
    words.addAll(command);
    return words;
  }

  boolean exist() {
    return holder().isPresent();
  }

  /** Puts a copy of a template in place as a data directory, on a disk of its own if so wished. */
  void populate(Path template, Path data) {
    if (holder().isEmpty()) {
      Disk.copySparse(template, data);
      return;
    }
    Disk.makePrivate(data);
    run(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "mode=700,size=" + MEGABYTES + "m",
        "topiary-lab",
        data.toString());
    // Without holes: filling one is what a full disk cannot do, and no real data directory has any.
    run("cp", "-r", "--sparse=never", template + "/.", data.toString());
  }

  private void run(String... command) {
    Commands.Result result = Commands.run(within(owned(), List.of(command)));
    if (result.status() != 0) {
      throw new LabException(command[0] + " failed on a small disk: " + result.output().strip());
    }
  }

  /** Leaves not a page on a server's disk. */
  void fill(Path data) {
    owned();
    // The server may take a page between the look and the deed, which then fails.
    LabException[] last = {null};
    boolean full =
        Await.holds(
            STARTING,
            () -> {
              var disk = seen(data).toFile();
              long used = disk.getTotalSpace() - disk.getFreeSpace();
              try {
                run("mount", "-o", "remount,size=" + used, data.toString());
                return disk.getFreeSpace() == 0;
              } catch (LabException e) {
                last[0] = e;
                return false;
              }
            });
    if (!full) {
      throw last[0] == null ? new LabException("the disk " + data + " does not fill") : last[0];
    }
  }

  /** Gives a server's disk its room back. */
  void free(Path data) {
    run("mount", "-o", "remount,size=" + MEGABYTES + "m", data.toString());
  }
}
