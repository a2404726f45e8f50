package topiary.app;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import topiary.engine.model.Background;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Detected;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Observation;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.model.Version;
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.Pool;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;
import topiary.engine.said.Said;
import topiary.engine.said.TagKey;

/** A small fleet to which anything happens that can happen, by a seed. */
public final class RandomFleet {

  private static final int SERVERS = 12;

  /** Words that are not written as they are, and some that are. */
  private static final List<String> WORDS =
      List.of("", "a", "b \"quoted\" \\", "Zoë", "\t\n\u0001\u007f", "😀 end", "//bin.000001");

  private final Random random;
  private Topology topology = Topology.EMPTY;
  private Map<InstanceKey, ClusterId> clusters = new TreeMap<>();
  private Said said = Said.NOTHING;
  private Names names = Names.NONE;
  private Instant now = Samples.NOW;
  private long uptime = 1000;

  public RandomFleet(long seed) {
    random = new Random(seed);
  }

  public Topology topology() {
    return topology;
  }

  /** The same without anything that was derived of it before. */
  public Topology fresh() {
    return new Topology(topology.revision(), new TreeMap<>(topology.instances()));
  }

  public Map<InstanceKey, ClusterId> clusters() {
    return clusters;
  }

  public Said said() {
    return said;
  }

  public Names names() {
    return names;
  }

  public Instant now() {
    return now;
  }

  /** One more thing happens. */
  public void step() {
    if (random.nextInt(3) == 0) {
      now = now.plusMillis(random.nextInt(4000));
    }
    InstanceKey key = any();
    Instance before = topology.instances().get(key);
    if (before == null) {
      put(Instance.unseen(key));
      return;
    }
    switch (random.nextInt(12)) {
      case 0, 1 -> see(key, f -> f);
      case 2, 3 -> see(key, this::moved);
      case 4, 5, 6 -> see(key, this::other);
      case 7 -> put(before.after(failed(key)));
      case 8 -> say(key);
      case 9 -> call(key);
      case 10 -> alias(key);
      default -> {
        if (random.nextInt(4) == 0) {
          topology = topology.next(topology.revision() + 1, List.of(key), List.of());
        }
      }
    }
  }

  private InstanceKey any() {
    return new InstanceKey("h" + random.nextInt(SERVERS) + ".example", 3306);
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void put(Instance now) {
    topology = topology.next(topology.revision() + 1, List.of(), List.of(now));
  }

  private Observation failed(InstanceKey key) {
    return Observation.failed(
        key,
        now,
        Duration.ofNanos(random.nextInt(9_000_000)),
        one(List.of(Condition.UNREACHABLE, Condition.HUNG, Condition.DENIED)),
        "because of " + word());
  }

  private void see(InstanceKey key, UnaryOperator<Facts> change) {
    uptime = random.nextInt(40) == 0 ? 1 : uptime + random.nextInt(3);
    Instance before = topology.instance(key).orElseThrow();
    Facts f = change.apply(before.facts().orElseGet(this::first));
    Positions p = f.positions().upFor(uptime);
    var facts =
        new Facts(
            f.identity(),
            f.settings(),
            f.channels(),
            f.reportedReplicas(),
            p,
            f.complaints(),
            f.semiSync(),
            f.group(),
            f.background(),
            f.lagSeconds());
    put(
        before.after(
            Observation.seen(
                key,
                now.plusNanos(one(List.of(0, 5, 7_000, 250_000_000))),
                Duration.ofNanos(random.nextInt(9_000_000)),
                facts)));
  }

  private Facts first() {
    return new Facts(identity(), settings(), List.of(), List.of(), positions(), List.of());
  }

  private Identity identity() {
    boolean maria = random.nextInt(3) == 0;
    return new Identity(
        random.nextInt(5),
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(uuid(random.nextInt(6))),
        maria ? Flavor.MARIADB : Flavor.MYSQL,
        Version.parse(maria ? "11.4.5-MariaDB" : "8.4.3"),
        word(),
        word(),
        Optional.empty(),
        Set.of());
  }

  private static String uuid(int number) {
    return "00000000-0000-0000-0000-00000000000" + number;
  }

  private Settings settings() {
    return new Settings(
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        one(List.of(BinlogFormat.values())),
        word(),
        random.nextBoolean(),
        one(List.of("", "ON", "OFF")),
        new Settings.Tls(
            one(List.of(Optional.<Boolean>empty(), Optional.of(true), Optional.of(false))),
            random.nextBoolean()));
  }

  private BinlogPosition position() {
    return new BinlogPosition(word(), random.nextInt(3) == 0 ? 0 : random.nextLong(1L << 40));
  }

  private String gtid() {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "0-" + random.nextInt(5) + "-" + (1 + random.nextInt(50));
      default -> uuid(random.nextInt(6)) + ":1-" + (1 + random.nextInt(50));
    };
  }

  private Positions positions() {
    return new Positions(position(), gtid(), gtid(), gtid(), gtid(), uptime);
  }

  private Channel.Progress progress() {
    return new Channel.Progress(position(), position(), position(), gtid(), lag());
  }

  private Optional<Long> lag() {
    return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(random.nextLong(-2, 40));
  }

  private Facts moved(Facts f) {
    List<Channel> channels =
        f.channels().stream()
            .map(
                c ->
                    new Channel(
                        c.name(),
                        c.source(),
                        c.user(),
                        c.gtid(),
                        c.io(),
                        c.sql(),
                        c.filtered(),
                        c.tls(),
                        c.delaySeconds(),
                        progress(),
                        c.ioError(),
                        c.sqlError(),
                        c.setup()))
            .toList();
    return facts(f, f.identity(), f.settings(), channels, positions()).late(lag());
  }

  private static Facts facts(
      Facts f, Identity identity, Settings settings, List<Channel> channels, Positions positions) {
    return new Facts(
        identity,
        settings,
        channels,
        f.reportedReplicas(),
        positions,
        f.complaints(),
        f.semiSync(),
        f.group(),
        f.background(),
        f.lagSeconds());
  }

  private Facts other(Facts f) {
    return switch (random.nextInt(9)) {
      case 0 -> facts(f, identity(), f.settings(), f.channels(), f.positions());
      case 1 -> facts(f, f.identity(), settings(), f.channels(), f.positions());
      case 2, 3, 4 -> facts(f, f.identity(), f.settings(), channels(), f.positions());
      case 5 -> f.complaining(List.of(word()));
      case 6 -> f.with(background());
      case 7 -> semiSync(f, random.nextBoolean());
      default -> group(f, random.nextInt(3));
    };
  }

  private List<Channel> channels() {
    var channels = new ArrayList<Channel>();
    int count = one(List.of(0, 1, 1, 1, 2));
    for (int i = 0; i < count; i++) {
      channels.add(
          new Channel(
              i == 0 ? "" : "c" + i,
              any(),
              word(),
              one(List.of(GtidUse.values())),
              one(List.of(ThreadState.values())),
              one(List.of(ThreadState.values())),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextInt(3),
              progress(),
              new ReplicationError(random.nextInt(2), word()),
              new ReplicationError(random.nextInt(2), word())));
    }
    return channels;
  }

  private Background background() {
    return new Background(
        Optional.empty(),
        random.nextBoolean() ? Optional.empty() : Optional.of(random.nextBoolean()),
        List.of(any()),
        new Detected(
            word(),
            word(),
            word(),
            word(),
            random.nextBoolean() ? Optional.of("prefer") : Optional.empty(),
            random.nextInt(3),
            word(),
            word()));
  }

  private static Facts semiSync(Facts f, boolean on) {
    return new Facts(
        f.identity(),
        f.settings(),
        f.channels(),
        f.reportedReplicas(),
        f.positions(),
        f.complaints(),
        new SemiSync(
            on, new SemiSync.Source(true, on, 1000, 1, on, 2), new SemiSync.Replica(true, on, on)),
        f.group(),
        f.background(),
        f.lagSeconds());
  }

  private Facts group(Facts f, int kind) {
    return new Facts(
        f.identity(),
        f.settings(),
        f.channels(),
        f.reportedReplicas(),
        f.positions(),
        f.complaints(),
        f.semiSync(),
        kind == 0
            ? Optional.empty()
            : Optional.of(
                new Group(
                    word(),
                    true,
                    kind == 1 ? "ONLINE" : "ERROR",
                    kind == 1 ? "SECONDARY" : "PRIMARY",
                    Optional.of(any()),
                    List.of(any(), any()))),
        f.background(),
        f.lagSeconds());
  }

  private void say(InstanceKey key) {
    Instant until = now.plusSeconds(1 + random.nextInt(6));
    switch (random.nextInt(5)) {
      case 0 -> {
        var all = new TreeMap<>(said.promotions());
        all.put(key, new Promotion(one(List.of(Rule.values())), now, until));
        said = said.promoting(all);
      }
      case 1 -> {
        var all = new TreeMap<>(said.downtimes());
        all.put(key, new Downtime(word(), word(), now, until));
        said = said.downtimed(all);
      }
      case 2 -> {
        var all = new TreeMap<>(said.maintenance());
        long id = said.lastMaintenance() + 1;
        all.put(key, new Maintenance(id, word(), word(), now, until));
        said = said.maintaining(all, id);
      }
      case 3 -> {
        var all = new TreeMap<>(said.tags());
        all.put(new TagKey(key, "t" + random.nextInt(3)), word());
        said = said.tagging(all);
      }
      default -> {
        var all = new TreeMap<>(said.pools());
        all.put("p" + random.nextInt(2), new Pool(new TreeSet<>(List.of(key, any())), now, until));
        said = said.pooling(all);
      }
    }
  }

  private void call(InstanceKey key) {
    var of = new TreeMap<>(clusters);
    if (random.nextInt(4) == 0) {
      of.remove(key);
    } else {
      of.put(key, new ClusterId("c0123456789a" + random.nextInt(3)));
    }
    clusters = of;
    if (random.nextBoolean() && of.containsKey(key)) {
      var called = new TreeMap<>(said.aliases());
      called.put(of.get(key), "alias" + random.nextInt(2));
      said = said.calling(called, said.domains());
    }
  }

  private void alias(InstanceKey key) {
    var all = new TreeMap<>(names.aliases());
    all.put(new InstanceKey("other" + random.nextInt(4), 3306), key);
    names = new Names(all);
  }
}
