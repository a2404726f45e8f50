package topiary.lab.flavor;

import java.nio.file.Path;
import java.util.Optional;
import topiary.lab.base.Cache;

/** Where a flavour's programs come from. */
interface Origin {
  /** In words, for a table. */
  String words();

  /** The folder of the programs, if they are there. */
  Optional<Path> home(Cache cache);

  /**
   * Gets the programs, unless they are there. Safe against other processes; whole or not at all.
   *
   * @return their folder
   */
  Path install(Cache cache);

  /** The version of the programs that are there. */
  ServerVersion version(Path home);
}
