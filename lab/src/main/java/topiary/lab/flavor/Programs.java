package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;

/**
 * A server's program and the files it needs, in a folder.
 *
 * @param program the server
 * @param launch the words that run it; its options follow them
 * @param share where its messages and scripts are
 * @param plugins where its plugins are; empty when it has none
 */
record Programs(Path home, Path program, List<String> launch, Path share, Optional<Path> plugins) {
  /** The loader of programs that comes with a server when it brings all its libraries. */
  static final String LOADER = "ld-linux-x86-64.so.2";

  private static final List<String> SERVERS =
      List.of(
          "bin/mariadbd",
          "bin/mysqld",
          "sbin/mariadbd",
          "sbin/mysqld",
          "libexec/mariadbd",
          "libexec/mysqld",
          "mariadbd",
          "mysqld");
  private static final List<String> SHARES =
      List.of("share", "share/mysql", "share/mariadb", "../share/mysql", "../share/mariadb");
  private static final List<String> PLUGINS =
      List.of("plugin", "lib/plugin", "lib/mysql/plugin", "lib64/mysql/plugin");

  /** Where the server's program is in a folder, if it has one. */
  static Optional<Path> find(Path home) {
    return SERVERS.stream().map(home::resolve).filter(Files::isRegularFile).findFirst();
  }

  /**
   * The server in a folder.
   *
   * @throws LabException when there is none, or it lacks its messages
   */
  static Programs at(Path home) {
    Path program =
        find(home)
            .orElseThrow(
                () ->
                    new LabException(
                        "there is no server in "
                            + home
                            + ": it should hold bin/mariadbd, bin/mysqld or sbin/mysqld"));
    Path share =
        Stream.concat(SHARES.stream(), Stream.of("."))
            .map(s -> home.resolve(s).normalize())
            .filter(s -> Files.isRegularFile(s.resolve("english/errmsg.sys")))
            .findFirst()
            .orElseThrow(
                () ->
                    new LabException(
                        "the server in "
                            + home
                            + " lacks its messages (share/english/errmsg.sys); unpack all of it"));
    Optional<Path> plugins =
        PLUGINS.stream().map(home::resolve).filter(Files::isDirectory).findFirst();
    return new Programs(home, program, launch(home, program), share, plugins);
  }

  private static List<String> launch(Path home, Path program) {
    Path libraries = home.resolve("lib");
    Path loader = libraries.resolve(LOADER);
    if (Files.isRegularFile(loader)) {
      // With a bare name for argv0 the server would look for itself on the PATH and might find
      // another.
      return List.of(
          loader.toString(),
          "--inhibit-cache",
          "--library-path",
          libraries.toString(),
          "--argv0",
          program.toString(),
          program.toString());
    }
    if (Files.isRegularFile(libraries.resolve("libaio.so.1"))) {
      return List.of("env", "LD_LIBRARY_PATH=" + libraries, program.toString());
    }
    return List.of(program.toString());
  }

  /** The command with these options. */
  List<String> command(String... options) {
    List<String> words = new ArrayList<>(launch);
    words.addAll(List.of(options));
    return words;
  }

  /**
   * Asks the server for its version, which also shows whether it runs on this machine at all.
   *
   * @throws LabException when it does not
   */
  ServerVersion ask() {
    Commands.Result result = Commands.run(command("--no-defaults", "--version"));
    if (result.status() != 0) {
      throw new LabException(
          "the server "
              + program
              + " does not run on this machine: "
              + result.output().strip().replace('\n', ' ')
              + "; install the library it names");
    }
    return ServerVersion.read(result.output())
        .orElseThrow(
            () ->
                new LabException(
                    program
                        + " is no server of MariaDB or MySQL: asked for its version it says \""
                        + result.output().strip().replace('\n', ' ')
                        + "\""));
  }
}
