package topiary.app.gateway.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;

/** What is remembered, and what becomes of a file that is not as it should be. */
class PlaceFileTest {

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve("settings").resolve("desktop.json");
  }

  private static Place.There node(int port) {
    return new Place.There(URI.create("http://127.0.0.1:" + port));
  }

  @Test
  void nothingIsRememberedAtFirst() {
    assertEquals(Past.NOTHING, new PlaceFile(path()).read());
  }

  @Test
  void theLastChoiceAndTheLatestNodesAreRemembered() throws IOException {
    var file = new PlaceFile(path());
    for (int port = 1; port <= 8; port++) {
      file.chosen(node(port));
    }
    file.chosen(node(5));
    assertEquals(Optional.of(node(5)), file.read().last());
    assertEquals(List.of(5, 8, 7, 6, 4, 3), ports(file.read()));
    var here =
        new Place.Here(
            "topiary", Optional.of(InstanceKey.parse("db1:3307")), TlsMode.VERIFY_IDENTITY);
    file.chosen(here);
    assertEquals(Optional.of(here), file.read().last());
    assertEquals(6, file.read().recent().size());
    assertEquals("", file.read().trouble());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
    try (var all = Files.list(path().getParent())) {
      assertEquals(List.of(path()), all.toList(), "nothing else is left there");
    }
  }

  private static List<Integer> ports(Past past) {
    return past.recent().stream().map(p -> p.addresses().getFirst().getPort()).toList();
  }

  @Test
  void severalNodesOfOneClusterAreOnePlaceAndTheirFellowsAreKeptBesideThem() throws IOException {
    var file = new PlaceFile(path());
    var two = Place.There.parse(" db1:3000, https://db2:3000/api db1:3000");
    assertEquals("http://db1:3000, https://db2:3000", two.words());
    file.chosen(two);
    file.members(two.addresses(), List.of(URI.create("http://db3:3000")));
    var known = two.knowing(List.of(URI.create("http://db3:3000")));
    assertEquals(Optional.of(known), file.read().last());
    assertEquals(List.of(two), file.read().recent());
    file.chosen(node(1));
    file.members(two.addresses(), List.of(URI.create("http://db4:3000")));
    assertEquals(Optional.of(node(1)), file.read().last(), "another was chosen meanwhile");
    assertEquals(List.of(node(1), two), file.read().recent());
    assertEquals("", file.read().trouble());
  }

  @Test
  void whatOthersKeepThereStays() throws IOException {
    Files.createDirectories(path().getParent());
    Files.writeString(path(), "{\"window\": {\"dark\": true}}");
    new PlaceFile(path()).chosen(node(1));
    assertTrue(Files.readString(path()).contains("\"window\":{\"dark\":true}"));
    assertEquals(Optional.of(node(1)), new PlaceFile(path()).read().last());
  }

  @Test
  void aDamagedFileIsToldAndTreatedAsAbsent() throws IOException {
    Files.createDirectories(path().getParent());
    for (String damaged :
        List.of(
            "",
            "[]",
            "{\"recent\": 7}",
            "{\"recent\": [\"ftp://x\"]}",
            "{\"last\": \"x\"}",
            "{\"last\": {\"user\": \"u\", \"server\": \"db1:x\"}}")) {
      Files.writeString(path(), damaged);
      Past past = new PlaceFile(path()).read();
      assertEquals(Optional.empty(), past.last(), damaged);
      assertTrue(
          past.trouble().startsWith(path() + " cannot be read, so nothing is remembered: "),
          past.trouble());
      new PlaceFile(path()).chosen(node(1));
      assertEquals("", new PlaceFile(path()).read().trouble(), damaged);
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsAnError() throws IOException {
    Files.writeString(folder.resolve("settings"), "in the way");
    assertThrows(IOException.class, () -> new PlaceFile(path()).chosen(node(1)));
  }
}
