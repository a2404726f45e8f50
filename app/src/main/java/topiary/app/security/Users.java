package topiary.app.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.app.config.BadConfig;
import topiary.app.config.CredentialRule;
import topiary.app.config.NodeUser;
import topiary.app.config.Passwords;
import topiary.app.face.Role;

/**
 * Whom a node knows by a password, always as the files were when they last were good. Safe for use
 * by many threads.
 */
public final class Users {

  private static final System.Logger LOG = System.getLogger(Users.class.getName());

  private record Known(byte[] digest, Role role) {}

  /** Compared with for whoever is not known, so that this takes as long. */
  private static final Known NOBODY = new Known(new byte[32], Role.READER);

  private final List<NodeUser> users;
  private final List<Path> files;
  private volatile Map<String, Known> known;
  private volatile Optional<String> trouble = Optional.empty();
  private Stamp stamp;

  /**
   * Reads their passwords.
   *
   * @throws BadConfig when one cannot be read, or is empty
   */
  public Users(List<NodeUser> users) throws BadConfig {
    this.users = List.copyOf(users);
    this.files =
        users.stream()
            .map(NodeUser::password)
            .filter(CredentialRule.Source.InFile.class::isInstance)
            .map(source -> ((CredentialRule.Source.InFile) source).path())
            .toList();
    this.stamp = Stamp.of(files);
    this.known = read();
  }

  private Map<String, Known> read() throws BadConfig {
    var read = new LinkedHashMap<String, Known>();
    for (NodeUser user : users) {
      String password = Passwords.read(user.password());
      if (password.isEmpty()) {
        throw new BadConfig("the password of user \"" + user.name() + "\" is empty");
      }
      read.put(user.name(), new Known(digest(password), user.role()));
    }
    return read;
  }

  /** Reads the files again when they have changed. What cannot be used changes nothing. */
  public synchronized void refresh() {
    Stamp now = Stamp.of(files);
    if (now.equals(stamp)) {
      return;
    }
    stamp = now;
    try {
      known = read();
      trouble = Optional.empty();
      LOG.log(System.Logger.Level.INFO, "the passwords of this node's users were read again");
    } catch (BadConfig e) {
      String words = "the users' passwords stay as they were: " + e.getMessage();
      trouble = Optional.of(words);
      LOG.log(System.Logger.Level.WARNING, words);
    }
  }

  /** What somebody should look at, in sentences. */
  public List<String> warnings() {
    return new ArrayList<>(trouble.stream().toList());
  }

  /** What somebody may do; empty when the password is not theirs, or nobody has this name. */
  public Optional<Role> role(String name, String password) {
    Known user = known.getOrDefault(name, NOBODY);
    // The same work whatever is wrong with it, so that its time tells nothing.
    boolean right = MessageDigest.isEqual(user.digest(), digest(password));
    return right && user != NOBODY ? Optional.of(user.role()) : Optional.empty();
  }

  private static byte[] digest(String password) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
