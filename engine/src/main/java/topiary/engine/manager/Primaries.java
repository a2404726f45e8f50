package topiary.engine.manager;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import topiary.engine.analysis.World;
import topiary.engine.execute.Scribe;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.port.HostNames;
import topiary.engine.port.Leadership;
import topiary.engine.recovery.HookFacts;
import topiary.engine.recovery.KeyValues;
import topiary.engine.state.Command;
import topiary.engine.state.EndedRecovery;
import topiary.engine.state.ManagerState;
import topiary.engine.state.ToldPrimary;

/**
 * Tells applications where to write: of every cluster that people have a name for, the head that
 * takes writes. A recovery changes that itself, in the command that names the successor; this sees
 * to the rest. Thread-safe.
 */
public final class Primaries {

  private static final System.Logger LOG = System.getLogger(Primaries.class.getName());

  private static final By BY = new By("topiary", "key-values");

  /** How long the addresses of a host are taken for known, and nothing refused is tried again. */
  private static final long REST = 60_000_000_000L;

  private static final long APART = 1_000_000_000L;

  private final Ports ports;
  private final RecoveryPolicy policy;
  private final Supplier<World> world;
  private final Scribe scribe;
  private final Supplier<ManagerState> state;
  private final AtomicBoolean looking = new AtomicBoolean();

  /** What was told, or refused, and when. */
  private final Map<ClusterId, Seen> seen = new ConcurrentHashMap<>();

  /** Why something was not told, so that it is said once. */
  private final Map<ClusterId, String> refused = new ConcurrentHashMap<>();

  private final AtomicLong lastLook;

  private final Lead lead = new Lead();

  private record Seen(String alias, InstanceKey primary, long at) {}

  Primaries(
      Ports ports,
      RecoveryPolicy policy,
      Supplier<World> world,
      Scribe scribe,
      Supplier<ManagerState> state) {
    this.ports = ports;
    this.policy = policy;
    this.world = world;
    this.scribe = scribe;
    this.state = state;
    lastLook = new AtomicLong(ports.clock().nanos() - APART);
  }

  /** Tells what is other than it was told. Returns at once. */
  void look() {
    Leadership its = ports.log().leadership();
    if (!its.leading()) {
      seen.clear();
      return;
    }
    lead.in(its, ports.clock().now());
    long now = ports.clock().nanos();
    if (now - lastLook.get() < APART) {
      return;
    }
    lastLook.set(now);
    if (due().isEmpty() || !looking.compareAndSet(false, true)) {
      return;
    }
    boolean begun =
        ports
            .scheduler()
            .start(
                "tell primaries",
                () -> {
                  try {
                    due().forEach(this::tellOrLog);
                  } finally {
                    looking.set(false);
                  }
                });
    if (!begun) {
      looking.set(false);
    }
  }

  /** Of whom it is not known that all is told. */
  private Map<ClusterId, ToldPrimary> due() {
    var due = new LinkedHashMap<ClusterId, ToldPrimary>();
    long now = ports.clock().nanos();
    writable()
        .forEach(
            (cluster, is) -> {
              Seen last = seen.get(cluster);
              boolean rests =
                  last != null
                      && last.alias().equals(is.alias())
                      && last.primary().equals(is.primary())
                      && now - last.at() < REST;
              if (!rests) {
                due.put(cluster, is);
              }
            });
    return due;
  }

  /**
   * The heads that take writes, without the addresses of their hosts. What this node saw before it
   * led does not count: the one before it may have had another take the writes since. Of several in
   * one cluster, as when a former primary is back, the one that was told of stays.
   */
  private Map<ClusterId, ToldPrimary> writable() {
    World now = world.get();
    ManagerState known = state.get();
    var all = new LinkedHashMap<ClusterId, ToldPrimary>();
    for (Tree tree : now.topology().trees()) {
      InstanceKey head = tree.head();
      ClusterId cluster = known.instances().get(head);
      if (cluster == null || known.recoveries().in(cluster).isPresent()) {
        continue;
      }
      String alias = HookFacts.alias(now, known, head, head);
      boolean writes =
          now.topology()
              .instance(head)
              .filter(Instance::seen)
              .filter(i -> i.lastSeen().filter(at -> at.isAfter(lead.since())).isPresent())
              .flatMap(Instance::facts)
              .filter(f -> !f.settings().readOnly())
              .isPresent();
      ToldPrimary told = known.recoveries().told().get(cluster);
      boolean another = all.containsKey(cluster) && (told == null || !told.primary().equals(head));
      if (writes && !alias.isEmpty() && !another && !isFormer(now, known, cluster, head)) {
        all.put(cluster, new ToldPrimary(alias, head, "", ""));
      }
    }
    return all;
  }

  /**
   * Whether a head is one whose place another has taken: as it was seen before that, or as it comes
   * back, before it is made read-only. Where the other has come below it since, somebody has given
   * it its place back.
   */
  private static boolean isFormer(
      World now, ManagerState known, ClusterId cluster, InstanceKey head) {
    EndedRecovery ended = known.recoveries().ended().get(cluster);
    if (ended == null || !ended.failed().equals(head) || ended.successor().isEmpty()) {
      return false;
    }
    return now.topology()
        .instance(ended.successor().get())
        .filter(i -> i.source().equals(Optional.of(head)))
        .flatMap(Instance::lastSeen)
        .filter(at -> at.isAfter(ended.at()))
        .isEmpty();
  }

  private void tellOrLog(ClusterId cluster, ToldPrimary is) {
    try {
      tell(cluster, is, false, BY);
      refused.remove(cluster);
    } catch (Scribe.NotCommitted e) {
      String why =
          "applications are not told that "
              + is.primary()
              + " takes the writes of "
              + is.alias()
              + ": "
              + e.getMessage();
      if (!why.equals(refused.put(cluster, why))) {
        LOG.log(System.Logger.Level.WARNING, why);
      }
    } finally {
      seen.put(cluster, new Seen(is.alias(), is.primary(), ports.clock().nanos()));
    }
  }

  private void tell(ClusterId cluster, ToldPrimary is, boolean again, By by)
      throws Scribe.NotCommitted {
    HostNames.Addresses found = ports.names().of(is.primary().host());
    ToldPrimary told = state.get().recoveries().told().get(cluster);
    boolean known = told != null && told.primary().equals(is.primary());
    boolean nothing = found.ipv4().isEmpty() && found.ipv6().isEmpty();
    // A name server that does not answer for a moment takes nothing back.
    var whole =
        known && nothing
            ? new ToldPrimary(is.alias(), is.primary(), told.ipv4(), told.ipv6())
            : new ToldPrimary(is.alias(), is.primary(), found.ipv4(), found.ipv6());
    if (again || !whole.equals(told)) {
      scribe.commit(new Command.TellPrimary(cluster, whole), by.actor(), by.cause());
    }
  }

  /** All that is told, as keys and values. */
  public SortedMap<String, String> keyValues() {
    return KeyValues.of(policy, state.get());
  }

  /** What is told of one cluster. */
  public SortedMap<String, String> keyValues(ClusterId cluster) {
    return KeyValues.of(policy, state.get(), cluster);
  }

  /**
   * Tells all that takes writes now once more.
   *
   * @param only of this cluster; empty for all
   * @return of which clusters
   * @throws RequestRefused when it could not be written down
   */
  public List<ClusterId> submit(Optional<ClusterId> only, By by) throws RequestRefused {
    var told = new ArrayList<ClusterId>();
    for (Map.Entry<ClusterId, ToldPrimary> one : writable().entrySet()) {
      if (only.isEmpty() || only.get().equals(one.getKey())) {
        try {
          tell(one.getKey(), one.getValue(), true, by);
        } catch (Scribe.NotCommitted e) {
          throw RequestRefused.of(e);
        }
        told.add(one.getKey());
      }
    }
    return told;
  }
}
