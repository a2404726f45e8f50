package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.JudgementRule;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.policy.SaidPolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.PlanJournal;
import topiary.engine.said.Attribute;
import topiary.engine.said.Freeze;
import topiary.engine.said.Maintenance;
import topiary.engine.said.OfServer;
import topiary.engine.said.Rule;
import topiary.engine.said.Said;
import topiary.engine.said.SaidText;
import topiary.engine.said.TagQuery;
import topiary.engine.state.Command;
import topiary.engine.state.ManagerState;

/**
 * What people say of servers and clusters. A server may be named by any of its names, and need not
 * be looked after. Thread-safe.
 */
public final class Registry {

  /** How long a freeze lasts when nobody says how long. */
  private static final Duration FREEZE = Duration.ofHours(1);

  private final Supplier<ManagerState> state;
  private final Requests requests;
  private final PlanJournal rows;
  private final Clock clock;
  private final SaidPolicy policy;

  /** Commits a command on somebody's behalf. */
  public interface Requests {
    /**
     * Commits it.
     *
     * @throws RequestRefused when it did not come into force
     */
    void request(Command command, By by) throws RequestRefused;
  }

  /**
   * A registry.
   *
   * @param state as it is committed
   * @param requests commits what is said
   * @param rows where attributes are
   * @param policy how long what is said holds
   */
  public Registry(
      Supplier<ManagerState> state,
      Requests requests,
      PlanJournal rows,
      Clock clock,
      SaidPolicy policy) {
    this.state = state;
    this.requests = requests;
    this.rows = rows;
    this.clock = clock;
    this.policy = policy;
  }

  /** All of it; what has ended a moment ago may still be in it. */
  public Said said() {
    return state.get().said();
  }

  /** The cluster each server belongs to. */
  public Map<InstanceKey, ClusterId> clusters() {
    return state.get().instances();
  }

  /** All that is said of a server. */
  public OfServer of(InstanceKey server) {
    ManagerState now = state.get();
    InstanceKey real = now.names().real(server);
    return now.said().of(real, now.instances().get(real));
  }

  /** Now, by the clock of this node. */
  public Instant now() {
    return clock.now();
  }

  /** Says how much a server is wanted as a primary, for an hour unless said otherwise. */
  public void promote(InstanceKey server, Rule rule, Optional<Duration> span, By by)
      throws RequestRefused {
    requests.request(
        new Command.SetPromotion(real(server), rule, span.orElse(policy.promotion())), by);
  }

  /** Begins a downtime, or says another of the same server. */
  public void beginDowntime(
      InstanceKey server, String owner, String reason, Optional<Duration> span, By by)
      throws RequestRefused {
    requests.request(
        new Command.BeginDowntime(
            real(server),
            name("the owner", owner),
            value("the reason", reason),
            span.orElse(policy.downtime())),
        by);
  }

  /** Ends a downtime; nothing when there is none. */
  public void endDowntime(InstanceKey server, By by) throws RequestRefused {
    requests.request(new Command.EndDowntime(real(server)), by);
  }

  /** Begins maintenance; refused while there is another. */
  public Maintenance beginMaintenance(
      InstanceKey server, String owner, String reason, Optional<Duration> span, By by)
      throws RequestRefused {
    InstanceKey key = real(server);
    requests.request(
        new Command.BeginMaintenance(
            key,
            name("the owner", owner),
            value("the reason", reason),
            span.orElse(policy.maintenance())),
        by);
    Maintenance begun = said().maintenance().get(key);
    if (begun == null) {
      throw new RequestRefused(
          RequestRefused.Kind.CHANGED, "the maintenance of " + key + " was ended at once");
    }
    return begun;
  }

  /** Ends maintenance, whoever began it; nothing when there is none. */
  public void endMaintenance(InstanceKey server, By by) throws RequestRefused {
    requests.request(new Command.EndMaintenance(real(server)), by);
  }

  /** Ends the maintenance of this id, whoever began it; nothing when there is none. */
  public void endMaintenance(long id, By by) throws RequestRefused {
    requests.request(new Command.EndMaintenanceById(id), by);
  }

  /** Gives a server a tag, or another value to one it has. */
  public void tag(InstanceKey server, TagQuery tag, By by) throws RequestRefused {
    requests.request(new Command.PutTag(real(server), tag.name(), tag.value().orElse("")), by);
  }

  /**
   * Takes a tag from a server, if it has the value that is named.
   *
   * @return the servers that had it
   */
  public List<InstanceKey> untag(InstanceKey server, TagQuery tag, By by) throws RequestRefused {
    InstanceKey key = real(server);
    List<InstanceKey> had = said().tagged(List.of(tag)).stream().filter(key::equals).toList();
    requests.request(new Command.DropTag(key, tag.name(), tag.value()), by);
    return had;
  }

  /**
   * Takes a tag of a value from all that have it.
   *
   * @return the servers that had it
   */
  public List<InstanceKey> untagAll(TagQuery tag, By by) throws RequestRefused {
    String value =
        tag.value()
            .filter(v -> !v.isEmpty())
            .orElseThrow(
                () ->
                    new RequestRefused(
                        RequestRefused.Kind.REFUSED,
                        "untag-all needs the tag's value too, as in "
                            + tag.name()
                            + "=value, so that no tag is lost everywhere by mistake"));
    List<InstanceKey> had = said().tagged(List.of(tag));
    requests.request(new Command.DropTags(tag.name(), value), by);
    return had;
  }

  /** Puts these servers in the place of whatever a pool had; none ends it. */
  public void submitPool(String pool, List<InstanceKey> servers, Optional<Duration> span, By by)
      throws RequestRefused {
    requests.request(
        new Command.SetPool(
            name("the pool", pool),
            servers.stream().map(this::real).toList(),
            span.orElse(policy.pool())),
        by);
  }

  /** Says what people call a cluster; nothing: only by its own name. */
  public void call(ClusterId cluster, Optional<String> alias, By by) throws RequestRefused {
    Optional<String> checked = Optional.empty();
    if (alias.isPresent()) {
      checked = Optional.of(name("the alias", alias.get()));
      Optional<ClusterId> named = named(checked.get());
      if (named.isPresent() && !named.get().equals(cluster)) {
        throw new RequestRefused(
            RequestRefused.Kind.REFUSED, checked.get() + " names another cluster already");
      }
    }
    requests.request(new Command.SetClusterAlias(cluster, checked), by);
  }

  /** Says by which name applications find the primary of a cluster; nothing: by none. */
  public void find(ClusterId cluster, Optional<String> domain, By by) throws RequestRefused {
    Optional<String> checked =
        domain.isPresent() ? Optional.of(name("the domain", domain.get())) : Optional.empty();
    requests.request(new Command.SetClusterDomain(cluster, checked), by);
  }

  /**
   * Has nothing done by itself about a cluster's failures for a time.
   *
   * @param from from when on; at once when empty
   * @param span how long; 1 h when empty
   */
  public Freeze freeze(
      ClusterId cluster,
      String owner,
      String reason,
      Optional<Instant> from,
      Optional<Duration> span,
      By by)
      throws RequestRefused {
    Duration lasts = span.orElse(FREEZE);
    Instant now = clock.now();
    if (from.filter(at -> !at.plus(lasts).isAfter(now)).isPresent()) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED, "that time is over: it ends at " + from.get().plus(lasts));
    }
    requests.request(
        new Command.BeginFreeze(
            cluster, name("the owner", owner), value("the reason", reason), from, lasts),
        by);
    return Optional.ofNullable(said().freezes().get(cluster))
        .orElseThrow(
            () ->
                new RequestRefused(
                    RequestRefused.Kind.CHANGED, "the freeze was taken back at once"));
  }

  /** Ends a freeze; nothing when there is none. */
  public void endFreeze(ClusterId cluster, By by) throws RequestRefused {
    requests.request(new Command.EndFreeze(cluster), by);
  }

  /**
   * Sets by what servers are judged.
   *
   * @param cluster for which cluster; empty for all
   * @param name of the rule, or of orchestrator's for it
   * @param value of it; empty for as shipped, or as for all
   * @return the rule's own name
   */
  public JudgementRule rule(Optional<ClusterId> cluster, String name, Optional<String> value, By by)
      throws RequestRefused {
    JudgementRule rule;
    Optional<String> checked;
    try {
      rule = JudgementRule.of(name);
      checked = value.map(rule::checked);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, e.getMessage(), e);
    }
    requests.request(new Command.SetJudgementRule(cluster, rule.word(), checked), by);
    return rule;
  }

  /**
   * Says by what dead servers are recovered.
   *
   * @param cluster of which cluster; empty for all that have no value of their own
   * @param value of the rule; empty when it is as shipped, or as for all
   * @throws RequestRefused when there is no such rule, or that is no value of it, among others
   */
  public RecoveryRule recoveryRule(
      Optional<ClusterId> cluster, String name, Optional<String> value, By by)
      throws RequestRefused {
    RecoveryRule rule;
    Optional<String> checked;
    try {
      rule = RecoveryRule.of(name);
      checked = value.map(rule::checked);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, e.getMessage(), e);
    }
    if (cluster.isPresent() && !rule.ofEachCluster()) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED,
          rule.word() + " is for all clusters together, and no cluster has one of its own");
    }
    requests.request(new Command.SetJudgementRule(cluster, rule.word(), checked), by);
    return rule;
  }

  /** Says something of a host. */
  public void attribute(String host, String name, String value, By by) throws RequestRefused {
    requests.request(
        new Command.SetAttribute(
            name("the host", host), name("the name", name), value("the value", value)),
        by);
  }

  /**
   * Says something of a host no more.
   *
   * @return how it was
   * @throws RequestRefused when it is not said of it, among others
   */
  public String removeAttribute(String host, String name, By by) throws RequestRefused {
    String value =
        rows.attributes(Optional.of(name)).stream()
            .filter(a -> a.host().equals(host))
            .map(Attribute::value)
            .findFirst()
            .orElseThrow(
                () ->
                    new RequestRefused(
                        RequestRefused.Kind.UNKNOWN, "no " + name + " is said of host " + host));
    requests.request(new Command.SetAttribute(host, name, ""), by);
    return value;
  }

  /** What is said of hosts under a name; all of it when there is none. */
  public List<Attribute> attributes(Optional<String> name) {
    return rows.attributes(name);
  }

  /**
   * The cluster that is meant: by its id, by what people call it, or by any name of any member.
   *
   * @throws RequestRefused when it is none
   */
  public ClusterId cluster(String hint) throws RequestRefused {
    return named(hint)
        .orElseThrow(
            () ->
                new RequestRefused(
                    RequestRefused.Kind.UNKNOWN, "no cluster or server is called " + hint));
  }

  private Optional<ClusterId> named(String hint) {
    ManagerState now = state.get();
    return now.instances().values().stream()
        .filter(id -> id.text().equals(hint))
        .findFirst()
        .or(() -> now.said().cluster(hint))
        .or(() -> address(hint).map(key -> now.instances().get(now.names().real(key))));
  }

  private static Optional<InstanceKey> address(String hint) {
    try {
      return Optional.of(InstanceKey.parse(hint));
    } catch (IllegalArgumentException e) {
      // Not an address; a hint need not be one.
      return Optional.empty();
    }
  }

  /** Has what has ended forgotten everywhere; to be called by the node that leads, now and then. */
  Optional<Command> ending() {
    Instant now = clock.now();
    return said()
        .nextEnd()
        .filter(end -> !end.isAfter(now))
        .map(end -> new Command.ForgetEnded(now));
  }

  private InstanceKey real(InstanceKey name) {
    return state.get().names().real(name);
  }

  private static String name(String what, String given) throws RequestRefused {
    try {
      return SaidText.name(what, given);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, e.getMessage(), e);
    }
  }

  private static String value(String what, String given) throws RequestRefused {
    try {
      return SaidText.value(what, given);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, e.getMessage(), e);
    }
  }
}
