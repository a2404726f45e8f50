package topiary.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import topiary.lab.base.LabException;

/**
 * Gives out ports that nobody listens on, each once. They lie below the range from which the kernel
 * takes the ports of outgoing connections, for one of those could sit on a server's port while it
 * is down.
 */
public final class Ports {
  private static final int FIRST = 20000;
  private static final int LAST = 31999;

  private final String host;
  private final Set<Integer> reserved;
  private final int count = Math.max(1000, Math.min(LAST, lowestEphemeral() - 1) - FIRST + 1);
  private int next = ThreadLocalRandom.current().nextInt(count);

  /**
   * @param reserved ports that belong to servers of other labs, which may be down just now
   */
  public Ports(String host, Set<Integer> reserved) {
    this.host = host;
    this.reserved = Set.copyOf(reserved);
  }

  /** The next one that is free. */
  public synchronized int take() {
    for (int tried = 0; tried < count; tried++) {
      int port = FIRST + next;
      next = (next + 1) % count;
      if (!reserved.contains(port) && free(port)) {
        return port;
      }
    }
    throw new LabException(
        "no port from " + FIRST + " to " + (FIRST + count - 1) + " is free; end what uses them");
  }

  private boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int lowestEphemeral() {
    try {
      String range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
      return Integer.parseInt(range.strip().split("\\s+")[0]);
    } catch (IOException e) {
      // Not told: Linux's own default.
      return 32768;
    }
  }
}
