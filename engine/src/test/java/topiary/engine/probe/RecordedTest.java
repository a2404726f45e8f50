package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.fake.RealClock;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.Settings;
import topiary.engine.model.Startup;
import topiary.engine.model.ThreadState;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Fleet;

/** Reads what real servers answered; {@link RecordIT} has written it down. */
class RecordedTest {

  private static final InstanceKey P = new InstanceKey("127.0.0.1", 3306);
  private static final InstanceKey R1 = new InstanceKey("127.0.0.1", 3307);
  private static final InstanceKey R2 = new InstanceKey("127.0.0.1", 3308);

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(RecordIT.FOLDER)) {
      return files
          .filter(
              f -> f.getFileName().toString().matches(".*-(source|replica|dressed|multi)\\.txt"))
          .sorted()
          .toList();
    }
  }

  private static Facts facts(Path file, InstanceKey key) throws IOException {
    try (var prober =
        new Prober(Recording.read(file).replay(), new RealClock(), ProbePolicy.DEFAULT)) {
      Observation seen = prober.look(key);
      assertEquals(Condition.SEEN, seen.condition(), seen::sentence);
      return seen.facts().orElseThrow();
    }
  }

  @Test
  void everyKindIsThereInEverySetUp() throws IOException {
    assertEquals(15, files().size(), files()::toString);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aLookOverAKeptConnectionAsksNoMoreThanItMust(Path file) throws IOException {
    var asked = new ArrayList<String>();
    Fleet fleet = Recording.listening(Recording.read(file).replay(), asked);
    try (var prober = new Prober(fleet, new RealClock(), ProbePolicy.DEFAULT)) {
      Facts f = prober.look(R2).facts().orElseThrow();
      // Who it is, its channels, the end of its log; how plugins do, where they are on.
      boolean semiSync = f.semiSync().source().enabled() || f.semiSync().replica().enabled();
      int always = semiSync ? 4 : 3;
      // Who has replicas is asked for them in each look, the others in every third one.
      int spared = f.reportedReplicas().isEmpty() ? always : always + 1;
      for (int expected : List.of(spared, spared, always + 1, spared)) {
        asked.clear();
        assertEquals(Condition.SEEN, prober.look(R2).condition());
        assertEquals(expected, asked.size(), asked::toString);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadWhole(Path file) throws IOException {
    String name = file.getFileName().toString();
    boolean source = name.endsWith("-source.txt");
    boolean replica = name.endsWith("-replica.txt");
    Facts f = facts(file, source ? P : replica ? R1 : R2);
    assertEquals(List.of(), f.complaints());
    boolean maria = name.startsWith("mariadb");
    assertEquals(maria ? Flavor.MARIADB : Flavor.MYSQL, f.identity().flavor());
    assertEquals(!maria, f.identity().uuid().isPresent());
    assertEquals(!source, f.settings().readOnly());
    // The lab's MariaDB servers are started without; newer MySQL makes itself a certificate.
    assertEquals(
        new Settings.Tls(Optional.of(name.startsWith("mysql-9")), false), f.settings().tls());
    assertTrue(f.positions().logEnd().offset() > 0);
    assertTrue(!f.positions().executedGtid().isEmpty());
    assertTrue(f.positions().uptimeSeconds() >= 0);
    assertEquals(Optional.empty(), f.background().cloud());
    assertEquals(Optional.empty(), f.group());
    assertEquals(List.of(), f.background().dumpers());
    assertEquals(source ? List.of(R1, R2) : List.of(), f.reportedReplicas());
    boolean semiSync = !name.startsWith("mysql-5.6");
    assertEquals(semiSync, f.semiSync().available());
    assertEquals(semiSync && !maria, f.semiSync().sourceWords());
    assertEquals(semiSync ? 1 : 0, f.semiSync().source().waitFor());
    assertEquals(semiSync ? 10_000 : 0, f.semiSync().source().timeoutMillis());
    assertEquals(semiSync && source ? 2 : 0, f.semiSync().source().clients());
    assertEquals(semiSync && replica, f.semiSync().replica().active());
    boolean tells = !source && !name.startsWith("mysql-5.6");
    assertEquals(
        tells ? Optional.of(Startup.READ_ONLY) : Optional.empty(), f.background().startup());
    if (source) {
      assertEquals(List.of(), f.channels());
      return;
    }
    Channel c = f.primaryChannel().orElseThrow();
    assertEquals("", c.name());
    assertEquals(P, c.source());
    assertEquals(maria ? GtidUse.SLAVE_POS : GtidUse.AUTO_POSITION, c.gtid());
    assertEquals(!maria, !c.setup().sourceUuid().isEmpty());
    if (replica) {
      assertTrue(c.replicating());
      assertEquals(Map.of(), c.setup().filters());
    } else {
      isDressed(name, c);
    }
    assertEquals(name.endsWith("-multi.txt") ? 2 : 1, f.channels().size());
    if (name.endsWith("-multi.txt")) {
      Channel east = f.channels().getLast();
      assertEquals("east", east.name());
      assertEquals(R1, east.source());
      assertEquals("other", east.user());
      assertEquals(ThreadState.STOPPED, east.io());
      assertEquals(0, east.delaySeconds());
    }
  }

  private static void isDressed(String name, Channel c) {
    assertTrue(c.stopped());
    assertEquals(30, c.delaySeconds());
    assertTrue(c.tls());
    Channel.Encryption e = c.setup().encryption();
    assertEquals("/etc/topiary/ca.pem", e.option("SSL_CA"));
    assertEquals("/etc/topiary/replica.pem", e.option("SSL_CERT"));
    assertEquals("/etc/topiary/replica.key", e.option("SSL_KEY"));
    assertEquals(Optional.of(true), e.verify());
    if (name.startsWith("mysql-9.7")) {
      assertEquals("TLSv1.3", e.option("TLS_VERSION"));
      assertEquals(Optional.of(true), e.getPublicKey());
      assertEquals("(a,b)", c.setup().filters().get("Replicate_Rewrite_DB"));
    } else {
      assertEquals(Optional.empty(), e.getPublicKey());
    }
    boolean filters = !name.startsWith("mysql-5.6");
    assertEquals(filters, c.filtered());
    if (filters) {
      assertEquals("shop,stock", c.setup().filters().get("Replicate_Do_DB"));
      assertEquals("shop.tmp%", c.setup().filters().get("Replicate_Wild_Ignore_Table"));
    }
  }
}
