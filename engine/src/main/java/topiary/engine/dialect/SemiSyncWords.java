package topiary.engine.dialect;

import topiary.engine.intent.Doing;
import topiary.engine.plan.Step;

/** Semi-synchronous replication's variables, whose names differ by the plugin's age. */
final class SemiSyncWords {

  private SemiSyncWords() {}

  static String set(Step.SetSemiSync s) {
    String side =
        s.side() == Doing.Side.SOURCE
            ? s.sourceWords() ? "source" : "master"
            : s.sourceWords() ? "replica" : "slave";
    return "SET GLOBAL rpl_semi_sync_" + side + "_enabled = " + (s.on() ? "ON" : "OFF");
  }
}
