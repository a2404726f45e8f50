package topiary.engine.execute;

import topiary.engine.model.Channel;
import topiary.engine.model.Instance;
import topiary.engine.model.ThreadState;

/** How a server stands, in a sentence. */
public final class Report {

  private Report() {}

  /** For example {@code Now db3:3306 is below db1:3306, receiving and applying.} */
  public static String stands(Instance instance) {
    if (!instance.seen()) {
      return "Now " + instance.key() + " is " + instance.condition().words() + ".";
    }
    return instance
        .primaryChannel()
        .map(
            c ->
                "Now "
                    + instance.key()
                    + (c.detached() ? " is detached from " : " is below ")
                    + c.source()
                    + ", "
                    + threads(c)
                    + ".")
        .orElse(
            "Now "
                + instance.key()
                + " is a head, "
                + (readOnly(instance) ? "read-only." : "writeable."));
  }

  private static boolean readOnly(Instance instance) {
    return instance.facts().map(f -> f.settings().readOnly()).orElse(false);
  }

  private static String threads(Channel c) {
    String receiving =
        switch (c.io()) {
          case RUNNING -> "receiving";
          case CONNECTING -> "connecting";
          case STOPPED -> "not receiving";
        };
    return receiving + (c.sql() == ThreadState.STOPPED ? " and not applying" : " and applying");
  }
}
