package topiary.app.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import topiary.app.desktop.model.Appearance;
import topiary.app.desktop.model.WindowSettings;
import topiary.app.json.Json;

/** The file in which the window remembers how it looked and where it was. */
final class WindowFile implements WindowSettings.Store {

  private final Path file;

  WindowFile(Path file) {
    this.file = file;
  }

  /** Where it is for the user of this process. */
  static Path place(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder =
        config.isEmpty() || !Path.of(config).isAbsolute()
            ? Path.of(System.getProperty("user.home"), ".config")
            : Path.of(config);
    return folder.resolve("topiary").resolve("window.json");
  }

  @Override
  public WindowSettings.Loaded load() {
    try {
      return new WindowSettings.Loaded(read(Json.object(Files.readAllBytes(file))), "");
    } catch (NoSuchFileException e) {
      return new WindowSettings.Loaded(WindowSettings.DEFAULT, "");
    } catch (IOException | Json.BadJson | IllegalArgumentException e) {
      return new WindowSettings.Loaded(
          WindowSettings.DEFAULT,
          "The window's settings in " + file + " cannot be read, so these are the defaults.");
    }
  }

  private static WindowSettings read(Map<String, Object> from) {
    if (!(from.get("appearance") instanceof String appearance)) {
      throw new IllegalArgumentException("no appearance");
    }
    Optional<WindowSettings.Place> place =
        from.containsKey("width")
            ? Optional.of(
                new WindowSettings.Place(
                    number(from, "x"),
                    number(from, "y"),
                    number(from, "width"),
                    number(from, "height"),
                    Boolean.TRUE.equals(from.get("maximised"))))
            : Optional.empty();
    return new WindowSettings(
        Appearance.valueOf(appearance.toUpperCase(Locale.ROOT)),
        // Files of older versions do not have it.
        !Boolean.FALSE.equals(from.get("outside")),
        place);
  }

  private static double number(Map<String, Object> from, String name) {
    if (from.get(name) instanceof Number n && Double.isFinite(n.doubleValue())) {
      return n.doubleValue();
    }
    throw new IllegalArgumentException("no number: " + name);
  }

  @Override
  public String save(WindowSettings settings) {
    var out = new LinkedHashMap<String, Object>();
    out.put("appearance", settings.appearance().name().toLowerCase(Locale.ROOT));
    out.put("outside", settings.outside());
    settings
        .place()
        .ifPresent(
            p -> {
              out.put("x", p.x());
              out.put("y", p.y());
              out.put("width", p.width());
              out.put("height", p.height());
              out.put("maximised", p.maximised());
            });
    try {
      Files.createDirectories(file.getParent());
      Path next = Files.createTempFile(file.getParent(), "window", ".tmp");
      try {
        Files.write(next, Json.bytes(out));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(next);
      }
      return "";
    } catch (IOException e) {
      return "The window's settings cannot be kept in " + file + ": " + e.getMessage() + ".";
    }
  }
}
