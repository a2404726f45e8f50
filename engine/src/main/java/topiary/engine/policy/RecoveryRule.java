package topiary.engine.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import topiary.engine.model.ClusterId;
import topiary.engine.said.RuleKey;
import topiary.engine.said.Span;

/** What of {@link RecoveryPolicy} can be set for all clusters, or for one, on all nodes. */
public enum RecoveryRule {
  /** Up to 30 days; 0s for not at all. */
  BLOCK(
      "block",
      "RecoveryPeriodBlockSeconds",
      "how long after a recovery none begins by itself in the same cluster: 1h") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.with(time(value), in.drain(), in.lossPatience());
    }

    @Override
    String value(RecoveryPolicy of) {
      return text(of.block());
    }
  },
  /** Up to 30 days. */
  DRAIN("drain", "", "how long a successor may take to apply what it has received: 1h") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.with(in.block(), time(value), in.lossPatience());
    }

    @Override
    String value(RecoveryPolicy of) {
      return text(of.drain());
    }
  },
  /** Up to 30 days. */
  LOSS_PATIENCE(
      "loss-patience", "", "how long is waited for somebody who has what nobody else has: 10s") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.with(in.block(), in.drain(), time(value));
    }

    @Override
    String value(RecoveryPolicy of) {
      return text(of.lossPatience());
    }
  },
  ACCEPT_LOSS("accept-loss", "", "whether that is lost then: true or false") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.losing(truth(value));
    }

    @Override
    String value(RecoveryPolicy of) {
      return Boolean.toString(of.acceptLoss());
    }
  },
  /** 1 to 200 characters. */
  KEY_PREFIX(
      "key-prefix",
      "KVClusterMasterPrefix",
      "what the keys begin with by which applications find a primary: mysql/master") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      if (!value.matches("[^\\p{Cntrl}\\s]{1,200}")) {
        throw new IllegalArgumentException("takes a text without spaces, as in mysql/master");
      }
      return in.keyed(value);
    }

    @Override
    String value(RecoveryPolicy of) {
      return of.keyPrefix();
    }
  },
  RECOVER_PRIMARIES(
      "recover-primaries",
      "RecoverMasterClusterFilters",
      "of which clusters a dead primary is recovered by itself, where enable-recovery and"
          + " disable-recovery say nothing of the cluster: names, aliases, alias=, alias~=,"
          + " patterns, or *, with spaces between") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.of(ClusterFilters.parse(value), in.intermediates());
    }

    @Override
    String value(RecoveryPolicy of) {
      return of.primaries().text();
    }
  },
  RECOVER_INTERMEDIATES(
      "recover-intermediates",
      "RecoverIntermediateMasterClusterFilters",
      "the same of a dead source below the primary") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.of(in.primaries(), ClusterFilters.parse(value));
    }

    @Override
    String value(RecoveryPolicy of) {
      return of.intermediates().text();
    }
  },
  REJOIN(
      "rejoin",
      "",
      "whether a former primary that is back, and has nothing of its own, is made a replica of the"
          + " one in its place: true or false") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.rejoining(truth(value));
    }

    @Override
    String value(RecoveryPolicy of) {
      return Boolean.toString(of.rejoin());
    }
  },
  /** 1 to 1000; only for all clusters together. */
  AT_ONCE(
      "at-once",
      "",
      "how many recoveries that begin by themselves are under way at a time, over all clusters:"
          + " 8") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      if (!value.matches("\\d{1,4}")
          || Integer.parseInt(value) < 1
          || Integer.parseInt(value) > MOST) {
        throw new IllegalArgumentException("takes a number from 1 to " + MOST);
      }
      return in.together(Integer.parseInt(value));
    }

    @Override
    String value(RecoveryPolicy of) {
      return Integer.toString(of.atOnce());
    }

    @Override
    public boolean ofEachCluster() {
      return false;
    }
  },
  NEVER_PROMOTE(
      "never-promote",
      "PromotionIgnoreHostnameFilters",
      "which servers never take a primary's place: patterns found in host:port, with spaces"
          + " between") {
    @Override
    RecoveryPolicy put(RecoveryPolicy in, String value) {
      return in.sparing(ServerFilters.parse(value));
    }

    @Override
    String value(RecoveryPolicy of) {
      return of.neverPromote().text();
    }
  };

  /** So many recoveries at a time are as good as all. */
  private static final int MOST = 1000;

  private static final Duration LONGEST = Duration.ofDays(30);

  private final String word;
  private final String legacy;
  private final String help;

  RecoveryRule(String word, String legacy, String help) {
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
  public static RecoveryRule of(String name) {
    return named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no rule is called "
                        + name
                        + "; there are "
                        + String.join(", ", Stream.of(values()).map(RecoveryRule::word).toList())));
  }

  /** A rule by its name; empty for none of recoveries. */
  public static Optional<RecoveryRule> named(String name) {
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
    return value(put(RecoveryPolicy.DEFAULT, value.strip()));
  }

  /** Whether a cluster may have a value of its own. */
  public boolean ofEachCluster() {
    return true;
  }

  /** How it is. */
  public String in(RecoveryPolicy policy) {
    return value(policy);
  }

  /**
   * A policy with what is set for a cluster.
   *
   * @param rules all that is set, also what is none of recoveries
   * @param cluster which; empty for one that is not known
   */
  public static RecoveryPolicy of(
      RecoveryPolicy shipped, SortedMap<RuleKey, String> rules, Optional<ClusterId> cluster) {
    RecoveryPolicy policy = shipped;
    // Those for all come first by their order, so that a cluster's own take their place.
    for (Map.Entry<RuleKey, String> rule : rules.entrySet()) {
      Optional<ClusterId> of = rule.getKey().cluster();
      Optional<RecoveryRule> named = named(rule.getKey().name());
      if (named.isPresent() && (of.isEmpty() || of.equals(cluster))) {
        policy = named.get().known(policy, rule.getValue());
      }
    }
    return policy;
  }

  /** What is committed was checked, if perhaps by a version that knows more; that is left out. */
  private RecoveryPolicy known(RecoveryPolicy in, String value) {
    try {
      return put(in, value);
    } catch (IllegalArgumentException e) {
      return in;
    }
  }

  abstract RecoveryPolicy put(RecoveryPolicy in, String value);

  abstract String value(RecoveryPolicy of);

  private static boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("takes true or false, not \"" + value + "\"");
    };
  }

  private static Duration time(String value) {
    // orchestrator's are seconds.
    Duration time =
        value.matches("\\d{1,9}s?")
            ? Duration.ofSeconds(Long.parseLong(value.replace("s", "")))
            : Span.parse(value);
    if (time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(value + " is more than " + text(LONGEST));
    }
    return time;
  }

  private static String text(Duration time) {
    return Span.text(time);
  }
}
