package topiary.engine.port;

import java.util.Map;
import java.util.Optional;
import topiary.engine.intent.RecoveryId;
import topiary.engine.policy.HookList;

/** What this node's operator has it run when something happens. */
public interface Hooks {

  /** Of a node that runs nothing. */
  Hooks NONE =
      new Hooks() {
        @Override
        public int count(HookList list) {
          return 0;
        }

        @Override
        public Done run(Call call) {
          return new Done(Optional.of("this node has no such hook in its file"), "");
        }
      };

  /** How many there are of a list. */
  int count(HookList list);

  /**
   * Runs one to its end, or until its time is over. What is to go on by itself is not waited for.
   *
   * @throws InterruptedException when the node is being stopped: then it was ended
   */
  Done run(Call call) throws InterruptedException;

  /**
   * What is run.
   *
   * @param of for what
   * @param list of which list
   * @param number its place in that, from 1
   * @param attempt how often it was begun, with this time
   * @param facts what it is told, by the names of orchestrator's placeholders
   */
  record Call(RecoveryId of, HookList list, int number, int attempt, Map<String, String> facts) {

    public Call {
      facts = Map.copyOf(facts);
    }
  }

  /**
   * What came of it.
   *
   * @param failure why it failed, in a sentence without its full stop; empty when it did not
   * @param output what it wrote, the middle of much left out
   */
  record Done(Optional<String> failure, String output) {}
}
