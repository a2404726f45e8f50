package topiary.app.desktop.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import topiary.engine.model.InstanceKey;

/**
 * Names of the servers of one tree without what all of them have in common.
 *
 * @param domain what is left out of every host, with its dot; empty when nothing is
 * @param ports whether they differ, so that they are said
 */
public record ShortNames(String domain, boolean ports) {

  /** Names that stay apart among these servers. */
  public static ShortNames of(Collection<InstanceKey> servers) {
    Set<String> hosts = servers.stream().map(InstanceKey::host).collect(Collectors.toSet());
    Set<Integer> ports = new HashSet<>(servers.stream().map(InstanceKey::port).toList());
    return new ShortNames(hosts.size() < 2 ? "" : domain(hosts), ports.size() > 1);
  }

  private static String domain(Set<String> hosts) {
    List<String> common = null;
    for (String host : hosts) {
      List<String> labels = Arrays.asList(host.split("\\."));
      if (labels.size() < 2 || host.indexOf(':') >= 0 || isNumber(labels.getLast())) {
        return "";
      }
      List<String> tail = labels.subList(1, labels.size());
      common = common == null ? tail : shared(common, tail);
    }
    return common == null || common.isEmpty() ? "" : "." + String.join(".", common);
  }

  private static boolean isNumber(String label) {
    return label.chars().allMatch(Character::isDigit);
  }

  private static List<String> shared(List<String> a, List<String> b) {
    int n = 0;
    while (n < a.size()
        && n < b.size()
        && a.get(a.size() - 1 - n).equals(b.get(b.size() - 1 - n))) {
      n++;
    }
    return a.subList(a.size() - n, a.size());
  }

  /** The host, without the domain all have in common. */
  public String host(InstanceKey key) {
    String host = key.host();
    return host.endsWith(domain) ? host.substring(0, host.length() - domain.length()) : host;
  }

  /** The port with its colon; empty when all have the same. */
  public String port(InstanceKey key) {
    return ports ? ":" + key.port() : "";
  }

  public String name(InstanceKey key) {
    // As it is written everywhere else, with brackets round an address of version 6.
    String whole = key.toString();
    String host = whole.substring(0, whole.lastIndexOf(':'));
    return (domain.isEmpty() ? host : host(key)) + port(key);
  }
}
