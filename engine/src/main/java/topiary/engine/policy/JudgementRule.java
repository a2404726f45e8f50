package topiary.engine.policy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import topiary.engine.model.ClusterId;
import topiary.engine.said.RuleKey;

/** What of {@link JudgementPolicy} can be set for all clusters, or for one, on all nodes. */
public enum JudgementRule {
  /** 500 ms to 10 min; {@code fast} is 1500 ms. */
  PATIENCE("patience", "", "how long a server may be silent: fast, 3s or 1500ms") {
    @Override
    JudgementPolicy put(JudgementPolicy in, String value) {
      Duration patience = value.equals("fast") ? FAST : time(value, Duration.ofMillis(500));
      return in.with(patience, in.reasonableLag(), in.lockedAfter());
    }

    @Override
    String value(JudgementPolicy of) {
      return text(of.patience());
    }
  },
  /** 1 s to 10 min. */
  REASONABLE_LAG(
      "reasonable-lag", "ReasonableReplicationLagSeconds", "from when on a replica is late: 10s") {
    @Override
    JudgementPolicy put(JudgementPolicy in, String value) {
      return in.with(in.patience(), time(value, SECOND).toSeconds(), in.lockedAfter());
    }

    @Override
    String value(JudgementPolicy of) {
      return of.reasonableLag() + "s";
    }
  },
  /** 1 s to 10 min. */
  LOCKED_AFTER(
      "locked-after",
      "ReasonableLockedSemiSyncMasterSeconds",
      "how long a primary that waits for semi-synchronous replicas may write nothing: 10s") {
    @Override
    JudgementPolicy put(JudgementPolicy in, String value) {
      return in.with(in.patience(), in.reasonableLag(), time(value, SECOND));
    }

    @Override
    String value(JudgementPolicy of) {
      return text(of.lockedAfter());
    }
  },
  EXACT_SEMI_SYNC(
      "exact-semi-sync",
      "EnforceExactSemiSyncReplicas",
      "whether more semi-synchronous replicas than are waited for are too many: true or false") {
    @Override
    JudgementPolicy put(JudgementPolicy in, String value) {
      return in.with(yes(value), in.recoverReadOnly(), in.ignored());
    }

    @Override
    String value(JudgementPolicy of) {
      return Boolean.toString(of.exactSemiSync());
    }
  },
  RECOVER_READ_ONLY(
      "recover-read-only",
      "RecoverNonWriteableMaster",
      "whether a read-only primary is a failure: true or false") {
    @Override
    JudgementPolicy put(JudgementPolicy in, String value) {
      return in.with(in.exactSemiSync(), yes(value), in.ignored());
    }

    @Override
    String value(JudgementPolicy of) {
      return Boolean.toString(of.recoverReadOnly());
    }
  },
  IGNORED_HOSTS(
      "ignored-hosts",
      "RecoveryIgnoreHostnameFilters",
      "hosts of which nothing is said: patterns with spaces between, each found anywhere in a"
          + " name") {
    @Override
    JudgementPolicy put(JudgementPolicy in, String value) {
      return in.with(in.exactSemiSync(), in.recoverReadOnly(), patterns(value));
    }

    @Override
    String value(JudgementPolicy of) {
      return String.join(" ", of.ignored().stream().map(Pattern::pattern).toList());
    }
  };

  private static final Duration FAST = Duration.ofMillis(1500);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m)?");

  private final String word;
  private final String legacy;
  private final String help;

  JudgementRule(String word, String legacy, String help) {
    this.word = word;
    this.legacy = legacy;
    this.help = help;
  }

  /** What it is called. */
  public String word() {
    return word;
  }

  /** What its value is, in words. */
  public String help() {
    return help;
  }

  /**
   * A rule by its name, or by that of orchestrator's configuration.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static JudgementRule of(String name) {
    return named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no rule is called "
                        + name
                        + "; there are "
                        + String.join(
                            ", ", Stream.of(values()).map(JudgementRule::word).toList())));
  }

  private static Optional<JudgementRule> named(String name) {
    return Stream.of(values())
        .filter(r -> r.word.equals(name) || !name.isEmpty() && r.legacy.equals(name))
        .findFirst();
  }

  /**
   * The value as it is kept.
   *
   * @throws IllegalArgumentException with a sentence, when it is none
   */
  public String checked(String value) {
    return value(put(JudgementPolicy.DEFAULT, value.strip()));
  }

  /** How it is. */
  public String in(JudgementPolicy policy) {
    return value(policy);
  }

  /**
   * A policy with what is set for a cluster.
   *
   * @param rules all that is set
   * @param cluster which; empty for one that is not known
   */
  public static JudgementPolicy of(
      JudgementPolicy shipped, SortedMap<RuleKey, String> rules, Optional<ClusterId> cluster) {
    JudgementPolicy policy = shipped;
    // Those for all come first by their order, so that a cluster's own take their place.
    for (Map.Entry<RuleKey, String> rule : rules.entrySet()) {
      Optional<ClusterId> of = rule.getKey().cluster();
      Optional<JudgementRule> named = named(rule.getKey().name());
      // A later version's rule means nothing here.
      if (named.isPresent() && (of.isEmpty() || of.equals(cluster))) {
        policy = named.get().known(policy, rule.getValue());
      }
    }
    return policy;
  }

  /** What is committed was checked, if perhaps by a version that knows more; that is left out. */
  private JudgementPolicy known(JudgementPolicy in, String value) {
    try {
      return put(in, value);
    } catch (IllegalArgumentException e) {
      return in;
    }
  }

  abstract JudgementPolicy put(JudgementPolicy in, String value);

  abstract String value(JudgementPolicy of);

  private static Duration time(String value, Duration least) {
    Matcher form = TIME.matcher(value);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a time: \"" + value + "\"; write a number and ms, s or m, as in 3s");
    }
    long number = Long.parseLong(form.group(1));
    Duration time =
        switch (String.valueOf(form.group(2))) {
          case "ms" -> Duration.ofMillis(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofSeconds(number);
        };
    if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          value + " is not from " + text(least) + " to " + text(LONGEST));
    }
    return time;
  }

  private static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }

  private static boolean yes(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("takes true or false, not \"" + value + "\"");
    };
  }

  private static List<Pattern> patterns(String value) {
    try {
      return Arrays.stream(value.split("\\s+"))
          .filter(text -> !text.isEmpty())
          .map(Pattern::compile)
          .toList();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a pattern: " + e.getDescription(), e);
    }
  }
}
