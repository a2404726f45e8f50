package topiary.store.history;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import topiary.engine.model.InstanceKey;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

/**
 * Entries as bytes: a JSON list of time since the first, server, kind and patch, deflated by a
 * dictionary of the words that are in nearly every one, so that a single change is small too.
 */
public final class Pack {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /**
   * Never to be changed: what was packed by it is unpacked by nothing else. Last what is common.
   */
  private static final byte[] WORDS =
      ("\"flavor\":\"MariaDB\",\"flavor\":\"MySQL\",\"version\":\"8.4.\",\"versionComment\":\"MySQL"
           + " Community Server - GPL\",\"serverId\":,\"serverUuid\":\"\",\"hostname\":\"\","
           + "\"reportedAddress\":\"\",\"capabilities\":[\"CHANNELS\",\"GTID_SETS\"],"
           + "\"readOnly\":true,\"superReadOnly\":true,\"logBin\":true,\"logReplicaUpdates\":true,"
           + "\"binlogFormat\":\"ROW\",\"binlogRowImage\":\"FULL\",\"gtidStrict\":false,"
           + "\"gtidMode\":\"ON\",\"source\":\"\",\"channels\":[{\"name\":\"\",\"source\":\"\","
           + "\"user\":\"repl\",\"gtid\":\"AUTO_POSITION\",\"gtid\":\"SLAVE_POS\",\"io\":\"RUNNING\","
           + "\"sql\":\"RUNNING\",\"filtered\":false,\"tls\":true,\"delaySeconds\":0,"
           + "\"secondsBehind\":0,\"receivedGtid\":\"\",\"readPosition\":\"binlog.0000\","
           + "\"executedPosition\":\"binlog.0000\",\"relayPosition\":\"relay-bin.0000\","
           + "\"reportedReplicas\":[\"\"],\"logFile\":\"binlog.0000\",\"logOffset\":,"
           + "\"executedGtid\":\"\",\"loggedGtid\":\"\",\"purgedGtid\":\"\",\"historyGtid\":\"\",\"complaints\":[],\"ioError\":{\"code\":2003,\"message\":\"error"
           + " connecting to source 'repl@host:3306' - retry-time: 60  retries: 1 message: Can't"
           + " connect to MySQL server on 'host:3306'"
           + " (111)\"},\"sqlError\":{\"code\":1062,\"message\":\"Duplicate entry for"
           + " key\"},{\"instance\":\"\",\"host\":\"\",\"port\":3306,\"cluster\":\"c\","
           + "\"condition\":\"UNSEEN\",\"condition\":\"SEEN\",\"condition\":\"UNREACHABLE\",\"sentence\":\""
           + " refuses connections\",\"io\":\"CONNECTING\",\"sql\":\"STOPPED\","
           + "\"io\":\"STOPPED\",\"readOnly\":false,\"uptimeSeconds\":,\"latencyMillis\":0.,"
           + "\"lastAttempt\":\"2026-1\",\"lastSeen\":\"2026-1\",\"channels\":{\"0\":{"
           + "[[0,\":3306\",\"n\",{,[0,\":3306\",\"s\",{")
          .getBytes(StandardCharsets.UTF_8);

  private static final int BUFFER = 8192;

  private Pack() {}

  /** A document in as few bytes as do without unpacking; what is null in it is left out. */
  static byte[] bytes(Map<String, Object> document) {
    return MAPPER.writeValueAsBytes(withoutNulls(document));
  }

  private static Object withoutNulls(Object value) {
    if (value instanceof Map<?, ?> map) {
      var some = new LinkedHashMap<String, Object>();
      map.forEach(
          (name, inner) -> {
            if (inner != null) {
              some.put(String.valueOf(name), withoutNulls(inner));
            }
          });
      return some;
    }
    return value instanceof List<?> list ? list.stream().map(Pack::withoutNulls).toList() : value;
  }

  /** Such a document, read. */
  static Map<String, Object> document(byte[] bytes) {
    return read(bytes, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /**
   * Packs entries.
   *
   * @param entries at least one, in the order of their times
   */
  public static byte[] pack(List<Entry> entries) {
    long first = entries.getFirst().millis();
    var list = new ArrayList<Object>();
    for (Entry e : entries) {
      list.add(List.of(e.millis() - first, e.server().toString(), e.kind().sign(), e.patch()));
    }
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setDictionary(WORDS);
      deflater.setInput(MAPPER.writeValueAsBytes(list));
      deflater.finish();
      var out = new ByteArrayOutputStream();
      var buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /**
   * Unpacks entries.
   *
   * @param first when the first of them was
   * @throws StoreException of kind CORRUPT when it is not what was packed
   */
  public static List<Entry> unpack(byte[] packed, long first) {
    List<List<Object>> list =
        read(inflated(packed), new TypeReference<ArrayList<List<Object>>>() {});
    var entries = new ArrayList<Entry>();
    try {
      for (List<Object> e : list) {
        entries.add(
            new Entry(
                first + ((Number) e.get(0)).longValue(),
                InstanceKey.parse((String) e.get(1)),
                Entry.Kind.of((String) e.get(2)),
                Patch.fields((Map<?, ?>) e.get(3))));
      }
      return entries;
    } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  private static byte[] inflated(byte[] packed) {
    var inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      // Without a header, nothing asks for it.
      inflater.setDictionary(WORDS);
      var out = new ByteArrayOutputStream();
      var buffer = new byte[BUFFER];
      while (!inflater.finished()) {
        int got = inflater.inflate(buffer);
        if (got == 0 && !inflater.finished()) {
          throw damaged(null);
        }
        out.write(buffer, 0, got);
      }
      return out.toByteArray();
    } catch (DataFormatException | IllegalArgumentException e) {
      throw damaged(e);
    } finally {
      inflater.end();
    }
  }

  private static <T> T read(byte[] json, TypeReference<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JacksonException e) {
      throw damaged(e);
    }
  }

  private static StoreException damaged(Exception cause) {
    return new StoreException(Kind.CORRUPT, "a part of the history is not what was written", cause);
  }
}
