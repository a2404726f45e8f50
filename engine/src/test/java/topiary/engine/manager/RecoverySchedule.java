package topiary.engine.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import topiary.engine.fake.OneThread;
import topiary.engine.fake.SharedLog;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.planner.Successors;
import topiary.engine.policy.HookList;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Hooks;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.engine.state.RecoveryEnd;
import topiary.lab.sim.Kind;
import topiary.lab.sim.Server;

/**
 * One bad hour of a cluster that three nodes look after, drawn by a seed: a server dies, or
 * somebody has a replica take over from the primary, and what else happens falls into that. In a
 * {@link Weather#ROUGH} one, commits may wait for replicas, what is written may take a while to
 * them, one may have transactions of its own, and a primary may hang and wake once another has its
 * place.
 */
final class RecoverySchedule implements AutoCloseable {

  private static final By DBA = new By("dba", "test");
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  /** For so long nothing happens any more before all must be well. */
  private static final Duration REST = Duration.ofSeconds(100);

  /** Draws what makes it rough apart from the rest, which stays as it is without. */
  private static final long OTHER = 0x5DEECE66DL;

  /** Whether more is drawn than deaths and changes of the leader. */
  enum Weather {
    PLAIN,
    ROUGH
  }

  private final long seed;
  private final Random random;
  private final OneThread world;
  private final SimulatedServers servers;
  private final SharedLog log = new SharedLog();
  private final Map<String, Manager> managers = new LinkedHashMap<>();
  private final Set<String> wrong = new LinkedHashSet<>();
  private final InstanceKey p;
  private final InstanceKey a;
  private final List<InstanceKey> replicas;
  private final Set<InstanceKey> died = new HashSet<>();
  private int refused;
  private long told;
  private Duration took = Duration.ZERO;
  private boolean watching;
  private final boolean takeOver;
  private final boolean rough;
  private final Random more;
  private final Ledger ledger;

  /** Those that have transactions of their own. */
  private final Set<InstanceKey> errant = new HashSet<>();

  private boolean refusedToLose;

  /** Who is to take over, where somebody is. */
  private Optional<InstanceKey> taker = Optional.empty();

  /**
   * A schedule.
   *
   * @param takeOver whether it begins with a taking over; else with a death
   */
  RecoverySchedule(Kind kind, long seed, boolean takeOver, Weather weather) {
    this.seed = seed;
    this.takeOver = takeOver;
    rough = weather == Weather.ROUGH;
    random = new Random(seed);
    more = new Random(seed ^ OTHER);
    world = new OneThread(seed);
    servers = new SimulatedServers(world, kind, seed);
    var ids = new Random(seed);
    servers.replicationUser("repl");
    p = servers.head(20);
    a = servers.replica(p);
    replicas = List.of(a, servers.replica(p), servers.replica(p), servers.replica(a));
    ledger = new Ledger(servers, log.log()::accepted, this::leader, died, errant);
    for (String node : NODES) {
      var ports =
          new Ports(
              servers,
              log.member(node),
              log.log(),
              world,
              world,
              (topology, touched) -> {},
              () -> new UUID(ids.nextLong(), ids.nextLong()),
              Set::of);
      managers.put(
          node,
          new Manager(
              seed % 2 == 0 ? ports.with(new Slow(node)) : ports,
              new Policies(ProbePolicy.DEFAULT, PlanPolicy.DEFAULT)));
    }
    servers.watch(
        new SimulatedServers.Witness() {
          @Override
          public void before(InstanceKey server, String sql) {}

          @Override
          public void after(InstanceKey server, String sql) {
            told++;
            if (watching) {
              oneTakesWrites(server, sql);
              ledger.read();
            }
          }
        });
  }

  /** Two of each list, each of which takes its time, and may fail where that keeps nobody. */
  private final class Slow implements Hooks {
    private final String node;
    private final Random own = new Random(seed);
    private final Set<RecoveryId> running = new HashSet<>();

    Slow(String node) {
      this.node = node;
    }

    @Override
    public int count(HookList list) {
      return 2;
    }

    @Override
    public Done run(Call call) {
      if (!running.add(call.of())) {
        wrong.add("two hooks for " + call.of() + " at a time on " + node);
      }
      boolean opened =
          log.log().accepted().stream()
              .anyMatch(c -> c instanceof Command.OpenRecovery o && o.id().equals(call.of()));
      if (call.list().ofRecovery() && !opened) {
        wrong.add(call + " is run for nothing that was opened");
      }
      try {
        world.pause(Duration.ofMillis(own.nextInt(call.list().awaited() ? 300 : 20_000)));
      } finally {
        running.remove(call.of());
      }
      boolean fails = !call.list().awaited() && own.nextInt(4) == 0;
      return new Done(fails ? Optional.of("it ended with 1") : Optional.empty(), "");
    }
  }

  /** How many statements there were. */
  long told() {
    return told;
  }

  /** From the first death until the last recovery ended. */
  Duration took() {
    return took;
  }

  /** What went wrong, in sentences. */
  List<String> run() throws Exception {
    world.run(
        () -> {
          begin();
          trouble();
          world.pause(REST);
          end();
          return null;
        });
    world.deaths().forEach(death -> wrong.add("a task died: " + death));
    return List.copyOf(wrong);
  }

  private Manager leader() {
    return managers.values().stream().filter(Manager::leads).findFirst().orElseThrow();
  }

  private void begin() throws RequestRefused {
    world.pause(Duration.ofSeconds(1));
    log.elect("n1");
    for (Manager manager : managers.values()) {
      manager.start();
    }
    for (InstanceKey key : servers.keys()) {
      leader().discover(key, DBA);
    }
    leader().request(new Command.SwitchRecovery(Optional.empty(), Optional.empty(), true), DBA);
    if (rough) {
      roughen();
    }
    world.pause(Duration.ofSeconds(12));
    if (random.nextInt(3) == 0) {
      servers.server(any()).lag(1 + random.nextInt(20), world.micros());
      world.pause(Duration.ofSeconds(8));
    }
    watching = true;
  }

  private void roughen() throws RequestRefused {
    Manager manager = leader();
    manager.registry().call(manager.state().instances().get(p), Optional.of("shop"), DBA);
    if (more.nextInt(3) == 0) {
      manager.registry().recoveryRule(Optional.empty(), "rejoin", Optional.of("true"), DBA);
    }
    if (more.nextInt(3) == 0) {
      manager.registry().recoveryRule(Optional.empty(), "accept-loss", Optional.of("true"), DBA);
    }
    if (more.nextInt(2) == 0) {
      servers.keys().forEach(key -> servers.server(key).semiSync(world.micros()));
    }
    for (InstanceKey key : replicas) {
      if (more.nextInt(2) == 0) {
        int millis = 1 + more.nextInt(more.nextInt(8) == 0 ? 5_000 : 80);
        servers.server(key).distance(millis * 1000L, world.micros());
      }
    }
    if (more.nextInt(5) == 0) {
      writesItsOwn(any());
    }
  }

  private void writesItsOwn(InstanceKey key) {
    servers.server(key).errant(1 + more.nextInt(3), world.micros());
    errant.add(key);
    if (key.equals(a)) {
      errant.add(replicas.getLast());
    }
  }

  private InstanceKey any() {
    return replicas.get(random.nextInt(replicas.size()));
  }

  private void trouble() {
    if (takeOver) {
      takeOver();
    } else {
      if (rough && more.nextInt(6) == 0) {
        writesItsOwn(any());
        world.pause(Duration.ofMillis(more.nextInt(3_000)));
      }
      InstanceKey key = random.nextInt(4) == 0 ? a : p;
      if (rough && more.nextInt(3) == 0) {
        hang(key);
      } else {
        kill(key);
      }
    }
    long began = world.nanos();
    int events = random.nextInt(4);
    for (int i = 0; i < events; i++) {
      world.pause(Duration.ofMillis(20 + random.nextInt(random.nextBoolean() ? 500 : 6_000)));
      event();
    }
    world.pause(RecoverySimulationTest.seconds(random, 10, 30));
    servers.keys().forEach(this::revive);
    took = Duration.ofNanos(world.nanos() - began);
  }

  private void takeOver() {
    InstanceKey successor = replicas.get(random.nextInt(3));
    taker = Optional.of(successor);
    try {
      leader()
          .applyNow(
              new Intent.InTree(
                  successor, new Reshaping.TakeOver(Optional.empty(), List.of(), false)),
              DBA);
    } catch (RequestRefused e) {
      // One that lags is refused; what else happens is to be well nevertheless.
      refused++;
    }
  }

  /** How many takings over were refused. */
  int refused() {
    return refused;
  }

  private void event() {
    ledger();
    switch (random.nextInt(6)) {
      case 0 -> log.elect(NODES.get(random.nextInt(NODES.size())));
      case 1 -> {
        String next = NODES.get(random.nextInt(NODES.size()));
        log.electUnnoticed(next);
        world.pause(Duration.ofMillis(random.nextInt(2_000)));
        log.notice();
      }
      case 2 -> kill(any());
      case 3 -> {
        if (takeOver && died.isEmpty()) {
          kill(p);
        } else {
          revive(p);
        }
      }
      case 4 -> {
        InstanceKey key = any();
        if (servers.server(key).standing() == Server.Standing.ALIVE) {
          servers.server(key).hang(world.micros());
          world.pause(Duration.ofMillis(random.nextInt(8_000)));
          died.add(key);
          revive(key);
        }
      }
      default -> {
        InstanceKey key = any();
        servers.lose(key, true);
        world.pause(Duration.ofMillis(random.nextInt(4_000)));
        servers.lose(key, false);
        died.add(key);
      }
    }
  }

  /** It stands still, and goes on at some time. */
  private void hang(InstanceKey key) {
    ledger();
    if (servers.server(key).standing() == Server.Standing.ALIVE) {
      servers.server(key).hang(world.micros());
      died.add(key);
      world.after(Duration.ofMillis(more.nextInt(30_000)), () -> revive(key));
    }
  }

  /** What was committed by now is about how the servers were until now. */
  private void ledger() {
    if (watching) {
      ledger.read();
    }
  }

  private void kill(InstanceKey key) {
    ledger();
    if (servers.server(key).standing() == Server.Standing.ALIVE) {
      servers.server(key).kill(world.micros());
      died.add(key);
    }
  }

  private void revive(InstanceKey key) {
    ledger();
    if (servers.server(key).standing() != Server.Standing.ALIVE) {
      servers.server(key).revive(world.micros());
    }
  }

  /** Never may two take writes, unless one is a former primary that has just come back. */
  private void oneTakesWrites(InstanceKey server, String sql) {
    List<InstanceKey> writable = new ArrayList<>(writable());
    if (!takeOver || died.contains(p)) {
      writable.remove(p);
    }
    // So may one that had taken its place, and was replaced by another.
    former().stream().filter(died::contains).forEach(writable::remove);
    if (writable.size() > 1) {
      wrong.add(writable + " take writes after \"" + sql + "\" on " + server);
    }
  }

  /** Whose place another has been chosen to take. */
  private Set<InstanceKey> former() {
    var primaries = new HashMap<RecoveryId, InstanceKey>();
    var former = new HashSet<InstanceKey>();
    for (Command command : log.log().accepted()) {
      switch (command) {
        case Command.OpenRecovery c when c.kind() == RecoveryKind.PRIMARY ->
            primaries.put(c.id(), c.failed());
        case Command.ChooseSuccessor c when primaries.containsKey(c.id()) -> {
          former.add(primaries.get(c.id()));
          former.remove(c.successor());
        }
        default -> {}
      }
    }
    return former;
  }

  private List<InstanceKey> writable() {
    return servers.keys().stream()
        .filter(key -> servers.server(key).standing() == Server.Standing.ALIVE)
        .filter(
            key ->
                servers
                    .truth(key, "SELECT @@global.read_only AS r")
                    .first()
                    .filter(row -> row.get("r").equals("0"))
                    .isPresent())
        .toList();
  }

  private void end() throws RequestRefused {
    Manager manager = leader();
    ledger.read();
    wrong.addAll(ledger.wrong());
    if (!manager.state().recoveries().open().isEmpty()) {
      wrong.add("a recovery is under way still: " + manager.state().recoveries().open());
    }
    if (!manager.state().plans().isEmpty()) {
      wrong.add("a plan is under way still: " + manager.state().plans().keySet());
    }
    if (!manager.state().recoveries().hooks().isEmpty()) {
      wrong.add("hooks are to be run still: " + manager.state().recoveries().hooks());
    }
    List<Command> all = log.log().accepted();
    hooks(all);
    boolean opened = false;
    Optional<Command.ChooseSuccessor> chosen = Optional.empty();
    var below = new HashSet<RecoveryId>();
    for (Command command : all) {
      switch (command) {
        case Command.OpenRecovery c -> {
          opened = true;
          if (c.kind() == RecoveryKind.INTERMEDIATE) {
            below.add(c.id());
          }
        }
        case Command.ChooseSuccessor c when below.contains(c.id()) -> {}
        case Command.ChooseSuccessor c -> chosen = Optional.of(c);
        case Command.CloseRecovery c -> {
          refusedToLose =
              c.end() == RecoveryEnd.FAILED && c.report().contains("would lose what is known");
        }
        case Command.OpenPlan c -> {
          if (!opened && !reconnects(c.plan().intent())) {
            wrong.add("plan " + c.id() + " began before a recovery: " + c.plan().intent().words());
          }
        }
        default -> {}
      }
    }
    List<InstanceKey> writable = writable();
    boolean blocked =
        writable.isEmpty() && chosen.filter(c -> died.contains(c.successor())).isPresent();
    if (blocked) {
      // Its successor died, too, and comes back read-only: that is for people to see to.
      return;
    }
    if (writable.isEmpty() && refusedToLose) {
      // What would be lost is known, and that is for people to decide.
      return;
    }
    boolean nobody = replicas.stream().allMatch(r -> died.contains(r) || errant.contains(r));
    if (writable.isEmpty() && !opened && died.contains(p)) {
      // It was back, read-only, before anybody saw that it was away.
      return;
    }
    boolean with = taker.filter(died::contains).isPresent();
    if (writable.isEmpty() && chosen.isEmpty() && died.contains(p) && (nobody || with)) {
      // Nobody could take its place, or its only direct replica by then died with it, which may
      // look like a network that is cut; and it comes back read-only.
      return;
    }
    if (writable.size() != 1) {
      wrong.add(writable + " take writes in the end. " + ends(all));
      return;
    }
    InstanceKey head = writable.getFirst();
    if (chosen.filter(c -> !c.successor().equals(head)).isPresent()) {
      wrong.add(head + " takes writes, and " + chosen.get().successor() + " was chosen");
    }
    wrong.addAll(ledger.settle(head));
    for (InstanceKey key : replicas) {
      if (!key.equals(head)) {
        stands(manager.refresh(key), manager.refresh(head), all);
      }
    }
  }

  /** It only has replicas find out whether their source lives. */
  private static boolean reconnects(Intent intent) {
    return intent instanceof Intent.OnServer(_, Doing.Reconnect _);
  }

  /** It is about a former primary that is back, whatever else is under way. */
  private static boolean seesToFormer(Intent intent) {
    return intent instanceof Intent.SetReadOnly(_, boolean readOnly) && readOnly
        || intent instanceof Intent.InTree(_, Reshaping.Rejoin _);
  }

  /** All that comes first has ended before anything is done, and each ends once. */
  private void hooks(List<Command> all) {
    var first = new HashSet<RecoveryId>();
    var ended = new HashSet<String>();
    int awaited = 0;
    for (Command command : all) {
      switch (command) {
        case Command.OpenRecovery c -> awaited = seed % 2 == 0 ? 2 : 0;
        case Command.EndHook c -> {
          if (c.list().awaited()) {
            awaited--;
            first.add(c.id());
          }
          if (!ended.add(c.id() + " " + c.list() + " " + c.number())) {
            wrong.add("a hook has ended twice: " + c);
          }
        }
        case Command.BeginHook c -> {
          if (c.list().ofRecovery() && !c.list().awaited() && !first.contains(c.id())) {
            wrong.add("a hook began before those before it had ended: " + c);
          }
        }
        case Command.OpenPlan c -> {
          Intent intent = c.plan().intent();
          if (awaited > 0 && !reconnects(intent) && !seesToFormer(intent)) {
            wrong.add("plan " + c.id() + " began before " + awaited + " hooks had ended");
          }
        }
        default -> {}
      }
    }
  }

  private void stands(Instance replica, Instance head, List<Command> all) {
    Facts its = replica.facts().orElseThrow();
    Facts heads = head.facts().orElseThrow();
    if (died.contains(replica.key())) {
      // It was away when the others were moved, and points at whoever it did.
      return;
    }
    if (errant.contains(replica.key())) {
      // It may be left where it is, and has what nobody else is to have.
      return;
    }
    if (isLeft(replica.key(), all)) {
      // It has what its primary's successor has not: it must not get more of that.
      if (replica.primaryChannel().filter(c -> c.io() != ThreadState.STOPPED).isPresent()) {
        wrong.add(replica.key() + " goes on to receive. " + ends(all));
      }
      return;
    }
    if (!replica.primaryChannel().map(c -> c.replicating()).orElse(false)) {
      wrong.add(replica.key() + " does not replicate in the end. " + ends(all));
    }
    if (!Successors.received(heads).covers(Successors.received(its))) {
      wrong.add(
          replica.key()
              + " has "
              + Successors.received(its)
              + " and its head only "
              + Successors.received(heads)
              + ". "
              + ends(all));
    }
  }

  private static boolean isLeft(InstanceKey key, List<Command> all) {
    return all.stream()
        .anyMatch(
            c ->
                c instanceof Command.CloseRecovery r
                    && r.report().contains(key + " is not below it, and receives nothing of "));
  }

  private static String ends(List<Command> all) {
    return all.stream()
        .filter(
            c ->
                c instanceof Command.CloseRecovery
                    || c instanceof Command.ChooseSuccessor
                    || c instanceof Command.OpenRecovery)
        .map(Deeds::words)
        .toList()
        .toString();
  }

  @Override
  public void close() {
    world.close();
  }
}
