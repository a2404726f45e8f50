package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import topiary.app.gateway.Seen;

/** How the connection to a node is, in words. */
final class LinkWords {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private LinkWords() {}

  /** How old what is shown is, when the node is gone. */
  static Optional<String> staleness(Seen is, Instant now) {
    return is.live() ? Optional.empty() : is.heard().map(at -> age(at, now));
  }

  /** How the connection is, and how old what is shown. */
  static String connection(Seen is, String address, Instant now) {
    return switch (is.link()) {
      case CONNECTING -> "Connecting to " + address + " …";
      case LIVE ->
          "Live from "
              + address
              + "  ·  revision "
              + is.topology().revision()
              + "  ·  last word "
              + is.heard().map(at -> age(at, now)).orElse("now");
      case LOST -> is.heard().map(at -> "No word since " + CLOCK.format(at)).orElse("No node");
    };
  }

  /**
   * What is said while the node is gone.
   *
   * @param here whether the node is in this program
   */
  static String absence(Seen is, boolean here, Instant now) {
    String since =
        is.heard()
            .map(
                at ->
                    "No word since "
                        + CLOCK.format(at)
                        + ", "
                        + age(at, now)
                        + ". What is shown is that old.")
            .orElse("Nothing was heard of it yet.");
    String next =
        here
            ? " Nothing can be done until Topiary is started again."
            : " It is asked again and again.";
    return Words.sentence(is.trouble()) + " " + since + next;
  }

  private static String age(Instant at, Instant now) {
    long seconds = Math.max(0, Duration.between(at, now).toSeconds());
    if (seconds < 1) {
      return "just now";
    }
    return (seconds < 120 ? seconds + " s" : seconds / 60 + " min") + " ago";
  }
}
