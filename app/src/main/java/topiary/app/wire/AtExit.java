package topiary.app.wire;

/** What is done when the process is told to end. */
public final class AtExit {

  private AtExit() {}

  /** Does this, whoever ends the process, unless it is killed outright. */
  public static void run(Runnable end) {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("end").unstarted(end));
  }
}
