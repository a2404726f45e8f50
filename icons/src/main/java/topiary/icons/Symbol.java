package topiary.icons;

/** Our own signs for what can be done: lines, drawn in a square, to be stroked with round ends. */
public enum Symbol {
  MOVE("M3 2.5v5.5a3 3 0 0 0 3 3h7M10 8l3 3l-3 3"),
  START("M5 3l8 5l-8 5Z"),
  STOP("M4 4h8v8h-8Z"),
  LOCK("M4 7.5h8v5.5h-8ZM5.5 7.5v-2.3a2.5 2.5 0 0 1 5 0v2.3"),
  PENCIL("M3 13l0.8-3l6.7-6.7l2.2 2.2l-6.7 6.7ZM9 4.8l2.2 2.2"),
  COPY("M6 6h7v7h-7ZM10 6v-3h-7v7h3"),
  UNDO("M3 6h6.5a3.5 3.5 0 0 1 0 7h-3.5M6 3l-3 3l3 3"),
  FIT("M3 6v-3h3M10 3h3v3M13 10v3h-3M6 13h-3v-3"),
  ZOOM_IN("M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM10.3 10.3l3.5 3.5M7 5v4M5 7h4"),
  ZOOM_OUT("M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM10.3 10.3l3.5 3.5M5 7h4"),
  SEARCH("M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM10.3 10.3l3.5 3.5"),
  NEXT("M8 3v10M4 9l4 4l4-4"),
  PANEL("M1.8 3h12.4v10h-12.4ZM10 3v10"),
  FOLD("M2 3.5h4.5v4h-4.5ZM9.5 2.5h4.5M9.5 5.5h4.5M9.5 8.5h4.5M6.5 5.5h3M4.2 10.5l2 2l2-2"),
  COMMAND("M3 4l4 4l-4 4M8.5 12h4.5"),
  BELL("M3.5 11.5h9M4.8 11.5v-4.3a3.2 3.2 0 0 1 6.4 0v4.3M8 4v-1.5M7 13.8h2"),
  ALERT("M8 2.5l6 10.5h-12ZM8 6.5v3M8 11.3h0.01"),
  KEYBOARD("M1.5 4h13v8h-13ZM4 6.7h0.01M6.7 6.7h0.01M9.3 6.7h0.01M12 6.7h0.01M5 9.4h6"),
  SUN(
      "M8 5.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3"
          + "M3.4 3.4l0.9 0.9M11.7 11.7l0.9 0.9M3.4 12.6l0.9-0.9M11.7 4.3l0.9-0.9"),
  MOON("M13 9.5a5.5 5.5 0 1 1-6.5-6.5a4.5 4.5 0 0 0 6.5 6.5Z"),
  SCREEN("M2 3h12v8h-12ZM6 13.5h4M8 11v2.5"),
  CONTRAST("M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11ZM8 2.5v11M10.5 4v8"),
  SERVER("M3 3h10v4h-10ZM3 9h10v4h-10ZM5.5 5h0.01M5.5 11h0.01"),
  CLUSTER("M2.5 6.5h3v3h-3ZM10.5 2.5h3v3h-3ZM10.5 10.5h3v3h-3ZM5.5 8h2.5M8 4v8M8 4h2.5M8 12h2.5"),
  NODES(
      "M6.2 2.5h3.6v3.2h-3.6ZM1.8 10.3h3.6v3.2h-3.6ZM10.6 10.3h3.6v3.2h-3.6ZM6.9 5.7l-2.4 4.6M9.1"
          + " 5.7l2.4 4.6M5.4 11.9h5.2"),
  LEAD("M2.5 12.5h11M2.5 10.5l-0.7-6l3.4 2.5l2.8-4l2.8 4l3.4-2.5l-0.7 6Z"),
  CLOSE("M4.5 4.5l7 7M11.5 4.5l-7 7"),
  ADD("M8 3v10M3 8h10"),
  REMOVE("M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l0.7 9h5.6l0.7-9"),
  PULSE("M1.5 8.5h3l1.8-5l3.2 9l1.8-4h3.2"),
  CONNECT("M5 2.5v3.5M11 2.5v3.5M3.5 6h9v2a4.5 4.5 0 0 1-9 0ZM8 12.5v2");

  /** The side of the square they are drawn in. */
  public static final int SIZE = 16;

  private final String path;

  Symbol(String path) {
    this.path = path;
  }

  /** Its lines, as the path of an SVG document. */
  public String path() {
    return path;
  }
}
