package topiary.engine.plan;

import java.util.List;
import topiary.engine.intent.Intent;

/**
 * How to take a plan back.
 *
 * @param inverse what leads to the former shape
 * @param mustHold what the plan left behind; one value changed since, and undoing is refused
 */
public record Undoing(Intent inverse, List<Basis> mustHold) {

  public Undoing {
    mustHold = List.copyOf(mustHold);
  }
}
