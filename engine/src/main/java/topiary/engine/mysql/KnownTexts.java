package topiary.engine.mysql;

import com.mysql.cj.CacheAdapter;
import com.mysql.cj.CacheAdapterFactory;
import com.mysql.cj.QueryInfo;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;

/**
 * What the driver has found reading the texts of questions, kept once for all connections: all ask
 * the same few, in the same encoding. The driver makes one by its name. Thread-safe.
 */
public final class KnownTexts implements CacheAdapterFactory<String, QueryInfo> {

  /** Beyond so many texts, which only some that are never the same have, none is remembered. */
  private static final int MOST = 1_000;

  private static final Map<String, QueryInfo> KNOWN = new ConcurrentHashMap<>();

  /** Made by the driver. */
  public KnownTexts() {
    // All of them share what is known.
  }

  @Override
  public CacheAdapter<String, QueryInfo> getInstance(
      Lock lock, String url, int cacheMaxSize, int maxKeySize) {
    return new Shared();
  }

  private static final class Shared implements CacheAdapter<String, QueryInfo> {

    @Override
    public QueryInfo get(String sql) {
      return sql == null ? null : KNOWN.get(sql);
    }

    @Override
    public void put(String sql, QueryInfo found) {
      if (sql != null && found != null && KNOWN.size() < MOST) {
        KNOWN.putIfAbsent(sql, found);
      }
    }

    @Override
    public void invalidate(String sql) {
      KNOWN.remove(sql);
    }

    @Override
    public void invalidateAll(Set<String> texts) {
      KNOWN.keySet().removeAll(texts);
    }

    @Override
    public void invalidateAll() {
      KNOWN.clear();
    }
  }
}
