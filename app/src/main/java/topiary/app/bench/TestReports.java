package topiary.app.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The reports that Maven's test plugins have written below a build's folder. */
final class TestReports {

  private static final PathMatcher REPORTS =
      FileSystems.getDefault()
          .getPathMatcher("glob:*/target/{surefire,failsafe}-reports*/TEST-*.xml");

  /** From a build's folder to a report. */
  private static final int DEPTH = 4;

  private TestReports() {}

  /**
   * One test.
   *
   * @param name as the report has it
   * @param seconds how long it took
   */
  record Case(String name, double seconds) {}

  /**
   * The tests of one class, run together.
   *
   * @param module the folder of its module; of a second run of the module what that is called
   * @param name of the class
   * @param seconds how long all took, what they share included
   * @param written when it was reported
   */
  record Suite(String module, String name, double seconds, Instant written, List<Case> cases) {
    Suite {
      cases = List.copyOf(cases);
    }
  }

  /**
   * Reads them.
   *
   * @throws IOException when one cannot be read; the message names it
   */
  static List<Suite> below(Path build) throws IOException {
    List<Path> files;
    try (Stream<Path> all =
        Files.find(build, DEPTH, (path, is) -> REPORTS.matches(build.relativize(path)))) {
      files = all.toList();
    }
    var suites = new ArrayList<Suite>();
    for (Path file : files) {
      suites.add(read(build, file));
    }
    suites.sort(Comparator.comparing(Suite::module).thenComparing(Suite::name));
    return suites;
  }

  private static Suite read(Path build, Path file) throws IOException {
    Path inside = build.relativize(file);
    String folder = inside.getName(2).toString();
    int mark = folder.indexOf("-reports");
    String module = inside.getName(0) + folder.substring(mark + "-reports".length());
    try (InputStream in = Files.newInputStream(file)) {
      XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      String name = "";
      double seconds = 0;
      var cases = new ArrayList<Case>();
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamReader.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "testsuite" -> {
              name = attribute(xml, "name");
              seconds = seconds(xml);
            }
            case "testcase" -> cases.add(new Case(attribute(xml, "name"), seconds(xml)));
            default -> {}
          }
        }
      }
      return new Suite(module, name, seconds, Files.getLastModifiedTime(file).toInstant(), cases);
    } catch (XMLStreamException | NumberFormatException e) {
      throw new IOException(file + " is no report of tests: " + e.getMessage(), e);
    }
  }

  private static String attribute(XMLStreamReader xml, String name) throws XMLStreamException {
    String value = xml.getAttributeValue(null, name);
    if (value == null) {
      throw new XMLStreamException("an element lacks \"" + name + "\"", xml.getLocation());
    }
    return value;
  }

  private static double seconds(XMLStreamReader xml) throws XMLStreamException {
    // Above a thousand there are commas.
    return Double.parseDouble(attribute(xml, "time").replace(",", ""));
  }
}
