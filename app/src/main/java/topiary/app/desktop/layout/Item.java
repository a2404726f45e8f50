package topiary.app.desktop.layout;

/** What stands beside a source: a replica with all below it, or a block of leaves. */
interface Item {

  /** Where its outline begins, in columns right of the source's. */
  int column();

  /** Its right end, from the source's left, when it stands in the first column. */
  double right();

  /** How far it reaches from its middle. */
  Outline outline();

  /**
   * Takes its place.
   *
   * @param source the card it stands beside
   * @param left its left, from the source's left
   * @param middle its middle, from the source's middle
   * @param lane how the edge gets there, from the source's left and middle
   */
  void place(Part source, double left, double middle, Route lane);
}
