package topiary.app.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import topiary.app.json.Json;
import topiary.engine.finding.Severity;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.SaidPolicy;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;
import topiary.engine.said.Span;
import topiary.store.StoreChoice;
import topiary.store.StoreException;
import topiary.store.history.HistoryLimits;

/** Reads a node's file. */
public final class ConfigFile {

  private static final String SPANS = "durations";
  private static final String PROMOTION = "promotion";
  private static final String POOL = "pool";
  private static final String DOWNTIME = "downtime";
  private static final String MAINTENANCE = "maintenance";

  private static final String NOTIFY = "notify";
  private static final String WEBHOOK = "webhook";
  private static final String MAIL = "mail";

  private static final Set<String> KEYS =
      Set.of(
          "listen",
          "dataFolder",
          "servers",
          "credentials",
          "pollSeconds",
          "store",
          "auditDays",
          "history",
          NOTIFY,
          SPANS);

  private static final Set<String> HISTORY = Set.of("days", "megabytes");

  /** Of days, or of MiB. */
  private static final int MOST = 1_000_000;

  private final Path file;
  private final Map<String, Object> json;

  private ConfigFile(Path file, Map<String, Object> json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a file.
   *
   * @throws BadConfig when it cannot be read, or a key is unknown or holds what it must not
   */
  public static NodeConfig read(Path file) throws BadConfig {
    try {
      return new ConfigFile(file, Json.object(Files.readAllBytes(file))).config();
    } catch (NoSuchFileException e) {
      throw new BadConfig("there is no file " + file, e);
    } catch (IOException e) {
      throw new BadConfig("cannot read " + file + ": " + e.getMessage(), e);
    } catch (Json.BadJson e) {
      throw new BadConfig(file + " is not JSON: " + e.getMessage(), e);
    }
  }

  private NodeConfig config() throws BadConfig {
    Set<String> keys = new TreeSet<>(KEYS);
    keys.addAll(AccessReader.KEYS);
    keys.add(ClusterReader.KEY);
    keys.add(DetectReader.KEY);
    keys.add(OutsideReader.HOOKS);
    keys.add(OutsideReader.KEY_VALUES);
    for (String key : json.keySet()) {
      if (!keys.contains(key)) {
        throw bad(key, "is not a key of this file; there are " + keys);
      }
    }
    Access access = new AccessReader(file, json).read();
    InstanceKey listen = listen(access);
    return new NodeConfig(
        listen.host(),
        listen.port(),
        dataFolder(),
        servers(),
        credentials(),
        NodeConfig.polling(poll()).with(DetectReader.read(file, json)),
        access,
        ClusterReader.read(file, json, access),
        store(),
        new Keeping(
            Duration.ofDays(whole("auditDays", json, Keeping.AUDIT_DAYS, 1)), history(), said()),
        told(),
        new OutsideReader(file, json).hooks(),
        new OutsideReader(file, json).keyValues());
  }

  private InstanceKey listen(Access access) throws BadConfig {
    String text = text("listen", "127.0.0.1:" + NodeConfig.DEFAULT_PORT);
    try {
      InstanceKey address = address(text);
      boolean asks = access.tls().isPresent();
      if (!asks && !access.open() && !InetAddress.getByName(address.host()).isLoopbackAddress()) {
        throw bad(
            "listen",
            "is reached from other machines, and whoever reaches a node can reshape its clusters:"
                + " say with \"tls\" who may ("
                + Edition.here().program()
                + " cert makes what is needed), or listen on"
                + " 127.0.0.1; \"open\": true lets in everybody");
      }
      return address;
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"listen\" " + e.getMessage(), e);
    } catch (UnknownHostException e) {
      throw new BadConfig(file + ": \"listen\" names an unknown host, " + text, e);
    }
  }

  /** Without a port it is Topiary's own, not that of a database server. */
  private static InstanceKey address(String text) {
    InstanceKey address = InstanceKey.parse(text);
    boolean port =
        text.indexOf(']') >= 0
            ? text.contains("]:")
            : text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
    return port ? address : new InstanceKey(address.host(), NodeConfig.DEFAULT_PORT);
  }

  private Path dataFolder() throws BadConfig {
    String text = text("dataFolder", "");
    return text.isEmpty() ? Folders.data() : path("dataFolder", text);
  }

  private Path path(String key, String text) throws BadConfig {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadConfig(file + ": \"" + key + "\" is not a path: " + e.getReason(), e);
    }
  }

  private Duration poll() throws BadConfig {
    Object value = json.getOrDefault("pollSeconds", 5);
    if (value instanceof Number n && n.doubleValue() >= 0.1 && n.doubleValue() <= 3600) {
      return Duration.ofMillis(Math.round(n.doubleValue() * 1000));
    }
    throw bad("pollSeconds", "is a number of seconds from 0.1 to 3600");
  }

  private List<InstanceKey> servers() throws BadConfig {
    var servers = new ArrayList<InstanceKey>();
    for (Object item : list("servers")) {
      if (!(item instanceof String text)) {
        throw bad("servers", "must be a list of texts");
      }
      try {
        servers.add(InstanceKey.parse(text));
      } catch (IllegalArgumentException e) {
        throw new BadConfig(file + ": \"servers\" " + e.getMessage(), e);
      }
    }
    return servers;
  }

  private List<CredentialRule> credentials() throws BadConfig {
    var rules = new ArrayList<CredentialRule>();
    for (Object item : list("credentials")) {
      if (!(item instanceof Map<?, ?> rule)) {
        throw bad(
            "credentials",
            "is a list of {\"match\", \"user\", \"password\", \"tls\", \"ca\", \"replication\"}");
      }
      for (Object key : rule.keySet()) {
        if (!Set.of("match", "user", "password", "tls", "ca", "replication").contains(key)) {
          throw bad("credentials", "has an unknown key \"" + key + "\"");
        }
      }
      Object match = rule.containsKey("match") ? rule.get("match") : "*";
      if (!(match instanceof String pattern)) {
        // Taken for left out, it would give the password to every server.
        throw bad("credentials", "takes a text as \"match\"");
      }
      if (!(rule.get("user") instanceof String user) || user.isBlank()) {
        throw bad("credentials", "needs a \"user\" in each rule");
      }
      rules.add(
          new CredentialRule(
              pattern,
              user,
              source("credentials", rule.get("password")),
              tls("credentials", rule),
              replication(rule)));
    }
    return rules;
  }

  private Optional<CredentialRule.Account> replication(Map<?, ?> rule) throws BadConfig {
    if (!rule.containsKey("replication")) {
      return Optional.empty();
    }
    if (!(rule.get("replication") instanceof Map<?, ?> account)
        || !account.keySet().equals(Set.of("user", "password"))
        || !(account.get("user") instanceof String user)
        || user.isBlank()) {
      throw bad("credentials", "takes \"replication\" as {\"user\", \"password\"}");
    }
    return Optional.of(
        new CredentialRule.Account(user, source("credentials", account.get("password"))));
  }

  private Optional<HistoryLimits> history() throws BadConfig {
    Object value = json.getOrDefault("history", Map.of());
    if (value.equals(false)) {
      return Optional.empty();
    }
    if (!(value instanceof Map<?, ?> history) || !HISTORY.containsAll(history.keySet())) {
      throw bad("history", "is {\"days\", \"megabytes\"}, or false for none");
    }
    long days = whole("days", history, Keeping.HISTORY_DAYS, 1);
    long least = HistoryLimits.LEAST >> 20;
    long megabytes = whole("megabytes", history, Keeping.HISTORY_MEGABYTES, least);
    return Optional.of(new HistoryLimits(Duration.ofDays(days), megabytes << 20));
  }

  private Optional<NotifyConfig> told() throws BadConfig {
    if (!json.containsKey(NOTIFY)) {
      return Optional.empty();
    }
    if (!(json.get(NOTIFY) instanceof Map<?, ?> notify)
        || !Set.of(WEBHOOK, MAIL, "from").containsAll(notify.keySet())
        || !(notify.containsKey(WEBHOOK) || notify.containsKey(MAIL))) {
      throw bad(NOTIFY, "is {\"webhook\", \"mail\", \"from\"}, with one of the first two or both");
    }
    Object from = notify.containsKey("from") ? notify.get("from") : "failure";
    Severity least =
        Stream.of(Severity.values())
            .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(from))
            .findFirst()
            .orElseThrow(
                () ->
                    bad(
                        NOTIFY,
                        "takes as \"from\" one of failure, trouble, suspicion and warning"));
    return Optional.of(new NotifyConfig(webhook(notify), mail(notify), least));
  }

  private Optional<CredentialRule.Source> webhook(Map<?, ?> notify) throws BadConfig {
    if (!notify.containsKey(WEBHOOK)) {
      return Optional.empty();
    }
    CredentialRule.Source url =
        notify.get(WEBHOOK) instanceof String text
            ? new CredentialRule.Source.InMemory(text)
            : source(NOTIFY, notify.get(WEBHOOK));
    try {
      NotifyConfig.address(url);
    } catch (BadConfig e) {
      throw new BadConfig(file + ": \"" + NOTIFY + "\": " + e.getMessage(), e);
    }
    return Optional.of(url);
  }

  private Optional<MailConfig> mail(Map<?, ?> notify) throws BadConfig {
    return notify.containsKey(MAIL)
        ? Optional.of(
            new MailReader(file, value -> source(NOTIFY, value), text -> path(NOTIFY, text))
                .read(notify.get(MAIL)))
        : Optional.empty();
  }

  private SaidPolicy said() throws BadConfig {
    Object value = json.getOrDefault(SPANS, Map.of());
    Set<String> keys = Set.of(PROMOTION, POOL, DOWNTIME, MAINTENANCE);
    if (!(value instanceof Map<?, ?> spans) || !keys.containsAll(spans.keySet())) {
      throw bad(SPANS, "is {\"promotion\", \"pool\", \"downtime\", \"maintenance\"}");
    }
    SaidPolicy shipped = SaidPolicy.DEFAULT;
    return new SaidPolicy(
        span(PROMOTION, spans, shipped.promotion()),
        span(POOL, spans, shipped.pool()),
        span(DOWNTIME, spans, shipped.downtime()),
        span(MAINTENANCE, spans, shipped.maintenance()));
  }

  private Duration span(String key, Map<?, ?> in, Duration otherwise) throws BadConfig {
    if (!in.containsKey(key)) {
      return otherwise;
    }
    try {
      return Span.parse(String.valueOf(in.get(key)));
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"" + SPANS + "\", \"" + key + "\": " + e.getMessage(), e);
    }
  }

  private long whole(String key, Map<?, ?> in, int otherwise, long least) throws BadConfig {
    Object value = in.containsKey(key) ? in.get(key) : otherwise;
    if (value instanceof Integer number && number >= least && number <= MOST) {
      return number;
    }
    throw bad(key, "is a whole number from " + least + " to " + MOST);
  }

  private StoreChoice store() throws BadConfig {
    if (!json.containsKey("store")) {
      return StoreChoice.STANDARD;
    }
    if (!(json.get("store") instanceof Map<?, ?> store)) {
      throw bad("store", "is {\"mysql\", \"schema\", \"user\", \"password\", \"tls\", \"ca\"}");
    }
    Set<String> keys =
        store.containsKey("mysql")
            ? Set.of("mysql", "schema", "user", "password", "tls", "ca")
            : Set.of("busySeconds");
    for (Object key : store.keySet()) {
      if (!keys.contains(key)) {
        throw bad(
            "store",
            "has an unknown key \""
                + key
                + "\"; there are "
                + keys.stream().sorted().toList()
                + (store.containsKey("mysql") ? "" : ", or mysql and what belongs to it"));
      }
    }
    return store.containsKey("mysql") ? mySql(store) : sqlite(store);
  }

  private StoreChoice sqlite(Map<?, ?> store) throws BadConfig {
    Object busy =
        store.containsKey("busySeconds")
            ? store.get("busySeconds")
            : StoreChoice.Sqlite.BUSY.toSeconds();
    if (busy instanceof Number n && n.doubleValue() >= 0.1 && n.doubleValue() <= 60) {
      return new StoreChoice.Sqlite(Duration.ofMillis(Math.round(n.doubleValue() * 1000)));
    }
    throw bad("store", "takes as \"busySeconds\" a number of seconds from 0.1 to 60");
  }

  private StoreChoice mySql(Map<?, ?> store) throws BadConfig {
    if (!(store.get("mysql") instanceof String server)) {
      throw bad("store", "takes as \"mysql\" the address of a server, host:port");
    }
    Object schema = store.containsKey("schema") ? store.get("schema") : "topiary";
    if (!(schema instanceof String name) || !name.matches("[^\\p{Cntrl}/.\\\\]{1,64}")) {
      throw bad("store", "takes as \"schema\" the name of a schema, 64 characters at most");
    }
    if (!(store.get("user") instanceof String user) || user.isBlank()) {
      throw bad("store", "needs a \"user\"");
    }
    CredentialRule.Source source = source("store", store.get("password"));
    try {
      Passwords.read(source);
      return new StoreChoice.MySql(
          InstanceKey.parse(server),
          name,
          user,
          () -> password(source),
          tls("store", store),
          StoreChoice.Limits.STANDARD);
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"store\" " + e.getMessage(), e);
    }
  }

  /** Read anew at each login, so that it can be changed while the node runs. */
  private static String password(CredentialRule.Source source) {
    try {
      return Passwords.read(source);
    } catch (BadConfig e) {
      throw new StoreException(StoreException.Kind.UNWRITABLE, e.getMessage(), e);
    }
  }

  private Tls tls(String under, Map<?, ?> rule) throws BadConfig {
    Object word = rule.containsKey("tls") ? rule.get("tls") : TlsMode.PREFERRED.word();
    TlsMode mode;
    try {
      mode = TlsMode.of(String.valueOf(word));
    } catch (IllegalArgumentException e) {
      throw new BadConfig(file + ": \"" + under + "\" " + e.getMessage(), e);
    }
    if (!rule.containsKey("ca")) {
      return new Tls(mode, Optional.empty());
    }
    boolean verified = mode == TlsMode.VERIFY_CA || mode == TlsMode.VERIFY_IDENTITY;
    if (!(rule.get("ca") instanceof String file) || file.isBlank() || !verified) {
      throw bad(
          under,
          "takes as \"ca\" the path of a PEM file, with \"tls\" verify-ca or verify-identity");
    }
    return new Tls(mode, Optional.of(path(under, file)));
  }

  private CredentialRule.Source source(String under, Object value) throws BadConfig {
    if (value instanceof Map<?, ?> m && m.size() == 1) {
      if (m.get("file") instanceof String path && !path.isBlank()) {
        return new CredentialRule.Source.InFile(path(under, path));
      }
      if (m.get("env") instanceof String name && !name.isBlank()) {
        return new CredentialRule.Source.InEnvironment(name);
      }
    }
    throw bad(
        under, "takes a password from {\"file\": \"…\"} or {\"env\": \"…\"}, never written here");
  }

  private String text(String key, String otherwise) throws BadConfig {
    Object value = json.getOrDefault(key, otherwise);
    if (value instanceof String text) {
      return text;
    }
    throw bad(key, "must be text");
  }

  private List<?> list(String key) throws BadConfig {
    Object value = json.getOrDefault(key, List.of());
    if (value instanceof List<?> list) {
      return list;
    }
    throw bad(key, "must be a list");
  }

  private BadConfig bad(String key, String sentence) {
    return new BadConfig(file + ": \"" + key + "\" " + sentence);
  }
}
