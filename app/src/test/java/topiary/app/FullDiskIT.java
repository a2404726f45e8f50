package topiary.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import topiary.lab.Fault;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.LabException;
import topiary.lab.load.Load;

/** A replica whose disk is full: it answers some questions, and others not. */
class FullDiskIT {

  private static final Map<String, String> TREE = Map.of("p", "", "r1", "p");

  @Test
  void itIsSaidEverywhereAndIsOverWhenThereIsRoom() throws Exception {
    LabSpec spec = LabSpec.of(Rig.cache(), Lab.freeName(Rig.cache(), "disk"), "p(r1)").smallDisks();
    Rig started;
    try {
      started = Rig.of(spec);
    } catch (LabException e) {
      Assumptions.abort("no small disks here: " + e.getMessage());
      return;
    }
    try (Rig rig = started) {
      rig.startNode();
      rig.http().post("discover", Map.of("instance", rig.address("p")));
      rig.awaitTree(TREE);
      try (var window = new WindowRig(rig);
          Load load = Load.start(rig.lab, 500);
          Fault full = rig.lab.faults().fullDisk("r1")) {
        assertTrue(full.stands());
        new Told(rig, window)
            .said(
                "r1",
                "HALF",
                "half-answering",
                "answered 1 question, then: @r1 did not answer in time");
        full.heal();
        load.stop();
      }
      rig.awaitTree(TREE);
    }
  }
}
