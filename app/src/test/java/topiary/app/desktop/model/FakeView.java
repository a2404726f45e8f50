package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.List;
import topiary.engine.model.InstanceKey;

/** A window that only remembers what it was to do. */
final class FakeView implements Actions.View {

  final List<String> done = new ArrayList<>();

  @Override
  public void fit() {
    done.add("fit");
  }

  @Override
  public void zoomIn() {
    done.add("zoom in");
  }

  @Override
  public void zoomOut() {
    done.add("zoom out");
  }

  @Override
  public void copy(String text) {
    done.add("copy " + text);
  }

  @Override
  public void fly(InstanceKey key) {
    done.add("fly " + key);
  }

  @Override
  public void search() {
    done.add("search");
  }

  @Override
  public void next() {
    done.add("next");
  }

  @Override
  public void copy() {
    done.add("copy");
  }

  @Override
  public void palette() {
    done.add("palette");
  }

  @Override
  public void findings() {
    done.add("findings");
  }

  @Override
  public void news() {
    done.add("news");
  }

  @Override
  public void keys() {
    done.add("keys");
  }

  @Override
  public void fleet() {
    done.add("fleet");
  }
}
