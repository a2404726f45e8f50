package topiary.engine.gtid;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.engine.fake.Ground;
import topiary.lab.flavor.Flavors;

/** Servers compute with sets as we do: several hundred random ones, in one statement each. */
class ServerArithmeticIT {

  private static final int PAIRS = 300;

  private static final List<String> SERVERS =
      List.of(
          "3e11fa47-71ca-11e1-9e33-c80aa9429562",
          "4e11fa47-71ca-11e1-9e33-c80aa9429562",
          "5e11fa47-71ca-11e1-9e33-c80aa9429562");

  private record Pair(String one, String other) {}

  @ParameterizedTest
  @ValueSource(strings = {"mysql-9.7", "mysql-5.6"})
  void differencesAndSubsetsAreThoseOfTheServer(String flavor) throws SQLException {
    boolean tags = flavor.equals("mysql-9.7");
    var random = new Random(97);
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < PAIRS; i++) {
      String one = set(random, tags);
      // Now and then one that has all of the other, which would hardly ever come about by chance.
      String other = random.nextInt(3) == 0 ? joined(one, set(random, tags)) : set(random, tags);
      pairs.add(new Pair(one, other));
    }
    String sql =
        pairs.stream()
            .map(
                p ->
                    "SELECT GTID_SUBTRACT(%1$s) AS d, GTID_SUBSET(%1$s) AS s"
                        .formatted("'" + p.one() + "', '" + p.other() + "'"))
            .collect(Collectors.joining(" UNION ALL "));
    int subsets = 0;
    try (Ground ground = Ground.up("gtid", "p", Flavors.named(flavor));
        Connection connection = ground.lab().connection("p");
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      for (Pair pair : pairs) {
        assertEquals(true, result.next());
        GtidSet one = GtidSet.parse(pair.one());
        GtidSet other = GtidSet.parse(pair.other());
        assertEquals(
            GtidSet.parse(result.getString("d")),
            one.minus(other),
            () -> pair.one() + " minus " + pair.other());
        boolean subset = result.getBoolean("s");
        assertEquals(subset, other.covers(one), () -> pair.one() + " within " + pair.other());
        subsets += subset ? 1 : 0;
      }
    }
    assertEquals(true, subsets > PAIRS / 10 && subsets < PAIRS * 9 / 10, subsets + " subsets");
  }

  private static String joined(String one, String other) {
    return one.isEmpty() || other.isEmpty() ? one + other : one + "," + other;
  }

  /** A set of up to three servers, with overlapping and adjacent intervals in any order. */
  private static String set(Random random, boolean tags) {
    var parts = new ArrayList<String>();
    for (String server : SERVERS) {
      if (random.nextInt(3) == 0) {
        continue;
      }
      var part = new StringBuilder(server);
      part.append(intervals(random));
      if (tags && random.nextInt(3) == 0) {
        part.append(":cron").append(intervals(random));
      }
      parts.add(part.toString());
    }
    return String.join(",", parts);
  }

  private static String intervals(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = 1 + random.nextInt(40);
      int length = random.nextInt(12);
      text.append(':').append(from);
      if (length > 0) {
        text.append('-').append(from + length);
      }
    }
    return text.toString();
  }
}
