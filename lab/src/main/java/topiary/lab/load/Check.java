package topiary.lab.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import topiary.lab.Lab;
import topiary.lab.Member;
import topiary.lab.MemberStatus;
import topiary.lab.base.Parallel;

/** The ledger of a lab against the rows that its members have. */
public final class Check {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int SHOWN = 10;

  private Check() {}

  /**
   * The verdict on one member.
   *
   * @param acknowledged rows that some server acknowledged
   * @param present rows that this member has
   * @param missing acknowledged rows that it has not
   * @param firstMissing the first few of them
   * @param fault why it could not be asked; empty when it could
   */
  public record Result(
      String member,
      int acknowledged,
      int present,
      int missing,
      List<Integer> firstMissing,
      String fault) {
    /** Whether it was asked and has every acknowledged row. */
    public boolean complete() {
      return fault.isEmpty() && missing == 0;
    }
  }

  /**
   * Compares every member, in the order of the tree. Rows acknowledged after the call began are
   * left out.
   *
   * @param patience how long a replica may take to get what the writable member has
   */
  public static List<Result> all(Lab lab, Duration patience) {
    return all(lab, patience, List.of());
  }

  /**
   * The same.
   *
   * @param left members that are not asked, and not waited for
   */
  public static List<Result> all(Lab lab, Duration patience, List<String> left) {
    BitSet acknowledged = Ledger.read(Load.ledgerFile(lab)).acknowledged();
    // Asked after the ledger was read, so this position covers every row in it.
    Optional<String> position =
        lab.status(LOOK).stream()
            .filter(MemberStatus::writable)
            .findFirst()
            .flatMap(MemberStatus::view)
            .map(v -> v.position());
    return Parallel.map(
        lab.members().stream().filter(m -> !left.contains(m.name())).toList(),
        m -> one(lab, m, acknowledged, position, patience));
  }

  private static Result one(
      Lab lab, Member member, BitSet acknowledged, Optional<String> position, Duration patience) {
    int expected = acknowledged.cardinality();
    if (member.state() != Member.State.RUNNING) {
      String fault = member.state() == Member.State.HUNG ? "hung" : "not running";
      return new Result(member.name(), expected, 0, 0, List.of(), fault);
    }
    try {
      BitSet present = rows(lab, member.name());
      BitSet missing = minus(acknowledged, present);
      if (!missing.isEmpty() && position.isPresent()) {
        lab.awaitPosition(member.name(), position.get(), patience);
        present = rows(lab, member.name());
        missing = minus(acknowledged, present);
      }
      return new Result(
          member.name(),
          expected,
          present.cardinality(),
          missing.cardinality(),
          missing.stream().limit(SHOWN).boxed().toList(),
          "");
    } catch (SQLException e) {
      return new Result(
          member.name(), expected, 0, 0, List.of(), "cannot be asked: " + e.getMessage());
    }
  }

  private static BitSet minus(BitSet all, BitSet some) {
    var rest = (BitSet) all.clone();
    rest.andNot(some);
    return rest;
  }

  private static BitSet rows(Lab lab, String member) throws SQLException {
    var rows = new BitSet();
    try (var connection = lab.connection(member, ANSWER);
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "SELECT 1 FROM information_schema.tables WHERE table_schema='lab' AND"
                    + " table_name='ledger'")) {
      if (!found.next()) {
        return rows;
      }
      try (var ids = statement.executeQuery("SELECT id FROM lab.ledger")) {
        while (ids.next()) {
          rows.set(ids.getInt(1));
        }
      }
    }
    return rows;
  }
}
