package topiary.lab.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** MySQL's two ways of proving a password without telling it. */
final class Login {

  static final String NATIVE = "mysql_native_password";
  static final String CACHING = "caching_sha2_password";

  private static final int CONNECT_WITH_DB = 0x8;
  private static final int SECURE_CONNECTION = 0x8000;
  private static final int PLUGIN_AUTH = 0x80000;
  private static final int LENENC = 0x200000;

  /**
   * What a client says of itself.
   *
   * @param proof of its password
   * @param schema the database it wants, empty for none
   * @param plugin how it has made the proof, empty when it does not say
   */
  record Greeting(String user, byte[] proof, String schema, String plugin) {}

  private Login() {}

  /**
   * Reads the client's answer to the greeting.
   *
   * @throws java.nio.BufferUnderflowException when it is shorter than it says
   */
  static Greeting read(ByteBuffer in) {
    int caps = Integer.reverseBytes(in.getInt());
    in.position(in.position() + 28);
    String user = zeroEnded(in);
    int length = (caps & (LENENC | SECURE_CONNECTION)) != 0 ? in.get() & 0xff : -1;
    byte[] proof;
    if (length >= 0) {
      proof = new byte[length];
      in.get(proof);
    } else {
      proof = zeroEnded(in).getBytes(StandardCharsets.ISO_8859_1);
    }
    String schema = (caps & CONNECT_WITH_DB) != 0 && in.hasRemaining() ? zeroEnded(in) : "";
    String plugin = (caps & PLUGIN_AUTH) != 0 && in.hasRemaining() ? zeroEnded(in) : "";
    return new Greeting(user, proof, schema, plugin);
  }

  private static String zeroEnded(ByteBuffer in) {
    var text = new StringBuilder();
    byte next = in.get();
    while (next != 0) {
      text.append((char) (next & 0xff));
      next = in.get();
    }
    return new String(
        text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Whether a proof is that of a password, for this salt. */
  static boolean proves(String plugin, byte[] proof, String password, byte[] salt) {
    if (password.isEmpty()) {
      return proof.length == 0;
    }
    byte[] right = plugin.equals(CACHING) ? caching(password, salt) : nativeProof(password, salt);
    return MessageDigest.isEqual(right, proof);
  }

  private static byte[] nativeProof(String password, byte[] salt) {
    byte[] once = digest("SHA-1", password.getBytes(StandardCharsets.UTF_8));
    return xor(once, digest("SHA-1", salt, digest("SHA-1", once)));
  }

  private static byte[] caching(String password, byte[] salt) {
    byte[] once = digest("SHA-256", password.getBytes(StandardCharsets.UTF_8));
    return xor(once, digest("SHA-256", digest("SHA-256", once), salt));
  }

  private static byte[] xor(byte[] a, byte[] b) {
    var c = new byte[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = (byte) (a[i] ^ b[i]);
    }
    return c;
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no " + algorithm, e);
    }
  }
}
