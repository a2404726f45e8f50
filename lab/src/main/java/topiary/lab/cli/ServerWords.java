package topiary.lab.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import topiary.lab.LabSpec;
import topiary.lab.flavor.Flavors;

/** The options of {@code lab up} that say what servers a lab is made of. */
final class ServerWords {
  static final Set<String> FLAGS =
      Set.of("--no-gtid", "--semi-sync", "--proxied", "--netns", "--small-disks");

  private ServerWords() {}

  /** Those that take a value, and others. */
  static Set<String> options(String... others) {
    Set<String> all = new HashSet<>(List.of(others));
    all.addAll(List.of("--flavor", "--bin"));
    return all;
  }

  /** A lab of the servers that the options name. */
  static LabSpec apply(LabSpec spec, Arguments arguments) {
    Optional<String> name = arguments.option("--flavor");
    Optional<String> folder = arguments.option("--bin");
    if (name.isPresent() && folder.isPresent()) {
      throw new Arguments.Misuse("--flavor and --bin exclude each other");
    }
    LabSpec result = spec;
    if (name.isPresent()) {
      result = result.flavor(Flavors.named(name.get()));
    }
    if (folder.isPresent()) {
      result = result.flavor(Flavors.in(Path.of(folder.get())));
    }
    if (arguments.flag("--no-gtid")) {
      result = result.withoutGtid();
    }
    if (arguments.flag("--semi-sync")) {
      result = result.semiSync();
    }
    if (arguments.flag("--proxied") && arguments.flag("--netns")) {
      throw new Arguments.Misuse("--proxied and --netns exclude each other");
    }
    if (arguments.flag("--proxied")) {
      result = result.proxied();
    }
    if (arguments.flag("--netns")) {
      result = result.ownNetwork();
    }
    return arguments.flag("--small-disks") ? result.smallDisks() : result;
  }
}
