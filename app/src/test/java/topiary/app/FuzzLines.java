package topiary.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;

/**
 * Makes random command lines, most of which are nearly right. None starts a node, a demo, a lab or
 * a window, and none changes a server but the one that is free for it.
 */
final class FuzzLines {

  private static final List<String> OWN =
      List.of(
          "help",
          "help topology",
          "help help",
          "--help",
          "-h",
          "version",
          "--version",
          "grants",
          "grants --flavor mariadb",
          "grants --flavor oracle",
          "grants --flavor",
          "node",
          "node --config",
          "node --config /nowhere.json",
          "node --config /",
          "node --config /dev/null",
          "demo --fast",
          "demo --headless --headless",
          "picture-trial",
          "picture-trial 1",
          "picture-trial 99999999999",
          "overview-trial",
          "overview-trial 1",
          "bench nothing",
          "bench list",
          "lab",
          "lab help",
          "lab nothing",
          "lab up extra",
          "lab load",
          "lab load nothing",
          "lab status --name no-such-lab",
          "lab kill",
          "lab kill a --name no-such-lab",
          "lab down --name no-such-lab",
          "lab status --name ../../etc",
          "--api a b c");

  private final FuzzWords words;
  private final String api;

  FuzzLines(FuzzWords words, String api) {
    this.words = words;
    this.api = api;
  }

  List<String> next() {
    if (words.one(12)) {
      return Arrays.asList(words.pick(OWN).split(" "));
    }
    if (words.one(12)) {
      return noise();
    }
    var line = operation();
    // Never that of a node that may be running on this machine.
    line.add("--api");
    line.add(words.one(40) ? words.pick(BAD) : api);
    return line;
  }

  private static final List<String> BAD =
      List.of(
          "http://127.0.0.1:1",
          "127.0.0.1:3",
          "ftp://127.0.0.1:1",
          "http://",
          "http:///",
          "http://a b",
          "%",
          "\u0000",
          "",
          "http://127.0.0.1:99999",
          "http://127.0.0.1:-1",
          "https://127.0.0.1:1",
          "http://[::1",
          "http://127.0.0.1:1/api/api/",
          "\ud83c\udf33");

  private List<String> noise() {
    var line = new ArrayList<String>();
    line.add("x" + words.noise());
    for (int i = words.random.nextInt(6); i > 0; i--) {
      line.add(words.noise());
    }
    return line;
  }

  private List<String> operation() {
    Operation operation = words.pick(Catalogue.all());
    var line = new ArrayList<String>();
    boolean plan = operation.equals(Catalogue.PLAN_FOR);
    if (plan) {
      line.add("plan");
      operation =
          words.pick(
              Catalogue.all().stream().filter(o -> o.kind() == Operation.Kind.INTENT).toList());
    }
    line.add(words.one(25) ? words.mutated(operation.name()) : operation.name());
    boolean intent = operation.kind() == Operation.Kind.INTENT;
    boolean yes = intent && !plan && words.one(10);
    for (Argument a : operation.arguments()) {
      String value = yes ? words.allowed(operation, a) : value(operation, a);
      if (a.positional() && !words.one(8)) {
        line.add(value);
      } else if (words.one(2)) {
        line.add("--" + a.name() + "=" + value);
      } else if (!words.one(6)) {
        line.add("--" + a.name());
        line.add(value);
      }
    }
    if (words.one(4)) {
      line.add("--json");
    }
    if (yes) {
      line.add("--yes");
    } else if (intent && words.one(2)) {
      line.add("--dry-run");
    }
    if (words.one(8)) {
      line.add(
          words.pick(
              List.of(
                  "--no-color",
                  "--no-colour",
                  "--",
                  "-",
                  "-y-",
                  "--json",
                  "--help",
                  "--fresh",
                  "--ignore-raft-setup",
                  "-ignore-raft-setup")));
    }
    if (words.one(10)) {
      // Not as an option's value: that one is to stay what it was.
      line.add("x" + words.noise());
    }
    return line;
  }

  private String value(Operation operation, Argument a) {
    if (FuzzWords.OF_NOBODY.contains(operation)) {
      return words.pick(List.of("127.0.0.1:1", "127.0.0.1:2", "a b", ""));
    }
    if (operation.equals(Catalogue.DISCOVER)) {
      return words.one(3)
          ? words.pick(List.of("127.0.0.1:1", "x y", "", ":", "[::1]:1"))
          : words.pick(words.world.servers());
    }
    return words.value(a.type());
  }
}
