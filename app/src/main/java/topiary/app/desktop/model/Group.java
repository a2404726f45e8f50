package topiary.app.desktop.model;

/** What belongs together: a menu, a part of the palette, a part of the sheet of keys. */
public enum Group {
  SERVER("Server"),
  /** Moves of several servers, or of one by its place; within {@link #SERVER} as well. */
  RESHAPE("Reshape"),
  /** What is done more rarely with a server; within {@link #SERVER} where space is scarce. */
  UPKEEP("Upkeep"),
  CLUSTER("Cluster"),
  EDIT("Edit"),
  NODES("Nodes"),
  VIEW("View"),
  WINDOW("Window"),
  /** Shown as a menu within {@link #WINDOW}, of which one entry is chosen. */
  APPEARANCE("Appearance"),
  HELP("Help");

  private final String title;

  Group(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
