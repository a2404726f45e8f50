package topiary.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;

/** The faults of servers that nobody could see from outside, noted in {@code faults.json}. */
final class FaultBook {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** The kinds that are noted. */
  enum Kind {
    READ_ONLY,
    WRITABLE,
    LAG,
    STOPPED_APPLIER,
    STOPPED_RECEIVER,
    FULL_DISK,
    WRONG_CLOCK;

    String id(String member) {
      return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + member;
    }
  }

  /**
   * One of them.
   *
   * @param value what it was before, for healing, or for a clock the seconds that it is ahead; may
   *     be empty
   * @param pid of the server, whose end ends the fault too; 0 for one that outlasts it
   */
  record Entry(Kind kind, String member, String sentence, String value, long pid) {
    String id() {
      return kind.id(member);
    }
  }

  private record Pages(List<Entry> entries) {}

  private final Path directory;

  FaultBook(Path directory) {
    this.directory = directory;
  }

  private Path file() {
    return directory.resolve("faults.json");
  }

  List<Entry> entries() {
    try {
      return JSON.readValue(Files.readString(file()), Pages.class).entries();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw LabException.of("cannot read " + file(), e);
    } catch (JacksonException e) {
      throw new LabException(file() + " cannot be read as the faults of a lab; delete it", e);
    }
  }

  Optional<Entry> entry(String id) {
    return entries().stream().filter(e -> e.id().equals(id)).findFirst();
  }

  /** By how many seconds a member's clock is to be ahead; negative when behind. */
  Optional<Long> clock(String member) {
    return entry(Kind.WRONG_CLOCK.id(member)).map(e -> Long.valueOf(e.value()));
  }

  /** Notes a fault in place of the one of its id. */
  synchronized void note(Entry entry) {
    change(entry.id(), Optional.of(entry));
  }

  synchronized void strike(String id) {
    change(id, Optional.empty());
  }

  private void change(String id, Optional<Entry> entry) {
    try (var _ = Lock.take(directory.resolve("faults.json.lock"), LIMIT)) {
      var all = new ArrayList<>(entries());
      all.removeIf(e -> e.id().equals(id));
      entry.ifPresent(all::add);
      Disk.writePrivate(file(), JSON.writeValueAsString(new Pages(all)) + "\n");
    }
  }
}
