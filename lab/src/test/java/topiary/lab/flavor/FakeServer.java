package topiary.lab.flavor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import topiary.lab.Scratch;

/** A folder that looks like a server's, with a program that only tells its version. */
final class FakeServer {
  private FakeServer() {}

  static Path at(String program, String version) {
    Path home = Scratch.directory();
    try {
      Path file = home.resolve(program);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "#!/bin/sh\necho '" + version + "'\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      Files.createDirectories(home.resolve("share/english"));
      Files.createFile(home.resolve("share/english/errmsg.sys"));
      return home.toRealPath();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
