package topiary.lab;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import topiary.lab.process.ProcessId;
import topiary.lab.process.TcpTable;
import topiary.lab.proxy.Clients;
import topiary.lab.proxy.Link;

/**
 * Tells members of a lab, and processes that were given names, from others by who has the socket.
 */
final class MemberSockets implements Clients {
  private final Path stateFile;
  private final Map<String, ProcessId> named = new ConcurrentHashMap<>();

  MemberSockets(Path stateFile) {
    this.stateFile = stateFile;
  }

  /** Gives a process a name; one that had it before has it no more. */
  void name(String client, ProcessId process) {
    named.put(client, process);
  }

  boolean named(String client) {
    return named.containsKey(client);
  }

  @Override
  public String of(InetSocketAddress client, int port) {
    return TcpTable.inode(client, port).map(this::holder).orElse(Link.OTHERS);
  }

  private String holder(long inode) {
    return LabState.read(stateFile).stream()
        .flatMap(state -> state.servers().stream())
        .filter(s -> s.process() != null && s.process().alive() && s.process().holdsSocket(inode))
        .map(LabState.Server::name)
        .findFirst()
        .or(
            () ->
                named.entrySet().stream()
                    .filter(n -> n.getValue().alive() && n.getValue().holdsSocket(inode))
                    .map(Map.Entry::getKey)
                    .findFirst())
        .orElse(Link.OTHERS);
  }
}
