package topiary.app.legacy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import topiary.engine.model.InstanceKey;

/** Finds servers and clusters by what people type. */
final class Hints {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private Hints() {}

  /** The address as it was given. */
  static InstanceKey exactly(String host, String port) throws Trouble {
    int number;
    try {
      number = Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new Trouble("not a port (1 to 65535): " + Text.printable(port), e);
    }
    try {
      return new InstanceKey(host, number);
    } catch (IllegalArgumentException e) {
      throw new Trouble(e.getMessage(), e);
    }
  }

  /** The address as it was given, or the only known one it can mean when it is not known itself. */
  static InstanceKey server(Picture picture, String host, String port) throws Trouble {
    InstanceKey given = exactly(host, port);
    return picture.knows(given) ? given : fuzzy(picture, given).orElse(given);
  }

  /** The only known server on this port with this in its host name; never for an IPv4 address. */
  private static Optional<InstanceKey> fuzzy(Picture picture, InstanceKey given) {
    if (IPV4.matcher(given.host()).matches()) {
      return Optional.empty();
    }
    List<InstanceKey> meant =
        picture.keys().stream()
            .filter(k -> k.port() == given.port() && k.host().contains(given.host()))
            .limit(2)
            .toList();
    return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
  }

  /**
   * The cluster a hint means: by its name, its alias, a member's address, or a part of the host
   * name of a member.
   */
  static String cluster(Picture picture, String hint) throws Trouble {
    if (picture.clusters().containsKey(hint)) {
      return hint;
    }
    Optional<InstanceKey> key = parsed(hint);
    return picture
        .named(hint)
        .or(
            () ->
                key.flatMap(picture::instance)
                    .or(() -> key.flatMap(k -> fuzzy(picture, k)).flatMap(picture::instance))
                    .map(LegacyInstance::cluster))
        .orElseThrow(
            () ->
                new Trouble(
                    "Unable to determine cluster name. clusterHint=" + Text.printable(hint)));
  }

  private static Optional<InstanceKey> parsed(String hint) {
    try {
      return Optional.of(InstanceKey.parse(hint));
    } catch (IllegalArgumentException e) {
      // Not an address; a hint need not be one.
      return Optional.empty();
    }
  }

  /** The cluster of an alias, which is its name as long as nobody has given it another. */
  static String clusterByAlias(Picture picture, String alias) throws Trouble {
    return picture
        .named(alias)
        .or(
            () ->
                Optional.of(alias)
                    .filter(picture.clusters()::containsKey)
                    .filter(name -> picture.alias(name).isEmpty()))
        .orElseThrow(() -> new Trouble("No cluster found for alias " + Text.printable(alias)));
  }
}
