package topiary.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import topiary.store.StoreException;
import topiary.store.folder.PrivateFiles;
import topiary.store.history.Entry;
import topiary.store.history.HistoryLimits;
import topiary.store.history.HistoryStore;
import topiary.store.history.Pack;
import topiary.store.history.Replay;
import topiary.store.rows.Jdbc;

/**
 * A history in one SQLite file, {@code history.db} in the node's data folder. It is made of
 * segments, each of which begins with every server whole and goes on with differences, so that no
 * moment takes more than one segment to be read, and the oldest can be dropped.
 */
public final class HistoryFile implements HistoryStore {

  private static final String NAME = "history.db";

  private static final int FORMAT = 1;

  // Kinds of parts.
  private static final int SAMPLES = 0;
  private static final int NEWS = 1;
  private static final int WHOLE = 2;

  /** Whoever else holds the file is a reader, and soon done. */
  private static final Duration BUSY = Duration.ofSeconds(2);

  /** Left to SQLite's own log, which is written into the file when it has 1 MiB. */
  private static final long ASIDE = 4L << 20;

  /** So much of the room may be taken before the oldest segment goes, in percent. */
  private static final int FILLED = 90;

  /** A segment grows to so many times what it began with. */
  private static final int GROWTH = 8;

  /** And to no more than one of so many parts of the room there is. */
  private static final int SHARE = 4;

  private static final long SMALL = 128L << 10;
  private static final Duration LONGEST = Duration.ofHours(6);

  /** For longer than this a node at work is never silent. */
  private static final Duration SILENCE = Duration.ofMinutes(3);

  private final Path path;
  private final HistoryLimits limits;
  private final Connection writer;
  private final long pages;
  private final long pageSize;
  private Segment current;

  /** Whether it is not known what the segment ends with, so that nothing may be put on it. */
  private boolean broken;

  /** The segment that is written. */
  private static final class Segment {
    private final long id;
    private final long began;
    private final long whole;
    private long grown;

    Segment(long id, long began, long whole) {
      this.id = id;
      this.began = began;
      this.whole = whole;
    }
  }

  private HistoryFile(Path path, HistoryLimits limits) throws SQLException {
    this.path = path;
    this.limits = limits;
    writer = Connections.toWrite(path, BUSY);
    try {
      // A crash of the machine may cost the last moments, and never the file.
      Jdbc.execute(writer, "PRAGMA synchronous = NORMAL");
      Jdbc.execute(writer, "PRAGMA auto_vacuum = INCREMENTAL");
      Connections.shareWithReaders(writer);
      Jdbc.execute(writer, "PRAGMA wal_autocheckpoint = 256");
      Jdbc.execute(writer, "PRAGMA journal_size_limit = " + (1 << 20));
      int format = Integer.parseInt(Jdbc.one(writer, "PRAGMA user_version"));
      if (format > FORMAT) {
        throw new StoreException(
            StoreException.Kind.NEWER,
            path + " was written by a newer Topiary: update this one, or move the file aside");
      }
      if (format < FORMAT) {
        Connections.writing(writer, () -> make(writer));
      }
      pageSize = Long.parseLong(Jdbc.one(writer, "PRAGMA page_size"));
      pages = (limits.bytes() - ASIDE) / pageSize;
      shrink();
      Jdbc.execute(writer, "PRAGMA max_page_count = " + pages);
    } catch (Throwable t) {
      try {
        writer.close();
      } catch (SQLException e) {
        // What went wrong first is what is told.
        t.addSuppressed(e);
      }
      throw t;
    }
  }

  private static Connection make(Connection connection) throws SQLException {
    Jdbc.execute(
        connection,
        "CREATE TABLE segment (id INTEGER PRIMARY KEY, began INTEGER NOT NULL,"
            + " last INTEGER NOT NULL) STRICT");
    Jdbc.execute(
        connection,
        "CREATE TABLE part (id INTEGER PRIMARY KEY, segment INTEGER NOT NULL,"
            + " first INTEGER NOT NULL, kind INTEGER NOT NULL, data BLOB NOT NULL) STRICT");
    Jdbc.execute(connection, "CREATE INDEX part_segment ON part (segment, id)");
    Jdbc.execute(connection, "PRAGMA user_version = " + FORMAT);
    return connection;
  }

  /**
   * Opens the history of a data folder that is held, and makes it when there is none.
   *
   * @throws StoreException when it cannot be used; it is left as it is then
   */
  public static HistoryFile open(Path folder, HistoryLimits limits) {
    Path path = folder.resolve(NAME);
    if (!Files.exists(path)) {
      PrivateFiles.createEmpty(path);
    }
    try {
      return new HistoryFile(path, limits);
    } catch (SQLException e) {
      throw trouble(path, e);
    }
  }

  private static StoreException trouble(Path path, SQLException e) {
    StoreException trouble = Trouble.with(path, e);
    return switch (trouble.kind()) {
      case CORRUPT ->
          new StoreException(
              StoreException.Kind.CORRUPT,
              path
                  + " is damaged ("
                  + e.getMessage()
                  + ") and was left as it is: move it aside, with its -wal and -shm files",
              e);
      case FULL ->
          new StoreException(
              StoreException.Kind.FULL,
              "the disk that holds " + path + " is full: make room, and it is written again",
              e);
      default -> trouble;
    };
  }

  private interface Doing<T> {
    T run() throws SQLException;
  }

  private <T> T doing(Doing<T> doing) {
    try {
      return doing.run();
    } catch (SQLException e) {
      throw trouble(path, e);
    }
  }

  // ---- written

  @Override
  public synchronized boolean due(Instant now) {
    return current == null
        || broken
        || current.grown > Math.max(SMALL, GROWTH * current.whole)
        || (current.whole + current.grown) * SHARE > pages * pageSize
        || now.toEpochMilli() - current.began > LONGEST.toMillis();
  }

  @Override
  public synchronized boolean begun() {
    return current != null && !broken;
  }

  @Override
  public synchronized void begin(Instant now, List<Entry> everybody) {
    current = null;
    byte[] data = everybody.isEmpty() ? new byte[0] : Pack.pack(everybody);
    long millis = now.toEpochMilli();
    long id = roomFor(() -> begin(millis, everybody, data));
    current = new Segment(id, millis, data.length);
    broken = false;
    doing(
        () -> {
          expire(millis);
          return id;
        });
  }

  private long begin(long millis, List<Entry> everybody, byte[] data) throws SQLException {
    return Connections.writing(
        writer,
        () -> {
          long next =
              Long.parseLong(Jdbc.one(writer, "SELECT coalesce(max(id), 0) + 1 FROM segment"));
          try (PreparedStatement insert =
              writer.prepareStatement("INSERT INTO segment VALUES (?, ?, ?)")) {
            insert.setLong(1, next);
            insert.setLong(2, millis);
            insert.setLong(3, millis);
            insert.executeUpdate();
          }
          if (!everybody.isEmpty()) {
            part(next, everybody.getFirst().millis(), WHOLE, data);
          }
          return next;
        });
  }

  @Override
  public synchronized void append(Instant now, List<Entry> entries) {
    if (!begun()) {
      throw new IllegalStateException("no segment was begun, or it is broken");
    }
    Segment to = current;
    // Apart, as whoever asks for news need not read all the rest.
    List<Entry> news = entries.stream().filter(e -> e.kind() != Entry.Kind.SAMPLE).toList();
    List<Entry> samples = entries.stream().filter(e -> e.kind() == Entry.Kind.SAMPLE).toList();
    byte[] first = news.isEmpty() ? new byte[0] : Pack.pack(news);
    byte[] second = samples.isEmpty() ? new byte[0] : Pack.pack(samples);
    broken = true;
    roomFor(
        () ->
            Connections.writing(
                writer,
                () -> {
                  if (!news.isEmpty()) {
                    part(to.id, news.getFirst().millis(), NEWS, first);
                  }
                  if (!samples.isEmpty()) {
                    part(to.id, samples.getFirst().millis(), SAMPLES, second);
                  }
                  try (PreparedStatement update =
                      writer.prepareStatement("UPDATE segment SET last = ? WHERE id = ?")) {
                    update.setLong(1, now.toEpochMilli());
                    update.setLong(2, to.id);
                    update.executeUpdate();
                  }
                  return to.id;
                }));
    to.grown += first.length + second.length;
    broken = false;
  }

  private void part(long segment, long first, int kind, byte[] data) throws SQLException {
    try (PreparedStatement insert =
        writer.prepareStatement(
            "INSERT INTO part (segment, first, kind, data) VALUES (?, ?, ?, ?)")) {
      insert.setLong(1, segment);
      insert.setLong(2, first);
      insert.setInt(3, kind);
      insert.setBytes(4, data);
      insert.executeUpdate();
    }
  }

  /** Does what takes room, dropping the oldest segments for it. */
  private <T> T roomFor(Doing<T> doing) {
    while (true) {
      try {
        while (used() * 100 > pages * FILLED && dropOldest()) {
          shrink();
        }
        return doing.run();
      } catch (SQLException e) {
        StoreException trouble = trouble(path, e);
        if (trouble.kind() != StoreException.Kind.FULL || PrivateFiles.isFull(path, e)) {
          throw trouble;
        }
        if (!doing(this::dropOldest)) {
          throw new StoreException(
              StoreException.Kind.FULL,
              path + " may not become as large as one picture of all servers: let it be larger",
              e);
        }
      }
    }
  }

  private long used() throws SQLException {
    return Long.parseLong(Jdbc.one(writer, "PRAGMA page_count"))
        - Long.parseLong(Jdbc.one(writer, "PRAGMA freelist_count"));
  }

  /** Whether there was one that is not being written. */
  private boolean dropOldest() throws SQLException {
    long others =
        Long.parseLong(Jdbc.one(writer, "SELECT count(*) FROM segment"))
            - (current == null ? 0 : 1);
    if (others <= 0) {
      return false;
    }
    drop("SELECT min(id) FROM segment");
    return true;
  }

  private void drop(String which) throws SQLException {
    Connections.writing(
        writer,
        () -> {
          Jdbc.execute(writer, "DELETE FROM part WHERE segment IN (" + which + ")");
          Jdbc.execute(writer, "DELETE FROM segment WHERE id IN (" + which + ")");
          return which;
        });
  }

  private void expire(long now) throws SQLException {
    drop("SELECT id FROM segment WHERE last < " + (now - limits.kept().toMillis()));
  }

  /** Gives back room that is free and more than the history may have. */
  private void shrink() throws SQLException {
    while (Long.parseLong(Jdbc.one(writer, "PRAGMA page_count")) > pages && dropOldest()) {
      Jdbc.execute(writer, "PRAGMA incremental_vacuum");
    }
  }

  // ---- read

  private interface Reading<T> {
    T from(Connection connection) throws SQLException;
  }

  private <T> T read(Reading<T> reading) {
    return doing(
        () -> {
          try (Connection reader = Connections.toRead(path, BUSY)) {
            return Connections.reading(reader, () -> reading.from(reader));
          }
        });
  }

  @Override
  public Optional<Moment> at(Instant moment) {
    long millis = moment.toEpochMilli();
    return read(
        reader -> {
          try (PreparedStatement find =
              reader.prepareStatement(
                  "SELECT id, last FROM segment WHERE began <= ? ORDER BY id DESC LIMIT 1")) {
            find.setLong(1, millis);
            try (ResultSet row = find.executeQuery()) {
              return row.next()
                  ? Optional.of(moment(reader, row.getLong(1), row.getLong(2), millis))
                  : Optional.empty();
            }
          }
        });
  }

  private Moment moment(Connection reader, long segment, long last, long millis)
      throws SQLException {
    var replay = new Replay();
    try (PreparedStatement select =
        reader.prepareStatement(
            "SELECT first, data FROM part WHERE segment = ? AND first <= ? ORDER BY id")) {
      select.setLong(1, segment);
      select.setLong(2, millis);
      try (ResultSet parts = select.executeQuery()) {
        while (parts.next()) {
          for (Entry entry : Pack.unpack(parts.getBytes(2), parts.getLong(1))) {
            if (entry.millis() <= millis) {
              replay.put(entry);
            }
          }
        }
      }
    }
    return new Moment(
        Instant.ofEpochMilli(Math.min(last, millis)),
        millis - last <= SILENCE.toMillis(),
        replay.servers());
  }

  private record Kept(long id, long began, long last) {}

  /** A change, and the server before and after it. */
  private record Told(Entry entry, Map<String, Object> before, Map<String, Object> after) {}

  @Override
  public List<Event> changes(Asked asked) {
    return read(
        reader -> {
          var found = new ArrayList<Event>();
          int skip = asked.skip();
          for (Kept segment : segments(reader, asked)) {
            long wanted = (long) skip + asked.limit() - found.size();
            if (wanted <= 0) {
              break;
            }
            var latest = new ArrayDeque<Told>();
            walk(
                reader,
                segment,
                asked,
                told -> {
                  if (latest.size() == wanted) {
                    latest.removeFirst();
                  }
                  latest.addLast(told);
                });
            for (; skip > 0 && !latest.isEmpty(); skip--) {
              latest.removeLast();
            }
            while (!latest.isEmpty()) {
              Told told = latest.removeLast();
              found.add(Replay.event(told.entry(), told.before(), told.after()));
            }
          }
          return found;
        });
  }

  @Override
  public List<Count> counts(Asked asked, int parts) {
    long from = asked.from().toEpochMilli();
    double length = Math.max(1.0, (asked.to().toEpochMilli() - from + 1) / (double) parts);
    var counts = new TreeMap<Long, Integer>();
    read(
        reader -> {
          for (Kept segment : segments(reader, asked)) {
            walk(
                reader,
                segment,
                asked,
                told ->
                    counts.merge(
                        (long) ((told.entry().millis() - from) / length), 1, Integer::sum));
          }
          return counts;
        });
    return counts.entrySet().stream()
        .map(
            part ->
                new Count(
                    Instant.ofEpochMilli(from + (long) (part.getKey() * length)), part.getValue()))
        .toList();
  }

  private static List<Kept> segments(Connection reader, Asked asked) throws SQLException {
    var segments = new ArrayList<Kept>();
    try (PreparedStatement select =
        reader.prepareStatement(
            "SELECT id, began, last FROM segment WHERE began <= ? AND last >= ?"
                + " ORDER BY id DESC")) {
      select.setLong(1, asked.to().toEpochMilli());
      select.setLong(2, asked.from().toEpochMilli());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          segments.add(new Kept(rows.getLong(1), rows.getLong(2), rows.getLong(3)));
        }
      }
    }
    return segments;
  }

  /** Tells what was news in a segment, in order; that everybody was there first is none. */
  private static void walk(Connection reader, Kept segment, Asked asked, Consumer<Told> tell)
      throws SQLException {
    long from = asked.from().toEpochMilli();
    long to = asked.to().toEpochMilli();
    var replay = new Replay();
    try (PreparedStatement select =
        reader.prepareStatement(
            "SELECT first, data, kind FROM part WHERE segment = ? AND kind <> "
                + SAMPLES
                + " AND first <= ? ORDER BY id")) {
      select.setLong(1, segment.id());
      select.setLong(2, to);
      try (ResultSet parts = select.executeQuery()) {
        while (parts.next()) {
          boolean news = parts.getInt(3) == NEWS;
          for (Entry entry : Pack.unpack(parts.getBytes(2), parts.getLong(1))) {
            Map<String, Object> before = replay.document(entry.server());
            replay.put(entry);
            Map<String, Object> after = replay.document(entry.server());
            if (news
                && entry.millis() >= from
                && entry.millis() <= to
                && asked.server().map(entry.server()::equals).orElse(true)
                && (asked.fits(before) || asked.fits(after))) {
              tell.accept(new Told(entry, before, after));
            }
          }
        }
      }
    }
  }

  @Override
  public Extent extent() {
    long bytes = 0;
    for (String end : List.of("", "-wal")) {
      Path file = path.resolveSibling(NAME + end);
      bytes += Files.exists(file) ? PrivateFiles.size(file) : 0;
    }
    long all = bytes;
    return read(
        reader -> {
          try (Statement statement = reader.createStatement();
              ResultSet row = statement.executeQuery("SELECT min(began), max(last) FROM segment")) {
            row.next();
            long from = row.getLong(1);
            Optional<Instant> since =
                row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(from));
            long to = row.getLong(2);
            return new Extent(since, since.map(s -> Instant.ofEpochMilli(to)), all);
          }
        });
  }

  @Override
  public synchronized void close() {
    doing(
        () -> {
          writer.close();
          return path;
        });
  }
}
