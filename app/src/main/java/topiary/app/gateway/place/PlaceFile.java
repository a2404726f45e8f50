package topiary.app.gateway.place;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.Json;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;

/** What is remembered, in a file of the user's settings. */
public final class PlaceFile {

  private static final String LAST = "last";
  private static final String RECENT = "recent";
  private static final String ADDRESS = "address";
  private static final String MEMBERS = "members";
  private static final int MOST = 6;

  private final Path file;

  public PlaceFile(Path file) {
    this.file = file;
  }

  /** What stands there; what cannot be read is told, and otherwise as if it were not there. */
  public Past read() {
    try {
      var json = new Fields(Json.object(Files.readAllBytes(file)));
      var recent = new ArrayList<Place.There>();
      if (json.has(RECENT)) {
        for (String addresses : json.texts(RECENT)) {
          recent.add(Place.There.parse(addresses));
        }
      }
      return new Past(
          json.has(LAST) ? Optional.of(place(json.object(LAST))) : Optional.empty(), recent, "");
    } catch (NoSuchFileException e) {
      return Past.NOTHING;
    } catch (IOException | IllegalArgumentException | BadField | Json.BadJson e) {
      return new Past(
          Optional.empty(),
          List.of(),
          file + " cannot be read, so nothing is remembered: " + words(e));
    }
  }

  private static Place place(Fields last) throws BadField {
    return last.has(ADDRESS)
        ? Place.There.parse(last.text(ADDRESS))
            .knowing(
                last.has(MEMBERS)
                    ? Place.There.parse(String.join(" ", last.texts(MEMBERS))).addresses()
                    : List.of())
            .as(last.optional("user").orElse(""), last.optional("authority").orElse(""))
        : new Place.Here(
            last.optional("user").orElse(""),
            last.made("server", InstanceKey::parse),
            last.made("tls", TlsMode::of).orElse(TlsMode.PREFERRED));
  }

  private static String words(Exception e) {
    return e instanceof IOException ? e.toString() : e.getMessage();
  }

  /**
   * Remembers a choice: all of it is there afterwards, or what was there before.
   *
   * @throws IOException when the file cannot be written
   */
  public synchronized void chosen(Place place) throws IOException {
    var recent = new ArrayList<>(read().recent());
    var last = new LinkedHashMap<String, Object>();
    switch (place) {
      case Place.Here(var user, var server, var tls) -> {
        last.put("user", user);
        last.put("tls", tls.word());
        server.ifPresent(key -> last.put("server", key.toString()));
      }
      case Place.There there -> {
        last.put(ADDRESS, there.words());
        if (!there.members().isEmpty()) {
          last.put(MEMBERS, there.members().stream().map(URI::toString).toList());
        }
        if (!there.user().isEmpty()) {
          last.put("user", there.user());
        }
        if (!there.authority().isEmpty()) {
          last.put("authority", there.authority());
        }
        recent.removeIf(r -> r.addresses().equals(there.addresses()));
        recent.addFirst(there);
      }
    }
    Map<String, Object> json = others();
    json.put(LAST, last);
    json.put(RECENT, recent.stream().limit(MOST).map(Place.There::words).toList());
    write(json);
  }

  /**
   * Remembers where the members of a cluster serve, if it is still the one that was chosen last.
   *
   * @throws IOException when the file cannot be written
   */
  public synchronized void members(List<URI> given, List<URI> members) throws IOException {
    Optional<Place> last = read().last();
    if (last.isPresent()
        && last.get() instanceof Place.There there
        && there.addresses().equals(given)) {
      chosen(there.knowing(members));
    }
  }

  /** What else stands there stays. */
  private Map<String, Object> others() throws IOException {
    try {
      return Json.object(Files.readAllBytes(file));
    } catch (NoSuchFileException | Json.BadJson e) {
      // Nothing there, or nothing that could be kept; the latter was told when it was read.
      return new LinkedHashMap<>();
    }
  }

  private void write(Map<String, Object> json) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new");
    try {
      Files.write(fresh, Json.bytes(json));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
