package topiary.app.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * By which it is seen that files have changed, without reading them.
 *
 * @param marks one for each file
 */
record Stamp(List<Object> marks) {

  private record Mark(Object time, long size, Object key) {}

  static Stamp of(List<Path> files) {
    var marks = new ArrayList<>();
    for (Path file : files) {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        marks.add(
            new Mark(
                attributes.lastModifiedTime(),
                attributes.size(),
                String.valueOf(attributes.fileKey())));
      } catch (IOException e) {
        // That it is gone is a change as well; reading it will say so.
        marks.add(e.getClass().getName());
      }
    }
    return new Stamp(marks);
  }
}
