package topiary.app.desktop.layout;

/**
 * How an edge runs from a source's right side to a replica's left: along to the spine, up or down
 * it to the bus, along the bus to the gutter, up or down that to the replica, and in. Where two of
 * them are the same, the edge has a corner less.
 *
 * @param spine x of the vertical line beside the source
 * @param bus y of the horizontal line; that of the replica's middle when there is none
 * @param gutter x of the vertical line beside the replica
 */
public record Route(double spine, double bus, double gutter) {

  /** On the way from one route to another. */
  public Route towards(Route other, double part) {
    return new Route(
        spine + (other.spine - spine) * part,
        bus + (other.bus - bus) * part,
        gutter + (other.gutter - gutter) * part);
  }
}
