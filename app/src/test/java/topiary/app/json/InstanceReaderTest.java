package topiary.app.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.app.Samples;
import topiary.engine.model.Background;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Channel;
import topiary.engine.model.Cloud;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Detected;
import topiary.engine.model.Events;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.Startup;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Version;

class InstanceReaderTest {

  private static final ClusterId CLUSTER = new ClusterId("c0123456789ab");

  /** No two values of one type are equal, so that none can stand for another unseen. */
  private static Instance full() {
    var channel =
        new Channel(
            "first",
            new InstanceKey("::1", 3307),
            "repl",
            GtidUse.CURRENT_POS,
            ThreadState.CONNECTING,
            ThreadState.STOPPED,
            true,
            false,
            30,
            new Channel.Progress(
                new BinlogPosition("read.000001", 1),
                new BinlogPosition("executed:odd.000002", 2),
                new BinlogPosition("", 0),
                "0-1-5",
                Optional.empty()),
            new ReplicationError(2003, "cannot connect"),
            new ReplicationError(1062, "duplicate"),
            new Channel.Setup(
                "source-uuid",
                new TreeMap<>(Map.of("Replicate_Do_DB", "shop", "Replicate_Do_Table", "a.b")),
                new Channel.Encryption(
                    new TreeMap<>(Map.of("SSL_CA", "/ca.pem", "TLS_VERSION", "TLSv1.3")),
                    Optional.of(true),
                    Optional.of(false)),
                true));
    var facts =
        new Facts(
            new Identity(
                4_000_000_000L,
                Optional.of("uuid"),
                Flavor.PERCONA,
                Version.parse("8.4.6-6"),
                "Percona Server",
                "machine",
                Optional.of(new InstanceKey("reported", 3310)),
                Set.of(Capability.CHANNELS, Capability.GTID_SETS)),
            new Settings(
                true,
                true,
                false,
                true,
                BinlogFormat.MIXED,
                "MINIMAL",
                false,
                "ON",
                new Settings.Tls(Optional.of(true), true)),
            List.of(channel),
            List.of(new InstanceKey("below", 3308), new InstanceKey("below", 3309)),
            new Positions(
                new BinlogPosition("log.000009", 9_999_999_999L),
                "0-1-6",
                "0-1-7",
                "0-1-2",
                "0-1-7,0-2-6",
                61),
            List.of("may not see the replicas"),
            new SemiSync(
                true,
                new SemiSync.Source(true, false, 10_001, 2, true, 3),
                new SemiSync.Replica(false, true, false)),
            Optional.of(
                new Group(
                    "group",
                    true,
                    "RECOVERING",
                    "SECONDARY",
                    Optional.of(new InstanceKey("g1", 3311)),
                    List.of(new InstanceKey("g1", 3311), new InstanceKey("g2", 3312)))),
            new Background(
                Optional.of(Cloud.AZURE),
                Optional.of(false),
                List.of(new InstanceKey("hint", 3313)),
                Optional.of(Startup.UNSAID),
                Optional.of(
                    new Events(
                        true,
                        List.of(
                            new ScheduledEvent("shop", "clean `up", 1_795_938_761L, true),
                            new ScheduledEvent("shop", "old", 7, false)))),
                new Detected(
                    "dc", "region", "staging", "alias", Optional.of("prefer"), 4, "c", "d")),
            Optional.of(17L));
    return new Instance(
        Samples.key("full"),
        Condition.HUNG,
        "says nothing",
        Optional.of(facts),
        Optional.of(Samples.NOW.plusNanos(123_000)),
        Optional.of(Samples.NOW),
        Duration.ofNanos(3_456_789),
        Optional.of(Samples.NOW.minusSeconds(60)),
        Optional.of(Samples.NOW.minusSeconds(3)));
  }

  static Stream<Instance> samples() {
    Instance replica = Samples.replica("r", "p");
    return Stream.of(
        full(),
        Samples.primary("p"),
        replica,
        Samples.lost(replica, Condition.UNREACHABLE, "connection refused"),
        Instance.unseen(new InstanceKey("fe80::1%eth0", 3306)));
  }

  private static Fields read(Map<String, Object> tree) throws Json.BadJson {
    return new Fields(Json.object(Json.text(tree).getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatWasWrittenIsReadBack(Instance instance) throws Exception {
    Fields fields = read(InstanceJson.of(instance, CLUSTER));
    assertEquals(instance, InstanceReader.instance(fields));
    assertEquals(Optional.of(CLUSTER), InstanceReader.cluster(fields));
    assertEquals(Optional.empty(), InstanceReader.cluster(read(InstanceJson.of(instance, null))));
  }

  @Test
  void whatIsNoServerIsNamed() throws Exception {
    Map<String, Object> good = InstanceJson.of(full(), CLUSTER);
    for (String field : List.of("instance", "condition", "latencyMillis", "readOnly", "channels")) {
      var bad = new LinkedHashMap<>(good);
      bad.put(field, Map.of("odd", 1));
      BadField e = assertThrows(BadField.class, () -> InstanceReader.instance(read(bad)));
      assertTrue(e.getMessage().startsWith("\"" + field + "\" is not"), e.getMessage());
    }
  }
}
