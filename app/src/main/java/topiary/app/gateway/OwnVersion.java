package topiary.app.gateway;

import topiary.app.config.Version;

/** Which version the window itself is of; a node may be of another. */
public final class OwnVersion {

  private OwnVersion() {}

  /** With its build, for people. */
  public static String words() {
    return Version.words();
  }
}
