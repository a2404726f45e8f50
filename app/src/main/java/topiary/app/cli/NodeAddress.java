package topiary.app.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which node is asked. */
public final class NodeAddress {

  private static final String DEFAULT_API = "http://127.0.0.1:3000";
  private static final int LAST_PORT = 65_535;
  private static final String OURS = "TOPIARY_API";

  private NodeAddress() {}

  /** Whether somebody who types no command names a node all the same. */
  public static boolean named(Map<String, String> environment) {
    return variable(environment, OURS).isPresent();
  }

  /**
   * The address that is given, else that of the environment, else where a node usually is.
   *
   * @throws IllegalArgumentException when it is none; the message is a sentence
   */
  public static URI given(Optional<String> api, Map<String, String> environment) {
    String given =
        Stream.of(api, variable(environment, OURS), variable(environment, "ORCHESTRATOR_API"))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse(DEFAULT_API);
    // orchestrator's variable may hold several addresses, and end in /api.
    String first =
        given.strip().split("[\\s,]+", 2)[0].replaceAll("/+$", "").replaceAll("/api$", "");
    URI uri;
    try {
      uri = URI.create(first);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not the address of a node: " + e.getMessage(), e);
    }
    if (uri.getHost() != null
        && uri.getPort() <= LAST_PORT
        && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
      return uri;
    }
    throw new IllegalArgumentException(
        "not the address of a node: \"" + first + "\"; for example " + DEFAULT_API);
  }

  /**
   * All addresses of one cluster's nodes that are given, else those of the environment.
   *
   * @param api each one or several, with spaces or commas between them
   * @throws IllegalArgumentException when one is none; the message is a sentence
   */
  public static List<URI> several(List<String> api, Map<String, String> environment) {
    String given =
        api.isEmpty()
            ? variable(environment, OURS)
                .or(() -> variable(environment, "ORCHESTRATOR_API"))
                .orElse(DEFAULT_API)
            : String.join(" ", api);
    List<URI> all =
        Stream.of(given.split("[\\s,]+"))
            .filter(one -> !one.isEmpty())
            .map(one -> given(Optional.of(one), Map.of()))
            .distinct()
            .toList();
    return all.isEmpty() ? List.of(given(Optional.of(""), Map.of())) : all;
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
  }
}
