package topiary.app;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.InTree;
import topiary.engine.catalogue.OneServer;
import topiary.engine.catalogue.Operation;
import topiary.engine.catalogue.Recovering;

/** What random requests and command lines are made of: what exists, what is near it, and noise. */
final class FuzzWords {

  /**
   * What there is to name.
   *
   * @param servers addresses of real ones
   * @param free the one that deeds may be done to
   * @param below where it may be moved
   * @param plans ids of plans that were run, and fingerprints that were shown, to be used again
   */
  record World(List<String> servers, String free, List<String> below, List<String> plans) {}

  private static final List<String> STRANGE =
      List.of(
          "",
          " ",
          "\u0000",
          "\t",
          "\r\nX: y",
          "%",
          "%00",
          "%zz",
          "%2e%2e",
          "..",
          "../../etc/passwd",
          "'; DROP TABLE plan; --",
          "\"",
          "\\",
          "${x}",
          "<script>",
          "null",
          "true",
          "[]",
          "{}",
          "-1",
          "0",
          "1e400",
          "NaN",
          "9999999999999999999999",
          "-9223372036854775809",
          "\u202e\u0440\u0443\u0441",
          "\ud83c\udf33",
          "e\u0301",
          "\ufeff",
          "\u2028");

  private static final List<String> ADDRESSES =
      List.of(
          "127.0.0.1:1",
          "127.0.0.1",
          "127.0.0.1:",
          "127.0.0.1:0",
          "127.0.0.1:65536",
          "127.0.0.1:99999999999",
          "[::1]:1",
          "[::1]",
          "[::1",
          "::1:1",
          "[fe80::1%25lo]:1",
          ":3306",
          "no such host:1",
          "-:1",
          "a..b:1",
          "127.0.0.1:1:1",
          "127.0.0.1:-1",
          "user@127.0.0.1:1");

  final Random random;
  final World world;

  FuzzWords(Random random, World world) {
    this.random = random;
    this.world = world;
  }

  boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private static final Set<Operation> NEVER =
      Set.of(
          OneServer.RESET,
          OneServer.DETACH,
          InTree.TAKE_SIBLINGS,
          InTree.TAKE_SOURCE,
          InTree.MAKE_CO_SOURCE,
          InTree.TAKE_OVER,
          InTree.MOVE_EQUIVALENT);

  /** Asked of servers only that are not there: what they do is not taken back. */
  static final Set<Operation> OF_NOBODY = Set.of(Catalogue.FORGET, Recovering.FORCE_FAILOVER);

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** A value that an argument of this type mostly takes, and sometimes must not. */
  String value(Argument.Type type) {
    if (one(8)) {
      return noise();
    }
    return switch (type) {
      case INSTANCE, CLUSTER -> one(5) ? pick(ADDRESSES) : pick(world.servers());
      case PLAN, FINGERPRINT -> plan();
      case NAME -> operation();
      case NUMBER -> number();
      case NODE, MOMENT, HASH, TEXT -> letters(8);
      case TAG -> pick(List.of("role=backup", "x", "~x", "!role=backup", "a,b=c", "="));
      case RULE -> pick(List.of("prefer", "neutral", "prefer_not", "must_not", "must"));
      case WAY -> pick(List.of("auto", "gtid", "file", "GTID"));
      case RECOVERY -> pick(List.of("r0123456789ab", "r1", "p1"));
      case KIND -> pick(List.of("primary", "intermediate", "PRIMARY"));
      case SWITCH -> pick(List.of("true", "false", "yes"));
      case INSTANCES -> value(Argument.Type.INSTANCE) + "," + value(Argument.Type.INSTANCE);
      case MOVES -> value(Argument.Type.INSTANCE) + "=" + value(Argument.Type.INSTANCE);
      case DURATION -> pick(List.of("10s", "1h", "0m", "5", "99999w"));
    };
  }

  /** For a deed that is done: the server that is free for it, or what is none. */
  String allowed(Operation operation, Argument a) {
    if (a.name().equals("below") || a.name().equals("source")) {
      return pick(world.below());
    }
    if (a.type() == Argument.Type.MOVES) {
      return world.free() + "=" + pick(world.below());
    }
    // Only the free server was ever moved, so any plan may be undone.
    if (a.type() != Argument.Type.INSTANCE) {
      return value(a.type());
    }
    // Nobody could make it a replica again, and others are not to be moved.
    return one(6) || NEVER.contains(operation) ? "127.0.0.1:1" : world.free();
  }

  /** A plan that was run or shown, one that could have been, or nearly one. */
  String plan() {
    return switch (random.nextInt(6)) {
      case 0 -> String.format("p%012x", random.nextLong(1L << 48));
      case 1 -> String.format("%064x", random.nextLong(Long.MAX_VALUE));
      case 2 -> mutated(world.plans().isEmpty() ? "p0123456789ab" : pick(world.plans()));
      default -> world.plans().isEmpty() ? "p0123456789ab" : pick(world.plans());
    };
  }

  String operation() {
    String name =
        pick(topiary.engine.catalogue.Catalogue.all().stream().map(o -> o.name()).toList());
    return one(12) ? mutated(name) : name;
  }

  String number() {
    return switch (random.nextInt(5)) {
      case 0 -> Integer.toString(random.nextInt(2000));
      case 1 -> Long.toString(random.nextLong());
      case 2 -> "1" + "0".repeat(random.nextInt(400));
      case 3 -> Double.toString(random.nextGaussian() * 1e5);
      default -> Integer.toString(random.nextInt(20));
    };
  }

  /** Anything at all. */
  String noise() {
    return switch (random.nextInt(5)) {
      case 0 -> pick(STRANGE);
      case 1 -> mutated(pick(world.servers()));
      case 2 -> letters(one(40) ? 9000 : 30);
      case 3 -> number();
      default -> pick(ADDRESSES);
    };
  }

  /** A sign taken out, put in, doubled or turned round. */
  String mutated(String text) {
    if (text.isEmpty()) {
      return letters(3);
    }
    int at = random.nextInt(text.length());
    String before = text.substring(0, at);
    String after = text.substring(at + 1);
    return switch (random.nextInt(6)) {
      case 0 -> before + after;
      case 1 -> before + letters(2) + text.substring(at);
      case 2 -> text + text;
      case 3 -> text.toUpperCase(java.util.Locale.ROOT);
      case 4 -> before + Character.toString(random.nextInt(1, 0xd800)) + after;
      default -> before;
    };
  }

  String letters(int most) {
    return random
        .ints(random.nextInt(most + 1), 0, 8)
        .mapToObj(
            kind ->
                switch (kind) {
                  case 0 -> Character.toString(random.nextInt(0, 0x20));
                  case 1 -> Character.toString(random.nextInt(0x7f, 0xd800));
                  case 2 -> Character.toString(random.nextInt(0x10000, 0x10ffff));
                  case 3 -> Character.toString(random.nextInt(0x20, 0x7f));
                  default -> Character.toString(random.nextInt('a', 'z' + 1));
                })
        .collect(Collectors.joining());
  }

  /** Percent-encoded, mostly as one should. */
  String encoded(String text) {
    if (one(25)) {
      // As it is, but for what would end the request's line.
      return text.replaceAll("[\\s\\p{Cntrl}]", "");
    }
    var out = new StringBuilder();
    boolean all = one(20);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z';
      if (!all && (plain || b == '-' || b == '.' || b == '_' || b == ':')) {
        out.append((char) b);
      } else {
        out.append(String.format("%%%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
