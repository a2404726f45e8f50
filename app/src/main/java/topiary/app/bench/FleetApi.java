package topiary.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** How long a node that looks at 5,000 servers takes to answer orchestrator's larger questions. */
final class FleetApi implements Measurement {

  private static final int SERVERS = 5_000;
  private static final int WARM = 5;
  private static final int RUNS = 20;

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var figures = new ArrayList<Figures>();
    try (var fleet = new Fleet(program, SERVERS)) {
      var paths = new LinkedHashMap<String, String>();
      paths.put("all instances", "/api/all-instances");
      paths.put("one cluster", "/api/cluster/instance/" + fleet.server().replace(':', '/'));
      paths.put("clusters-info", "/api/clusters-info");
      paths.put("topology of all", "/api/v1/topology");
      paths.put("clusters", "/api/v1/clusters");
      for (var path : paths.entrySet()) {
        figures.add(new Figures(path.getKey(), "ms", milliseconds(fleet, path.getValue())));
      }
    }
    return figures;
  }

  private static List<Double> milliseconds(Fleet fleet, String path) throws IOException {
    var values = new ArrayList<Double>();
    for (int i = 0; i < WARM + RUNS; i++) {
      long began = System.nanoTime();
      fleet.drain(path);
      if (i >= WARM) {
        values.add((System.nanoTime() - began) / 1e6);
      }
    }
    return values;
  }
}
