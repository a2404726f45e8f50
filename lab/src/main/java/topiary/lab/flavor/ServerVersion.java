package topiary.lab.flavor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server program says of itself.
 *
 * @param text as it says it, e.g. {@code 9.7.4-2}
 */
record ServerVersion(boolean mariaDb, int major, int minor, int patch, String text) {
  private static final Pattern SAID =
      Pattern.compile("\\bVer ((\\d+)\\.(\\d+)\\.(\\d+)([^\\s]*)) ");

  /** Reads the answer to {@code --version}; empty when it is no server's. */
  static Optional<ServerVersion> read(String output) {
    Matcher said = SAID.matcher(output);
    if (!said.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new ServerVersion(
            output.contains("MariaDB"),
            Integer.parseInt(said.group(2)),
            Integer.parseInt(said.group(3)),
            Integer.parseInt(said.group(4)),
            said.group(1)));
  }

  /** Whether it is this release or a later one. */
  boolean atLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
    if (major != wantedMajor) {
      return major > wantedMajor;
    }
    return minor != wantedMinor ? minor > wantedMinor : patch >= wantedPatch;
  }

  /** The release alone, e.g. {@code 9.7.4}. */
  String release() {
    return major + "." + minor + "." + patch;
  }
}
