package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.dialect.MariaDialect;
import topiary.engine.fake.Ground;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.SemiSync;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.policy.ProbePolicy;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/**
 * Looks at real servers that are set up in every way there is, and compares. With {@code
 * -Dtopiary.record=true} their answers are written down anew, for {@link RecordedTest}.
 */
@Execution(ExecutionMode.SAME_THREAD)
class RecordIT {

  static final Path FOLDER = Path.of("src", "test", "resources", "topiary", "engine", "probe");

  private static final boolean WRITES = Boolean.getBoolean("topiary.record");

  private final Map<InstanceKey, Recording> recordings = new HashMap<>();
  private Ground ground;
  private Threads threads;
  private boolean old;

  static List<Flavor> flavors() {
    return Flavors.all();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void everySetUpIsReadAsItWasMade(Flavor flavor) throws IOException {
    // Plugins come with MySQL's newer packages only; MariaDB has it built in.
    boolean semiSync = !flavor.id().startsWith("mysql-5");
    old = !flavor.id().startsWith("mysql-9");
    try (Ground here = up(flavor, semiSync);
        Threads own = new Threads()) {
      ground = here;
      threads = own;
      if (semiSync) {
        Ground.await(() -> look("p").semiSync().source().clients() == 2, "no semi-sync replicas");
      }
      Facts p = keep(flavor, "source", "p");
      assertEquals(semiSync, p.semiSync().source().active());
      assertEquals(List.of(), p.channels());
      assertEquals(2, p.reportedReplicas().size());
      assertEquals(List.of(), p.background().dumpers());
      Facts r1 = keep(flavor, "replica", "r1");
      assertEquals(semiSync, r1.semiSync().replica().active());
      dress(flavor);
      Facts r2 = keep(flavor, "dressed", "r2");
      Channel channel = r2.primaryChannel().orElseThrow();
      assertEquals(30, channel.delaySeconds());
      // 5.6 takes filters from its option file only.
      assertEquals(flavor.multiSource(), channel.filtered());
      if (flavor.multiSource()) {
        second();
        Facts multi = keep(flavor, "multi", "r2");
        assertEquals(List.of("", "east"), multi.channels().stream().map(Channel::name).toList());
        assertEquals(
            List.of(ground.key("p"), ground.key("r1")),
            multi.channels().stream().map(Channel::source).toList());
      }
      if (!old) {
        aPluginThatIsTakenOutIsNoTrouble();
      }
    }
  }

  private static Ground up(Flavor flavor, boolean semiSync) {
    return semiSync
        ? Ground.semiSync("record", "p(r1,r2)", flavor)
        : Ground.up("record", "p(r1,r2)", flavor);
  }

  /** Delayed, filtered, and with every word about encryption that the server takes. */
  private void dress(Flavor flavor) {
    boolean maria = flavor.id().startsWith("maria");
    String word = old ? "MASTER" : "SOURCE";
    var options =
        Stream.of(
            word + "_DELAY=30",
            word + "_SSL=1",
            word + "_SSL_CA='/etc/topiary/ca.pem'",
            word + "_SSL_CERT='/etc/topiary/replica.pem'",
            word + "_SSL_KEY='/etc/topiary/replica.key'",
            word + "_SSL_VERIFY_SERVER_CERT=1");
    List<String> statements = new ArrayList<>();
    statements.add(old ? "STOP SLAVE" : "STOP REPLICA");
    statements.add(
        (old ? "CHANGE MASTER TO " : "CHANGE REPLICATION SOURCE TO ")
            + String.join(", ", options.toList()));
    if (maria) {
      statements.add("SET GLOBAL replicate_do_db = 'shop,stock'");
      statements.add("SET GLOBAL replicate_wild_ignore_table = 'shop.tmp%'");
    } else if (!old) {
      statements.add(
          "CHANGE REPLICATION FILTER REPLICATE_DO_DB = (shop, stock),"
              + " REPLICATE_WILD_IGNORE_TABLE = ('shop.tmp%'),"
              + " REPLICATE_REWRITE_DB = ((a, b))");
      statements.add(
          "CHANGE REPLICATION SOURCE TO SOURCE_TLS_VERSION='TLSv1.3', GET_SOURCE_PUBLIC_KEY=1");
    }
    ground.tell("r2", statements.toArray(String[]::new));
  }

  /** A second source beside the first. */
  private void second() {
    String address =
        "_HOST='127.0.0.1', %1$s_PORT=" + ground.key("r1").port() + ", %1$s_USER='other',";
    ground.tell(
        "r2",
        (old
                ? "CHANGE MASTER 'east' TO MASTER" + address + " MASTER_PASSWORD='none'"
                : "CHANGE REPLICATION SOURCE TO SOURCE"
                    + address
                    + " SOURCE_PASSWORD='none', SOURCE_AUTO_POSITION=1 FOR CHANNEL 'east'")
            .formatted(old ? "MASTER" : "SOURCE"));
  }

  private void aPluginThatIsTakenOutIsNoTrouble() {
    try (var prober = prober()) {
      assertEquals(
          true, prober.look(ground.key("r2")).facts().orElseThrow().semiSync().available());
      ground.tell(
          "r2",
          "SET GLOBAL super_read_only = OFF",
          "UNINSTALL PLUGIN rpl_semi_sync_source",
          "SET GLOBAL super_read_only = ON");
      Observation after = prober.look(ground.key("r2"));
      SemiSync left = after.facts().orElseThrow(() -> new AssertionError(after)).semiSync();
      assertEquals(false, left.source().available());
      assertEquals(true, left.replica().available());
    }
  }

  private Prober prober() {
    return new Prober(
        Recording.recording(new JdbcFleet(ground.passwords(), threads), recordings),
        new RealClock(),
        new ProbePolicy(Duration.ofSeconds(10), Duration.ofSeconds(10)));
  }

  private Facts look(String member) {
    try (var prober = prober()) {
      Observation seen = prober.look(ground.key(member));
      return seen.facts().orElseThrow(() -> new AssertionError(seen.sentence()));
    }
  }

  private Facts keep(Flavor flavor, String name, String member) throws IOException {
    Facts facts = look(member);
    if (WRITES) {
      String folder = ground.lab().directory().toAbsolutePath().toString();
      recordings
          .get(ground.key(member))
          // Asked only of servers that take writes; these have none either.
          .none(new MariaDialect().events())
          .write(
              FOLDER.resolve(flavor.id() + "-" + name + ".txt"),
              text -> tidy(text.replace(folder, "/lab")));
    }
    return facts;
  }

  /** Without what is of this machine only, or nobody's business. */
  private String tidy(String text) {
    String clean =
        text.replaceAll("(?m)^(basedir|datadir|hostname)=.*", "$1=tidied")
            .replaceAll("IDENTIFIED BY PASSWORD '[^']*'", "IDENTIFIED BY PASSWORD '…'")
            .replaceAll("(?m)^Value=(/.*)$", "Value=/lab/");
    for (String member : List.of("p", "r1", "r2")) {
      int port = ground.key(member).port();
      int plain = List.of("p", "r1", "r2").indexOf(member) + 3306;
      clean = clean.replaceAll("\\b" + port + "\\b", Integer.toString(plain));
    }
    return clean;
  }
}
