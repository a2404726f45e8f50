package topiary.lab.flavor;

import java.nio.file.Path;
import java.util.Optional;
import topiary.lab.base.Cache;

/** Programs in a folder that somebody named. */
record OwnFolder(Path folder, ServerVersion known) implements Origin {
  @Override
  public String words() {
    return folder.toString();
  }

  @Override
  public Optional<Path> home(Cache cache) {
    return Optional.of(folder);
  }

  @Override
  public Path install(Cache cache) {
    return folder;
  }

  @Override
  public ServerVersion version(Path home) {
    return known;
  }
}
