package topiary.lab.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/** The commands about the kinds of servers: {@code flavors} and {@code fetch}. */
public final class FlavorCommand {
  private static final int NOT_FETCHED = 3;

  private final PrintStream out;
  private final PrintStream err;
  private final Cache cache;

  FlavorCommand(PrintStream out, PrintStream err, Cache cache) {
    this.out = out;
    this.err = err;
    this.cache = cache;
  }

  /**
   * {@code lab fetch} by itself: .ci/run runs this source file with {@code java} before anything is
   * built, so it and what it uses may need nothing but the JDK. Ends with {@value #NOT_FETCHED}
   * when one could not be fetched, with 2 when it was not understood; with 1 Java itself has
   * failed.
   *
   * @param names flavours
   */
  public static void main(String[] names) {
    int status;
    try {
      status =
          new FlavorCommand(System.out, System.err, Cache.standard()).fetch(List.of(names)) == 0
              ? 0
              : NOT_FETCHED;
    } catch (LabException e) {
      System.err.println("lab: " + e.getMessage());
      status = NOT_FETCHED;
    } catch (Arguments.Misuse e) {
      System.err.println("lab: " + e.getMessage());
      status = 2;
    }
    System.exit(status);
  }

  /** A table of all flavours. */
  int list() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("FLAVOUR", "WHAT IT IS", "HERE", "WHERE FROM"));
    for (Flavor flavor : Flavors.all()) {
      Optional<Path> home = flavor.home(cache);
      rows.add(
          List.of(
              flavor.id(), flavor.about(), home.map(flavor::version).orElse("-"), flavor.origin()));
    }
    Table.print(out, rows);
    return 0;
  }

  /** Says that a flavour will be got first, which takes a while, if it is not there. */
  static void announce(PrintStream out, Flavor flavor, Cache cache) {
    if (flavor.home(cache).isEmpty()) {
      out.println("fetching " + flavor.id() + ": " + flavor.origin() + " …");
      out.flush();
    }
  }

  /** Gets the programs of these; one that fails does not keep the others from being got. */
  int fetch(List<String> names) {
    if (names.isEmpty()) {
      throw new Arguments.Misuse(
          "fetch needs names of flavours: "
              + String.join(", ", Flavors.all().stream().map(Flavor::id).toList()));
    }
    int status = 0;
    for (String name : new LinkedHashSet<>(names)) {
      try {
        Flavor flavor = Flavors.named(name);
        boolean here = flavor.home(cache).isPresent();
        announce(out, flavor, cache);
        Path home = flavor.install(cache);
        out.println(
            name + (here ? " was here: " : " is here: ") + flavor.version(home) + " in " + home);
      } catch (LabException e) {
        err.println("lab: " + name + " could not be fetched: " + e.getMessage());
        status = 1;
      }
    }
    return status;
  }
}
