import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javax.imageio.ImageIO;
import topiary.app.desktop.window.Icons;
import topiary.icons.AppIcon;

/**
 * Writes the program's icon in all its sizes, and as a drawing, where a desktop looks for icons.
 *
 * <p>{@code java -cp … IconFiles.java FOLDER}, the folder being that of a theme.
 */
public final class IconFiles {

  private IconFiles() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    var drawn = new CompletableFuture<List<Image>>();
    Platform.startup(
        () -> {
          try {
            drawn.complete(Icons.app());
          } catch (RuntimeException e) {
            drawn.completeExceptionally(e);
          }
        });
    for (Image image : drawn.get()) {
      write(image, folder);
    }
    Path scalable = Files.createDirectories(folder.resolve("scalable").resolve("apps"));
    Files.writeString(scalable.resolve("topiary.svg"), AppIcon.svg());
    Platform.exit();
  }

  private static void write(Image image, Path folder) throws IOException {
    int size = (int) image.getWidth();
    var pixels = new int[size * size];
    image
        .getPixelReader()
        .getPixels(0, 0, size, size, PixelFormat.getIntArgbInstance(), pixels, 0, size);
    var picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, size, size, pixels, 0, size);
    Path apps = Files.createDirectories(folder.resolve(size + "x" + size).resolve("apps"));
    ImageIO.write(picture, "png", apps.resolve("topiary.png").toFile());
  }
}
