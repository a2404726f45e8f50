package topiary.lab.sim;

import java.util.ArrayList;
import java.util.List;

/** A server's binary log: how many transactions it has had, and where each file of it began. */
final class Log {

  /** Bytes of a transaction. */
  static final long TRANSACTION = 310;

  private static final long MOST = 1L << 30;

  private final long header;

  /** Of each file the number of transactions before it. */
  private final List<Long> files = new ArrayList<>(List.of(0L));

  private long transactions;

  /** The name of the file it writes, and which one that is. */
  private String newest = "";

  private int named = -1;

  /** The first file that is there still. */
  private int first;

  /** A file and a place in it. */
  record Position(String file, long offset) {
    static final Position NONE = new Position("", 4);
  }

  Log(Kind kind) {
    header = kind.maria() ? 363 : 199;
  }

  void add(long count) {
    transactions += count;
    while (size(files.size() - 1) > MOST) {
      files.add(files.getLast() + (MOST - header) / TRANSACTION);
    }
  }

  void rotate() {
    files.add(transactions);
  }

  /** Begins anew. */
  void reset() {
    files.clear();
    files.add(0L);
    transactions = 0;
    first = 0;
  }

  /** Deletes the files before one that it has. */
  void purge(int to) {
    first = to;
  }

  /** The first file that is there, counted from 0 as all are. */
  int first() {
    return first;
  }

  /** The number of a file that is there; negative for none. */
  int number(String file) {
    for (int i = first; i < files.size(); i++) {
      if (name(i).equals(file)) {
        return i;
      }
    }
    return -1;
  }

  Position end() {
    int file = files.size() - 1;
    if (named != file) {
      newest = name(file);
      named = file;
    }
    return new Position(newest, size(file));
  }

  int count() {
    return files.size();
  }

  /** The name of a file, counted from 0. */
  static String name(int file) {
    return "bin.%06d".formatted(file + 1);
  }

  /** The bytes of a file, counted from 0. */
  long size(int file) {
    long end = file + 1 < files.size() ? files.get(file + 1) : transactions;
    return header + (end - files.get(file)) * TRANSACTION;
  }
}
