package topiary.lab.sim;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Servers that replicate from each other. Not thread-safe. All times are microseconds since 1970,
 * and never go back.
 */
public final class SimFleet {

  private static final int TEXTS = 500;
  private static final int LONG = 4000;

  private final Map<Address, Server> servers = new LinkedHashMap<>();
  private final Map<String, Server> origins = new HashMap<>();
  private final Map<Address, Set<Server>> replicas = new HashMap<>();

  /** The last texts that were asked. */
  private final Map<String, Read> parsed =
      new LinkedHashMap<>(TEXTS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
          return size() > TEXTS;
        }
      };

  private Consumer<Server> watcher = server -> {};

  /**
   * Adds a server, which is alive and read-only.
   *
   * @param serverId from 1, no other server's
   */
  public Server add(Address address, Kind kind, long serverId, String uuid, long now) {
    var server = new Server(this, address, kind, serverId, uuid, now);
    if (servers.putIfAbsent(address, server) != null) {
      throw new IllegalArgumentException("there is a server at " + address + " already");
    }
    origins.put(server.origin(), server);
    return server;
  }

  /** All, in the order they came. */
  public Collection<Server> servers() {
    return Collections.unmodifiableCollection(servers.values());
  }

  /** The server at an address; null for none. */
  public Server find(Address address) {
    return servers.get(address);
  }

  /** Is told of each server that has died, hangs, or lives again. */
  public void watch(Consumer<Server> anybody) {
    watcher = anybody;
  }

  void tell(Server server) {
    watcher.accept(server);
  }

  /** Those that are set up to replicate from a server. */
  List<Server> replicasOf(Server source) {
    return List.copyOf(replicas.getOrDefault(source.address(), Set.of()));
  }

  void follows(Server replica, Address source) {
    replicas.computeIfAbsent(source, s -> new LinkedHashSet<>()).add(replica);
  }

  /** A replica has left one source; it may follow it in another channel still. */
  void leaves(Server replica, Address source) {
    Set<Server> all = replicas.get(source);
    if (all != null && replica.channels().stream().noneMatch(c -> c.source().equals(source))) {
      all.remove(replica);
    }
  }

  /** What a text says; texts come again and again. */
  Read read(String sql) {
    Read known = parsed.get(sql);
    if (known == null) {
      known = Read.of(sql);
      if (sql.length() < LONG) {
        parsed.put(sql, known);
      }
    }
    return known;
  }

  /** Until which number each origin had written at a time. */
  Gtids.Until until(long time) {
    return origin -> {
      Server server = origins.get(origin);
      return server == null ? Long.MAX_VALUE : server.writes().at(time);
    };
  }

  /** When an origin wrote a transaction. */
  long when(String origin, long number) {
    Server server = origins.get(origin);
    return server == null ? 0 : server.writes().when(number);
  }
}
