package topiary.app.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import topiary.app.config.BadConfig;
import topiary.app.json.Json;
import topiary.engine.model.NodeId;
import topiary.store.folder.PrivateFiles;

/** What a data folder knows of the cluster that its node is a member of: {@code member.json}. */
final class MemberFile {

  private final Path file;

  MemberFile(Path dataFolder) {
    file = dataFolder.resolve("member.json");
  }

  /**
   * A membership.
   *
   * @param cluster the cluster's id
   * @param node this node's, in that cluster and for as long as the folder lives
   * @param standing how far it has come
   */
  record Known(UUID cluster, NodeId node, Standing standing) {
    Known now(Standing other) {
      return new Known(cluster, node, other);
    }
  }

  /** How far a node has come in its cluster. */
  enum Standing {
    /** It makes the cluster. */
    FIRST,
    /** It has asked to be taken in. */
    JOINING,
    MEMBER,
    /** The others have removed it. */
    REMOVED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Standing of(Object word) {
      return valueOf(String.valueOf(word).toUpperCase(Locale.ROOT));
    }
  }

  /**
   * Reads it; empty when the folder belongs to no cluster.
   *
   * @throws BadConfig when it cannot be read
   */
  Optional<Known> read() throws BadConfig {
    try {
      Map<String, Object> json = Json.object(Files.readAllBytes(file));
      return Optional.of(
          new Known(
              UUID.fromString(String.valueOf(json.get("cluster"))),
              new NodeId(String.valueOf(json.get("node"))),
              Standing.of(json.get("standing"))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | Json.BadJson | IllegalArgumentException e) {
      throw new BadConfig(
          file
              + " cannot be read ("
              + e.getMessage()
              + "): it says which cluster this node belongs to; join with an empty data folder",
          e);
    }
  }

  /** Writes it, for good. */
  void write(Known known) {
    var json = new LinkedHashMap<String, Object>();
    json.put("cluster", known.cluster().toString());
    json.put("node", known.node().text());
    json.put("standing", known.standing().word());
    Path fresh = file.resolveSibling("member.json.new");
    PrivateFiles.createEmpty(fresh);
    try {
      Files.writeString(fresh, Json.text(json) + "\n", StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(fresh + " cannot be written: " + e.getMessage(), e);
    }
    PrivateFiles.putInPlace(fresh, file);
  }

  /** A name for a node that nobody has had before. */
  static NodeId freshId() {
    return new NodeId("n" + UUID.randomUUID().toString().replace("-", "").substring(0, 10));
  }
}
