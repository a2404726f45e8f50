package topiary.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.process.Commands;

/**
 * A clock that is wrong for one server: the library libfaketime, loaded before the server's own,
 * adds to what the kernel says. Only the time of day is wrong; waiting takes as long as ever. Taken
 * from the system if it is installed, else from Debian's package, unpacked into the cache.
 */
final class FakeClock {
  private static final String LIBRARY = "libfaketime.so.1";
  private static final Duration OTHERS_WORK = Duration.ofMinutes(2);

  private FakeClock() {}

  /** Gets the library, unless it is there. Safe against other processes. */
  static Path install(Cache cache) {
    Path tools = cache.root().resolve("tools");
    Path home = tools.resolve("libfaketime");
    Optional<Path> there = find(Path.of("/usr/lib")).or(() -> find(home.resolve("usr/lib")));
    if (there.isPresent()) {
      return there.get();
    }
    Disk.makePrivate(tools);
    try (var _ = Lock.take(tools.resolve("libfaketime.lock"), OTHERS_WORK)) {
      return find(home.resolve("usr/lib")).orElseGet(() -> fetch(tools, home));
    }
  }

  private static Path fetch(Path tools, Path home) {
    Path fresh = tools.resolve("libfaketime.new");
    Disk.delete(fresh);
    Disk.makePrivate(fresh);
    try {
      Commands.Result result =
          Commands.run(
              List.of(
                  "sh",
                  "-c",
                  "cd \"$0\" && apt-get download libfaketime && dpkg-deb -x libfaketime_*.deb root",
                  fresh.toString()));
      if (result.status() != 0) {
        throw new LabException(
            "a wrong clock needs the library libfaketime, and Debian's package of it cannot be"
                + " fetched ("
                + result.output().strip().replace('\n', ' ')
                + "); install the package libfaketime, or run apt-get update");
      }
      Disk.delete(home);
      Disk.rename(fresh.resolve("root"), home);
    } finally {
      Disk.delete(fresh);
    }
    return find(home.resolve("usr/lib"))
        .orElseThrow(() -> new LabException("there is no " + LIBRARY + " below " + home));
  }

  /** {@code <lib>/<architecture>/faketime/libfaketime.so.1}. */
  private static Optional<Path> find(Path lib) {
    return Disk.list(lib).stream()
        .filter(Files::isDirectory)
        .map(d -> d.resolve("faketime").resolve(LIBRARY))
        .filter(Files::isReadable)
        .findFirst();
  }

  /** The same command with a clock that is ahead by so many seconds, or behind. */
  static List<String> with(Path library, long seconds, List<String> command) {
    List<String> words = new ArrayList<>(List.of("env"));
    if (library.toString().contains(" ")) {
      // The loader splits names at blanks, but not directories.
      words.add("LD_LIBRARY_PATH=" + library.getParent());
      words.add("LD_PRELOAD=" + LIBRARY);
    } else {
      words.add("LD_PRELOAD=" + library);
    }
    words.add("FAKETIME=%+d".formatted(seconds));
    words.add("FAKETIME_DONT_FAKE_MONOTONIC=1");
    words.addAll(command);
    return words;
  }
}
