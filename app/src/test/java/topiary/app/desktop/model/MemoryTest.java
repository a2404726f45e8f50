package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.gateway.FakeGateway;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** What the window remembers. */
class MemoryTest {

  private static final WindowSettings.Place PLACE =
      new WindowSettings.Place(1, 2, 1000, 700, false);

  private final List<WindowSettings> saved = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final WindowModel model =
      new WindowModel(new FakeGateway(), Tasks.sameThread(), new Planner(PlanPolicy.DEFAULT));

  private Memory memory(WindowSettings.Loaded loaded, String trouble) {
    return new Memory(
        new WindowSettings.Store() {
          @Override
          public WindowSettings.Loaded load() {
            return loaded;
          }

          @Override
          public String save(WindowSettings settings) {
            saved.add(settings);
            return trouble;
          }
        },
        new Tasks(later::add, Runnable::run),
        model.looks(),
        model.outside(),
        model::tell);
  }

  private void work() {
    List.copyOf(later).forEach(Runnable::run);
    later.clear();
  }

  @Test
  void whatWasKeptIsTakenOverAndNotWrittenAgain() {
    var kept = new WindowSettings(Appearance.DARK, false, Optional.of(PLACE));
    Memory memory = memory(new WindowSettings.Loaded(kept, ""), "");
    assertEquals(Appearance.DARK, model.looks().chosen().get());
    assertFalse(model.outside().wanted().get());
    assertEquals(Optional.of(PLACE), memory.place());
    memory.keep(PLACE);
    work();
    assertEquals(List.of(), saved);
  }

  @Test
  void whatChangesIsWrittenInTheBackgroundTheNewestOnce() {
    Memory memory = memory(new WindowSettings.Loaded(WindowSettings.DEFAULT, ""), "");
    model.looks().chosen().set(Appearance.LIGHT);
    memory.keep(PLACE);
    model.outside().wanted().set(false);
    assertEquals(List.of(), saved);
    work();
    var now = new WindowSettings(Appearance.LIGHT, false, Optional.of(PLACE));
    assertEquals(List.of(now, now, now), saved);
  }

  @Test
  void troubleIsTold() {
    Memory memory =
        memory(new WindowSettings.Loaded(WindowSettings.DEFAULT, "It is damaged."), "It is full.");
    assertEquals("It is damaged.", model.notice().get());
    memory.keep(PLACE);
    work();
    assertEquals("It is full.", model.notice().get());
  }
}
