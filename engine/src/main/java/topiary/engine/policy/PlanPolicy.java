package topiary.engine.policy;

import java.time.Duration;

/**
 * How long the steps of a plan may take.
 *
 * @param statement one statement on a server
 * @param drain a replica applying what it has received
 * @param catchUp a new source reaching where its new replica stands
 * @param connect a replica connecting to its new source
 * @param quiet a primary coming to refuse writes, and then its successor getting the last of them:
 *     for so long each nobody writes
 */
public record PlanPolicy(
    Duration statement, Duration drain, Duration catchUp, Duration connect, Duration quiet) {

  public static final PlanPolicy DEFAULT =
      new PlanPolicy(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5));

  /** One by which writing is interrupted for as long as is usual. */
  public PlanPolicy(Duration statement, Duration drain, Duration catchUp, Duration connect) {
    this(statement, drain, catchUp, connect, DEFAULT.quiet);
  }
}
