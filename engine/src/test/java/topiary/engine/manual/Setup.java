package topiary.engine.manual;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import topiary.engine.fake.Trees;
import topiary.engine.model.Capability;
import topiary.engine.model.GtidUse;
import topiary.engine.model.SemiSync;

/** On what kind of tree an operation is shown. */
enum Setup {
  MYSQL("MySQL, GTID", GtidUse.AUTO_POSITION),
  MARIADB("MariaDB, GTID", GtidUse.SLAVE_POS),
  MYSQL_FILE("MySQL, file and position", GtidUse.NONE),
  MARIADB_FILE("MariaDB, file and position", GtidUse.NONE);

  static final String P = "00000000-0000-0000-0000-000000000001";

  private static final Pattern NAME = Pattern.compile("\\w+");

  private final String words;
  private final GtidUse gtid;

  Setup(String words, GtidUse gtid) {
    this.words = words;
    this.gtid = gtid;
  }

  String words() {
    return words;
  }

  boolean mysql() {
    return this == MYSQL || this == MYSQL_FILE;
  }

  /** A tree as {@link Trees} reads it, of such servers, all of which could do semi-sync. */
  Trees tree(String text) {
    Trees trees = Trees.of(text);
    NAME.matcher(text).results().forEach(name -> trees.with(name.group(), this::become));
    return trees;
  }

  private void become(Trees.Server s) {
    s.gtid = gtid;
    s.behind = Optional.of(Optional.of(0L));
    s.semiSync =
        new SemiSync(
            true,
            new SemiSync.Source(true, false, 5000, 1, false, 0),
            new SemiSync.Replica(true, false, false));
    if (mysql()) {
      s.version = "9.7.1";
      s.gtidMode = this == MYSQL ? "ON" : "OFF";
      s.executed = P + ":1-9";
      s.received = P + ":1-9";
      s.capabilities = Set.of(Capability.values());
    }
  }
}
