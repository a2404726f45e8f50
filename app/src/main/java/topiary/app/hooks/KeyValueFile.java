package topiary.app.hooks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import topiary.app.json.Json;

/**
 * A file in which applications read where to write: all keys and values as one JSON object. It is
 * put in the place of the former one as a whole. Thread-safe.
 */
public final class KeyValueFile {

  private static final System.Logger LOG = System.getLogger(KeyValueFile.class.getName());

  /** How long it is not tried again after it could not be written. */
  private static final long REST = 1_000_000_000L;

  private final Path file;
  private final Supplier<?> version;
  private final Supplier<SortedMap<String, String>> now;
  private final LongSupplier nanos;
  private final Consumer<Runnable> background;
  private final AtomicBoolean writing = new AtomicBoolean();

  /** The version that is in it, or is equal to what is. */
  private volatile Object seen;

  private volatile Optional<SortedMap<String, String>> written = Optional.empty();
  private volatile Optional<String> trouble = Optional.empty();
  private volatile long failed;

  /**
   * A file that is not written yet.
   *
   * @param version the same object as long as no key and no value is another; asked often
   * @param now all keys and values
   * @param nanos a clock that only goes forward
   * @param background runs what waits for the disk
   */
  public KeyValueFile(
      Path file,
      Supplier<?> version,
      Supplier<SortedMap<String, String>> now,
      LongSupplier nanos,
      Consumer<Runnable> background) {
    this.file = file;
    this.version = version;
    this.now = now;
    this.nanos = nanos;
    this.background = background;
  }

  /** Why it cannot be written, in a sentence; empty while all is well. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Writes it if something is another than in it; to be called whenever that may be. */
  public void look() {
    boolean rests = trouble.isPresent() && nanos.getAsLong() - failed < REST;
    if (!rests && version.get() != seen && writing.compareAndSet(false, true)) {
      background.accept(this::write);
    }
  }

  private void write() {
    boolean done = false;
    try {
      Object is = version.get();
      SortedMap<String, String> values = now.get();
      if (written.equals(Optional.of(values))) {
        seen = is;
        return;
      }
      Path beside = file.resolveSibling(file.getFileName() + ".new");
      Files.write(beside, (text(values) + "\n").getBytes(StandardCharsets.UTF_8));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      written = Optional.of(values);
      seen = is;
      trouble = Optional.empty();
      done = true;
    } catch (IOException e) {
      String why = "keys and values cannot be written to " + file + ": " + e.getMessage();
      if (!Optional.of(why).equals(trouble)) {
        LOG.log(System.Logger.Level.WARNING, why);
      }
      failed = nanos.getAsLong();
      trouble = Optional.of(why);
    } finally {
      writing.set(false);
    }
    if (done) {
      // What came while it was written.
      look();
    }
  }

  private static String text(SortedMap<String, String> values) {
    return new String(Json.bytes(values), StandardCharsets.UTF_8);
  }
}
