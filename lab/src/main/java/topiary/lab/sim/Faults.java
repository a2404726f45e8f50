package topiary.lab.sim;

import java.util.ArrayList;
import java.util.List;
import topiary.lab.sql.Expr;
import topiary.lab.sql.Statement;

/**
 * What goes wrong with simulated servers, as procedures that every one of them has: {@code CALL
 * lab.kill('127.77.0.5')}.
 */
final class Faults {

  private Faults() {}

  static void call(SimFleet fleet, Server asked, Statement.Call call, Eval eval)
      throws Refused, Later {
    var values = new ArrayList<Object>();
    for (Expr argument : call.arguments()) {
      values.add(eval.value(argument));
    }
    long now = eval.now();
    switch (call.name()) {
      case "lab.kill" -> server(fleet, asked, values, 1).kill(now);
      case "lab.hang" -> server(fleet, asked, values, 1).hang(now);
      case "lab.revive" -> server(fleet, asked, values, 1).revive(now);
      case "lab.fail" -> server(fleet, asked, values, 1).fail(now);
      case "lab.lag" -> server(fleet, asked, values, 2).lag(number(values), now);
      case "lab.errant" -> server(fleet, asked, values, 2).errant(number(values), now);
      case "lab.writes" -> server(fleet, asked, values, 2).writes(number(values), now);
      case "lab.stop_receiver" -> server(fleet, asked, values, 1).threads(false, true, false, now);
      case "lab.stop_applier" -> server(fleet, asked, values, 1).threads(false, false, true, now);
      case "lab.heal" -> heal(fleet, asked, values, now);
      default -> throw new Refused(1305, "42000", "PROCEDURE " + call.name() + " does not exist");
    }
  }

  private static void heal(SimFleet fleet, Server asked, List<Object> values, long now)
      throws Refused {
    List<Server> all =
        values.isEmpty() ? List.copyOf(fleet.servers()) : List.of(server(fleet, asked, values, 1));
    for (Server server : all) {
      server.revive(now);
      server.lag(0, now);
      server.threads(true, true, true, now);
    }
  }

  /**
   * The server that the first argument names, at the port of the one that is asked unless it says
   * another.
   */
  private static Server server(SimFleet fleet, Server asked, List<Object> values, int count)
      throws Refused {
    if (values.size() != count) {
      throw new Refused(
          1318,
          "42000",
          "Incorrect number of arguments for PROCEDURE; expected "
              + count
              + ", got "
              + values.size());
    }
    String name = String.valueOf(values.getFirst());
    Server found = fleet.find(new Address(name, asked.address().port()));
    if (found == null && name.matches(".+:[0-9]{1,5}")) {
      found = fleet.find(Address.parse(name));
    }
    if (found == null) {
      throw new Refused(1644, "45000", "there is no simulated server at " + name);
    }
    return found;
  }

  private static int number(List<Object> values) throws Refused {
    if (values.get(1) instanceof Long number && number >= 0 && number <= 1_000_000_000) {
      return number.intValue();
    }
    throw new Refused(1644, "45000", "the second argument has to be a whole number");
  }
}
