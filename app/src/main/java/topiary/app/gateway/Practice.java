package topiary.app.gateway;

import topiary.app.config.Edition;

/** How a practice fleet is started on this machine. */
public final class Practice {

  private Practice() {}

  /** What is typed in a terminal. No package brings database servers: those are simulated there. */
  public static String command() {
    Edition here = Edition.here();
    return here.program() + (here == Edition.SOURCES ? " demo" : " demo --simulated 20");
  }
}
