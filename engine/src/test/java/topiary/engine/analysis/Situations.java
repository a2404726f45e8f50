package topiary.engine.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import topiary.engine.fake.Trees;
import topiary.engine.finding.Finding;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.Cloud;
import topiary.engine.model.Condition;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Startup;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.said.Downtime;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;
import topiary.engine.said.Said;

/**
 * Situations as text, and what is to be found in them.
 *
 * @param name what one shows
 * @param world it
 * @param expected lines of {@code = server Code}, {@code + server Code}, {@code ! server Code}
 */
record Situations(String name, World world, List<String> expected) {

  static final Instant NOW = Instant.parse("2026-11-28T03:00:00Z");

  private static final ReplicationError REFUSED =
      new ReplicationError(
          2003, "error connecting to master 'r@p:3306' - message: Can't connect to server (111)");

  /** All of the file. */
  static List<Situations> all() {
    try (var in = Situations.class.getResourceAsStream("situations.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split("(?m)^== ")).stream().skip(1).map(Situations::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Situations parse(String block) {
    List<String> lines = block.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    var reading = new Reading(Trees.of(lines.get(1)));
    var expected = new ArrayList<String>();
    for (String line : lines.subList(2, lines.size())) {
      if (line.startsWith("policy ")) {
        reading.policy(line.substring(7));
      } else if ("=+!".indexOf(line.charAt(0)) >= 0) {
        expected.add(line);
      } else {
        reading.server(List.of(line.split(" ")));
      }
    }
    return new Situations(lines.getFirst(), reading.world(), expected);
  }

  /** What is found of a server. */
  Judgement judge(InstanceKey key) {
    return Judgement.of(world, world.topology().instance(key).orElseThrow());
  }

  /** What is found otherwise than it should be. */
  List<String> wrong() {
    var wrong = new ArrayList<String>();
    for (String line : expected) {
      String[] words = line.split(" ");
      Judgement judged = judge(Trees.key(words[1]));
      String fails = judged.failure().map(f -> f.code().word()).orElse("-");
      Set<String> besides = new LinkedHashSet<>();
      judged.warnings().forEach(f -> besides.add(f.code().word()));
      boolean so =
          switch (words[0]) {
            case "=" -> fails.equals(words[2]);
            case "+" -> besides.contains(words[2]);
            default -> !besides.contains(words[2]);
          };
      if (!so) {
        wrong.add(name + ": " + line + ", but found: " + fails + ", " + besides);
      }
      for (Finding finding : judged.findings()) {
        if (finding.evidence().stream().anyMatch(e -> e.words().isBlank())) {
          wrong.add(name + ": evidence without words: " + finding);
        }
      }
    }
    return wrong;
  }

  @Override
  public String toString() {
    return name;
  }

  /** Puts one together. */
  private static final class Reading {
    private final Trees trees;
    private final Map<InstanceKey, Downtime> downtimes = new HashMap<>();
    private final Map<InstanceKey, Promotion> promotions = new HashMap<>();
    private final Map<InstanceKey, Instant> still = new HashMap<>();
    private final Set<InstanceKey> errant = new HashSet<>();
    private final Set<InstanceKey> twins = new HashSet<>();
    private boolean exact;
    private boolean recover;

    Reading(Trees trees) {
      this.trees = trees;
      for (InstanceKey key : trees.topology().instances().keySet()) {
        trees.with(
            key.host(),
            s -> {
              s.lastSeen = NOW.minusSeconds(1);
              s.behind = Optional.of(Optional.of(0L));
            });
      }
    }

    void policy(String word) {
      switch (word) {
        case "exact" -> exact = true;
        case "recoverreadonly" -> recover = true;
        default -> throw new IllegalArgumentException(word);
      }
    }

    World world() {
      JudgementPolicy standard = JudgementPolicy.DEFAULT;
      Topology topology = trees.topology();
      return new World(
          topology,
          Map.of(),
          Said.NOTHING.downtimed(new TreeMap<>(downtimes)).promoting(new TreeMap<>(promotions)),
          new JudgementPolicy(
              Duration.ofSeconds(3),
              standard.reasonableLag(),
              standard.lockedAfter(),
              exact,
              recover,
              List.of()),
          NOW,
          NOW.minusSeconds(60),
          key -> Optional.ofNullable(still.get(key)),
          key -> errant.contains(key) ? Optional.of("0-9-1") : Errant.of(topology, key),
          key -> twins.contains(key) ? Optional.of(Trees.key("elsewhere")) : Optional.empty());
    }

    void server(List<String> words) {
      InstanceKey key = Trees.key(words.getFirst());
      var rest = new ArrayList<>(words.subList(1, words.size()));
      while (!rest.isEmpty()) {
        String word = rest.removeFirst();
        trees.with(key.host(), s -> change(s, key, word, rest));
      }
    }

    private void change(Trees.Server s, InstanceKey key, String word, List<String> rest) {
      switch (word) {
        case "absent" -> fails(s, Condition.ABSENT, 0);
        case "silent" -> fails(s, Condition.UNREACHABLE, number(rest));
        case "hung" -> fails(s, Condition.HUNG, number(rest));
        case "denied" -> fails(s, Condition.DENIED, number(rest));
        case "half" -> fails(s, Condition.HALF, number(rest));
        case "connecting" -> {
          s.io = ThreadState.CONNECTING;
          s.ioError = REFUSED;
        }
        case "full" -> s.ioError = ReplicationError.NO_ROOM;
        case "trying" -> s.io = ThreadState.CONNECTING;
        case "gaveup" -> {
          s.io = ThreadState.STOPPED;
          s.ioError = REFUSED;
        }
        case "diverged" -> {
          s.io = ThreadState.STOPPED;
          s.ioError =
              new ReplicationError(
                  13114,
                  "Got fatal error 1236 from source when reading data from binary log: 'Replica has"
                      + " more GTIDs than the source has'");
        }
        case "stopped" -> s.stop();
        case "sqlstopped" -> s.sql = ThreadState.STOPPED;
        case "lag" -> s.behind = Optional.of(Optional.of((long) number(rest)));
        case "delay" -> s.delay = number(rest);
        case "readonly" -> s.readOnly = true;
        case "writable" -> s.readOnly = false;
        case "below" -> trees.below(key.host(), rest.removeFirst());
        case "waits" -> s.semiSync = waiting(number(rest), clients(rest), true);
        case "gaveupwaiting" -> s.semiSync = waiting(number(rest), clients(rest), false);
        case "acknowledges" ->
            s.semiSync =
                new SemiSync(false, SemiSync.NONE.source(), new SemiSync.Replica(true, true, true));
        case "old" -> s.lastSeen = NOW.minusSeconds(number(rest));
        case "still" -> still.put(key, NOW.minusSeconds(number(rest)));
        case "downtime" ->
            downtimes.put(key, new Downtime("ann", "disk", NOW, NOW.plusSeconds(60)));
        case "mustnot" ->
            promotions.put(key, new Promotion(Rule.MUST_NOT, NOW, NOW.plusSeconds(60)));
        case "noupdates" -> s.logUpdates = false;
        case "nolog" -> s.logBin = false;
        case "classic" -> s.gtid = GtidUse.NONE;
        case "format" -> s.format = BinlogFormat.valueOf(rest.removeFirst());
        case "version" -> s.version = rest.removeFirst();
        case "mode" -> s.gtidMode = rest.removeFirst();
        case "serverid" -> s.serverId = number(rest);
        case "errant" -> errant.add(key);
        case "twin" -> twins.add(key);
        case "detached" -> s.detached = true;
        case "starts" -> s.startup = Optional.of(Startup.valueOf(rest.removeFirst()));
        case "managed" -> s.cloud = Optional.of(Cloud.RDS);
        case "group" ->
            s.group =
                Optional.of(
                    new Group(
                        "g", true, "ONLINE", rest.removeFirst(), Optional.empty(), List.of()));
        default -> throw new IllegalArgumentException(word);
      }
    }

    private static void fails(Trees.Server s, Condition condition, int seconds) {
      s.condition = condition;
      s.failingSince = Optional.of(NOW.minusSeconds(seconds));
      s.sentence = "says nothing";
    }

    private static SemiSync waiting(int count, int clients, boolean active) {
      return new SemiSync(
          false,
          new SemiSync.Source(true, true, 10_000, count, active, clients),
          SemiSync.NONE.replica());
    }

    private static int clients(List<String> rest) {
      if (!rest.removeFirst().equals("clients")) {
        throw new IllegalArgumentException("clients");
      }
      return number(rest);
    }

    private static int number(List<String> rest) {
      return Integer.parseInt(rest.removeFirst());
    }
  }
}
