package topiary.engine.catalogue;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;

/** The arguments of one call, checked against the operation's declaration. */
public final class Arguments {

  private final Operation operation;
  private final Map<String, String> values;

  private Arguments(Operation operation, Map<String, String> values) {
    this.operation = operation;
    this.values = values;
  }

  /**
   * Checks a call.
   *
   * @throws BadArgument when one is missing or not declared
   */
  public static Arguments of(Operation operation, Map<String, String> values) throws BadArgument {
    for (String given : values.keySet()) {
      if (operation.argument(given).isEmpty()) {
        throw new BadArgument(operation.name() + " takes no argument \"" + given + "\"");
      }
    }
    for (Argument argument : operation.arguments()) {
      String value = values.get(argument.name());
      if (argument.required() && (value == null || value.isBlank())) {
        throw new BadArgument(
            operation.name() + " needs \"" + argument.name() + "\": " + argument.help());
      }
    }
    return new Arguments(operation, new TreeMap<>(values));
  }

  /**
   * A server's address.
   *
   * @throws BadArgument when it is none
   */
  public InstanceKey instance(String name) throws BadArgument {
    try {
      return InstanceKey.parse(text(name).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new BadArgument(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * A plan's id, when given.
   *
   * @throws BadArgument when it is none
   */
  public Optional<PlanId> plan(String name) throws BadArgument {
    Optional<String> text = text(name);
    try {
      return text.map(PlanId::new);
    } catch (IllegalArgumentException e) {
      throw new BadArgument(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * A whole number from 0 to a limit.
   *
   * @throws BadArgument when it is none
   */
  public int number(String name, int otherwise, int limit) throws BadArgument {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= 0 && number <= limit) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new BadArgument(name + " is a whole number from 0 to " + limit, e);
    }
    throw new BadArgument(name + " is a whole number from 0 to " + limit);
  }

  /** What was given, as it was given; empty when left out. */
  public Optional<String> text(String name) {
    if (operation.argument(name).isEmpty()) {
      throw new IllegalArgumentException(operation.name() + " declares no argument " + name);
    }
    return Optional.ofNullable(values.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
