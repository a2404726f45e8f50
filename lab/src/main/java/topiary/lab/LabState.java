package topiary.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Mode;
import topiary.lab.process.ProcessId;

/**
 * The contents of {@code lab.json}: all that another process needs to manage the lab.
 *
 * @param format of this file, 2
 * @param flavor its {@link topiary.lab.flavor.Flavor#id id}
 * @param home the folder of the servers' programs
 * @param ready false while the lab is being built, and so for the remains of one whose builder was
 *     killed
 * @param owner the process that started it; a tethered lab lives as long
 * @param helpers other processes at work on the lab, ended with it
 */
record LabState(
    int format,
    String lab,
    String flavor,
    String home,
    Mode mode,
    boolean tethered,
    boolean ready,
    ProcessId owner,
    List<Server> servers,
    List<Helper> helpers) {
  static final int FORMAT = 2;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * One server.
   *
   * @param sources whom it was made to follow, in the order of its channels
   * @param process the last one started; null before the first
   */
  record Server(String name, String directory, int port, List<String> sources, ProcessId process) {
    Server {
      sources = List.copyOf(sources);
    }

    Server at(int newPort, ProcessId newProcess) {
      return new Server(name, directory, newPort, sources, newProcess);
    }
  }

  /**
   * A process beside the servers.
   *
   * @param proof an argument of its command line that no stranger has
   */
  record Helper(String role, ProcessId process, String proof) {}

  LabState {
    servers = List.copyOf(servers);
    helpers = List.copyOf(helpers);
  }

  /** Reads the file; empty when there is none. */
  static Optional<LabState> read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LabException.of("cannot read " + file, e);
    }
    try {
      // Asked first: what else is in a file of another format is not known.
      int format = JSON.readTree(text).path("format").asInt(0);
      if (format != FORMAT) {
        throw new LabException(
            file
                + " was written by another version of Topiary (format "
                + format
                + "); use that version to end"
                + " the lab");
      }
      return Optional.of(JSON.readValue(text, LabState.class));
    } catch (JacksonException e) {
      throw new LabException(
          file
              + " cannot be read as the state of a lab; end its servers by hand and delete "
              + file.getParent(),
          e);
    }
  }

  void write(Path file) {
    Disk.writePrivate(file, JSON.writeValueAsString(this) + "\n");
  }

  Server server(String name) {
    return servers.stream()
        .filter(s -> s.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "lab "
                        + lab
                        + " has no member "
                        + name
                        + "; it has "
                        + String.join(", ", servers.stream().map(Server::name).toList())));
  }

  LabState with(String name, UnaryOperator<Server> change) {
    return new LabState(
        format,
        lab,
        flavor,
        home,
        mode,
        tethered,
        ready,
        owner,
        servers.stream().map(s -> s.name.equals(name) ? change.apply(s) : s).toList(),
        helpers);
  }

  LabState withHelper(Helper helper) {
    var others = new ArrayList<>(helpers);
    others.removeIf(h -> h.role.equals(helper.role));
    others.add(helper);
    return new LabState(format, lab, flavor, home, mode, tethered, ready, owner, servers, others);
  }

  /** The process that was started in this role, if any. */
  Optional<ProcessId> helper(String role) {
    return helpers.stream().filter(h -> h.role.equals(role)).map(Helper::process).findFirst();
  }

  LabState asReady() {
    return new LabState(format, lab, flavor, home, mode, tethered, true, owner, servers, helpers);
  }
}
