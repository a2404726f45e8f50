package topiary.app.rehearse;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Rehearsals that are one but for the moment: the primary is killed, and whoever decides dies at
 * each moment of its recovery, on new servers each time.
 *
 * @param name by which it is asked for
 * @param what in words
 * @param three whether three nodes look after the servers, or one, which is started anew
 */
record Series(String name, String what, boolean three) {

  /** All of them. */
  static Map<String, Series> all() {
    var all = new LinkedHashMap<String, Series>();
    for (Series one :
        List.of(
            new Series(
                "node-steps",
                "the primary is killed, and the node at every moment of its recovery in turn",
                false),
            new Series("leader-steps", "the same with the leader of three nodes", true))) {
      all.put(one.name(), one);
    }
    return all;
  }

  /**
   * The recovery in which nobody dies but the primary.
   *
   * @param moments is told what there was in it, in words
   */
  Rehearsal whole(Consumer<List<String>> moments) {
    return new Rehearsal(
        name,
        what,
        Rehearsal.Set.mortal(three),
        stage -> {
          Rehearsal.on(stage);
          Map<String, Stage.Told> before = stage.told();
          stage.lab().kill("p");
          String outcome = Rehearsal.goneOnWith(stage);
          stage.mustBeOnce(before);
          List<String> all = stage.moments();
          if (all.isEmpty()) {
            throw new Wrong("the recovery had no moments");
          }
          moments.accept(all);
          return all.size() + " moments when nobody dies of them; " + outcome;
        });
  }

  /** The one in which whoever decides dies at a moment, counted from 1. */
  Rehearsal at(int moment) {
    return new Rehearsal(
        name + " " + moment,
        what,
        Rehearsal.Set.mortal(three),
        stage -> {
          Rehearsal.on(stage);
          Map<String, Stage.Told> before = stage.told();
          String leader = three ? stage.leader() : "";
          stage.dieAt(moment);
          stage.lab().kill("p");
          boolean dead = stage.dies();
          String words =
              dead ? died(stage, leader) : "its recovery had no such moment, nobody died";
          String outcome = Rehearsal.goneOnWith(stage);
          stage.mustBeOnce(before);
          if (three) {
            stage.mustAgree();
          }
          return words + "; " + outcome;
        });
  }

  private String died(Stage stage, String leader) throws IOException, Wrong {
    String last = stage.moments().getLast();
    if (!three) {
      stage.revive();
      return "died when \"" + last + "\"";
    }
    stage.mustBeLedByAnother(leader);
    return leader + " died when \"" + last + "\", " + stage.leader() + " has gone on";
  }
}
