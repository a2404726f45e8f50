package topiary.lab;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import topiary.lab.process.TcpTable;
import topiary.lab.proxy.Clients;
import topiary.lab.proxy.Link;

/** Tells members of a lab from others by whose process has the socket. */
final class MemberSockets implements Clients {
  private final Path stateFile;

  MemberSockets(Path stateFile) {
    this.stateFile = stateFile;
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
        .orElse(Link.OTHERS);
  }
}
