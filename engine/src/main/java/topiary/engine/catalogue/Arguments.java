package topiary.engine.catalogue;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Way;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Rule;
import topiary.engine.said.Span;
import topiary.engine.said.TagQuery;

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
    return made(name, PlanId::new);
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

  /**
   * A moment, when given.
   *
   * @throws BadArgument when it is none
   */
  public Optional<Instant> moment(String name) throws BadArgument {
    Optional<String> text = text(name);
    try {
      return text.map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
    } catch (DateTimeParseException e) {
      throw new BadArgument(
          name + " is a moment with its offset from UTC, as in 2026-11-27T03:12:00Z", e);
    }
  }

  /**
   * A span of time, when given.
   *
   * @throws BadArgument when it is none
   */
  public Optional<Duration> span(String name) throws BadArgument {
    return made(name, Span::parse);
  }

  /**
   * A promotion rule.
   *
   * @throws BadArgument when it is none
   */
  public Rule rule(String name, Rule otherwise) throws BadArgument {
    return made(name, Rule::parse).orElse(otherwise);
  }

  /**
   * How a replica is to find its place.
   *
   * @throws BadArgument when it is no such way
   */
  public Way way(String name) throws BadArgument {
    return made(name, Way::parse).orElse(Way.AUTO);
  }

  /**
   * A tag that is named.
   *
   * @throws BadArgument when it is none, or a negation
   */
  public TagQuery tag(String name) throws BadArgument {
    return made(name, TagQuery::plain).orElseThrow();
  }

  /**
   * What is so of tags.
   *
   * @throws BadArgument when it is not to be read
   */
  public List<TagQuery> tags(String name) throws BadArgument {
    return made(name, TagQuery::all).orElseThrow();
  }

  /**
   * Several addresses, with commas between; none when it is left out.
   *
   * @throws BadArgument when one is none
   */
  public List<InstanceKey> instances(String name) throws BadArgument {
    return made(
            name,
            text ->
                Arrays.stream(text.split(","))
                    .filter(one -> !one.isBlank())
                    .map(InstanceKey::parse)
                    .toList())
        .orElse(List.of());
  }

  private <T> Optional<T> made(String name, Function<String, T> maker) throws BadArgument {
    try {
      return text(name).map(maker);
    } catch (IllegalArgumentException e) {
      throw new BadArgument(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Whether a switch is on; off when left out.
   *
   * @throws BadArgument when it is neither
   */
  public boolean on(String name) throws BadArgument {
    Optional<String> text = text(name);
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      throw new BadArgument(name + " is true or false");
    }
    return text.isPresent() && text.get().equals("true");
  }

  /**
   * Replicas, each with the source it is to have.
   *
   * @throws BadArgument when it is not of that form, or a server is to be moved twice
   */
  public Intent.Moves moves(String name) throws BadArgument {
    return made(name, Arguments::parsedMoves).orElseThrow();
  }

  private static Intent.Moves parsedMoves(String text) {
    return new Intent.Moves(
        Arrays.stream(text.split(",", -1))
            .map(
                move -> {
                  String[] sides = move.split("=", -1);
                  if (sides.length != 2) {
                    throw new IllegalArgumentException(
                        "\"" + move + "\" is not of the form replica=source");
                  }
                  return new Intent.Relocate(
                      InstanceKey.parse(sides[0].strip()), InstanceKey.parse(sides[1].strip()));
                })
            .toList());
  }

  /**
   * The name of a recovery.
   *
   * @throws BadArgument when it is none
   */
  public RecoveryId recovery(String name) throws BadArgument {
    try {
      return new RecoveryId(text(name).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new BadArgument(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Whose death a recovery is for; empty for anybody's.
   *
   * @throws BadArgument when it is neither
   */
  public Optional<RecoveryKind> kind(String name) throws BadArgument {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (text.get()) {
      case "primary" -> Optional.of(RecoveryKind.PRIMARY);
      case "intermediate" -> Optional.of(RecoveryKind.INTERMEDIATE);
      default ->
          throw new BadArgument(
              name + ": \"" + text.get() + "\" is neither primary nor intermediate");
    };
  }

  /** What was given, as it was given; empty when left out. */
  public Optional<String> text(String name) {
    if (operation.argument(name).isEmpty()) {
      throw new IllegalArgumentException(operation.name() + " declares no argument " + name);
    }
    return Optional.ofNullable(values.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
