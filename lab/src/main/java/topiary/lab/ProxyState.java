package topiary.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.proxy.ControlAddress;

/**
 * The contents of {@code proxy.json}, which a proxied lab has beside its {@code lab.json}.
 *
 * @param targets by member, the port on which the server itself listens
 */
record ProxyState(ControlAddress control, Map<String, Integer> targets) {
  private static final JsonMapper JSON = JsonMapper.shared();

  ProxyState {
    targets = Map.copyOf(targets);
  }

  static Path file(Path lab) {
    return lab.resolve("proxy.json");
  }

  /** Of the lab in this folder; empty when it is not proxied. */
  static Optional<ProxyState> read(Path lab) {
    Path file = file(lab);
    try {
      return Optional.of(JSON.readValue(Files.readString(file), ProxyState.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LabException.of("cannot read " + file, e);
    } catch (JacksonException e) {
      throw new LabException(
          file + " cannot be read as the state of a proxy; take the lab down and start it anew", e);
    }
  }

  void write(Path lab) {
    Disk.writePrivate(file(lab), JSON.writeValueAsString(this) + "\n");
  }

  ProxyState with(String member, int port) {
    var all = new TreeMap<>(targets);
    all.put(member, port);
    return new ProxyState(control, all);
  }
}
