package topiary.app.text;

/** Colour for terminals, or none. */
public enum Ink {
  PLAIN(false),
  COLOUR(true);

  private final boolean on;

  Ink(boolean on) {
    this.on = on;
  }

  String good(String text) {
    return wrap("32", text);
  }

  String warn(String text) {
    return wrap("33", text);
  }

  String bad(String text) {
    return wrap("31", text);
  }

  String strong(String text) {
    return wrap("1", text);
  }

  String faint(String text) {
    return wrap("2", text);
  }

  private String wrap(String code, String text) {
    return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
