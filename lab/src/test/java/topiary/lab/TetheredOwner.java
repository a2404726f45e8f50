package topiary.lab;

import java.io.IOException;
import java.nio.file.Path;
import topiary.lab.base.Cache;

/** A program that holds a tethered lab until it is killed. */
final class TetheredOwner {
  private TetheredOwner() {}

  /** Arguments: cache, name, tree. */
  public static void main(String[] args) throws IOException {
    Lab lab = Lab.start(LabSpec.of(Cache.at(Path.of(args[0])), args[1], args[2]));
    System.out.println("up " + lab.members().size());
    int end = System.in.read();
    System.out.println("asked to end: " + end);
  }
}
