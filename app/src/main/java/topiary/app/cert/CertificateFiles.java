package topiary.app.cert;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import topiary.app.config.BadConfig;
import topiary.app.security.Pem;

/**
 * A certificate and its key in a folder.
 *
 * @param certificate for everybody to read
 * @param key for its owner only
 */
record CertificateFiles(Path certificate, Path key) {

  static CertificateFiles of(Path folder, String name) {
    return new CertificateFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
  }

  /**
   * Says no when there is one already and it must not be replaced.
   *
   * @throws BadConfig when so
   */
  void refuseExisting(boolean replace) throws BadConfig {
    for (Path file : new Path[] {certificate, key}) {
      if (!replace && Files.exists(file)) {
        throw new BadConfig(
            file + " is there already; say --replace to put a new one in its place");
      }
    }
  }

  /**
   * Writes both, each whole or not at all.
   *
   * @throws BadConfig when they cannot be written
   */
  void write(byte[] certificateBytes, byte[] keyBytes) throws BadConfig {
    try {
      Files.createDirectories(
          key.toAbsolutePath().getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      put(key, Pem.text("PRIVATE KEY", keyBytes), "rw-------");
      put(certificate, Pem.text("CERTIFICATE", certificateBytes), "rw-r--r--");
    } catch (IOException e) {
      throw new BadConfig("cannot write " + certificate + " and its key: " + e, e);
    }
  }

  private static void put(Path file, String text, String mode) throws IOException {
    // Made for nobody else's eyes, and opened to others only when that is meant.
    Path fresh =
        Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".new");
    try {
      Files.writeString(fresh, text, StandardCharsets.US_ASCII);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
