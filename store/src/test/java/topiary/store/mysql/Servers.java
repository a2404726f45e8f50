package topiary.store.mysql;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.Cache;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/** One server of a flavour, for stores to be on. */
final class Servers {

  private Servers() {}

  /** A test is skipped, with the reason, where the server's programs are not there. */
  static LabSpec spec(String flavor) {
    Cache cache = Cache.at(Path.of("target", "lab-cache")).withServersOf(Cache.standard());
    Flavor kind = Flavors.named(flavor);
    Flavors.absent(kind, cache).ifPresent(Assumptions::abort);
    return LabSpec.of(cache, Lab.freeName(cache, "store-" + flavor.replace('.', '_')), "p")
        .flavor(kind);
  }
}
