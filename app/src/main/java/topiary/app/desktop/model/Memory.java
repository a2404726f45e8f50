package topiary.app.desktop.model;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Keeps the window's settings, in the background; the newest ones win. */
public final class Memory {

  private final WindowSettings.Store store;
  private final Tasks tasks;
  private final Consumer<String> told;
  private final AtomicReference<WindowSettings> newest;
  private final ReentrantLock writing = new ReentrantLock();

  /**
   * A memory, with what was kept last time taken over.
   *
   * @param told hears what goes wrong with it, a sentence
   */
  public Memory(
      WindowSettings.Store store,
      Tasks tasks,
      Looks looks,
      Outside outside,
      Consumer<String> told) {
    this.store = store;
    this.tasks = tasks;
    this.told = told;
    WindowSettings.Loaded loaded = store.load();
    newest = new AtomicReference<>(loaded.settings());
    told.accept(loaded.trouble());
    looks.chosen().set(loaded.settings().appearance());
    looks
        .chosen()
        .subscribe((before, now) -> keep(new WindowSettings(now, newest.get().outside(), place())));
    outside.wanted().set(loaded.settings().outside());
    outside
        .wanted()
        .subscribe(
            (before, now) -> keep(new WindowSettings(newest.get().appearance(), now, place())));
  }

  /** Where the window was last time. */
  public Optional<WindowSettings.Place> place() {
    return newest.get().place();
  }

  /** Keeps where the window is. */
  public void keep(WindowSettings.Place place) {
    WindowSettings now = newest.get();
    keep(new WindowSettings(now.appearance(), now.outside(), Optional.of(place)));
  }

  private void keep(WindowSettings settings) {
    if (settings.equals(newest.getAndSet(settings))) {
      return;
    }
    tasks.run(this::write, told, no -> told.accept(no.getMessage()));
  }

  private String write() {
    // Two that write at once both write the newest, so that their order does not matter.
    writing.lock();
    try {
      return store.save(newest.get());
    } finally {
      writing.unlock();
    }
  }
}
