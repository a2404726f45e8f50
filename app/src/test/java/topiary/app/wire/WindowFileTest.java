package topiary.app.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.desktop.model.Appearance;
import topiary.app.desktop.model.WindowSettings;

/** The file the window's settings are kept in. */
class WindowFileTest {

  @TempDir private Path folder;

  @Test
  void whatIsKeptIsReadAgain() throws IOException {
    Path own = folder.resolve("new");
    var file = new WindowFile(own.resolve("window.json"));
    assertEquals(new WindowSettings.Loaded(WindowSettings.DEFAULT, ""), file.load());
    var settings =
        new WindowSettings(
            Appearance.DARK,
            false,
            Optional.of(new WindowSettings.Place(-8, 20, 1200.5, 800, true)));
    assertEquals("", file.save(new WindowSettings(Appearance.LIGHT, true, Optional.empty())));
    assertEquals("", file.save(settings));
    assertEquals(new WindowSettings.Loaded(settings, ""), file.load());
    try (var left = Files.list(own)) {
      assertEquals(1, left.count(), "no half-written file is left");
    }
  }

  @Test
  void aFileOfAnOlderVersionTellsOfWhatBreaks() throws IOException {
    Path path = folder.resolve("window.json");
    Files.writeString(path, "{\"appearance\": \"dark\"}");
    assertEquals(
        new WindowSettings.Loaded(new WindowSettings(Appearance.DARK, true, Optional.empty()), ""),
        new WindowFile(path).load());
  }

  @Test
  void aDamagedFileIsTheDefaultsAndIsSaid() throws IOException {
    Path path = folder.resolve("window.json");
    var file = new WindowFile(path);
    for (String damaged :
        List.of(
            "",
            "{",
            "null",
            "{}",
            "{\"appearance\": \"pink\"}",
            "{\"appearance\": 7}",
            "{\"appearance\": \"dark\", \"width\": \"wide\"}",
            "{\"appearance\": \"dark\", \"width\": 3}")) {
      Files.writeString(path, damaged);
      assertEquals(WindowSettings.DEFAULT, file.load().settings(), damaged);
      assertEquals(
          "The window's settings in " + path + " cannot be read, so these are the defaults.",
          file.load().trouble());
    }
  }

  @Test
  void whatCannotBeWrittenIsSaid() throws IOException {
    Path noFolder = Files.writeString(folder.resolve("file"), "");
    String trouble = new WindowFile(noFolder.resolve("window.json")).save(WindowSettings.DEFAULT);
    assertTrue(trouble.startsWith("The window's settings cannot be kept in "), trouble);
  }

  @Test
  void itIsWhereTheUsersSettingsAre() {
    assertEquals(
        Path.of("/x/topiary/window.json"), WindowFile.place(Map.of("XDG_CONFIG_HOME", "/x")));
    Path home = Path.of(System.getProperty("user.home"), ".config", "topiary", "window.json");
    assertEquals(home, WindowFile.place(Map.of()));
    assertEquals(home, WindowFile.place(Map.of("XDG_CONFIG_HOME", "relative")));
  }
}
