package topiary.app.gateway.place;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;

/** Places that are not there: each leads to a node that is told what to say. */
public final class FakePlaces implements Places {

  /** What was asked of it, in order. */
  public final List<String> asked = new ArrayList<>();

  /** The gateways it opened, in order. */
  public final List<FakeGateway> opened = new ArrayList<>();

  public Past past = Past.NOTHING;
  public Optional<String> file = Optional.empty();

  /** What opening fails with, once. */
  public Optional<GatewayException> refusal = Optional.empty();

  public String notice = "";

  @Override
  public Past past() {
    return past;
  }

  @Override
  public Optional<String> credentials() {
    return file;
  }

  @Override
  public Gateway again(Place.There place) {
    asked.add("again " + place.words());
    return next(place);
  }

  private FakeGateway next(Place place) {
    var gateway = new FakeGateway();
    gateway.here = place instanceof Place.Here;
    opened.add(gateway);
    return gateway;
  }

  @Override
  public Opened open(Place place, String password) throws GatewayException {
    asked.add("open " + place + " " + password);
    if (refusal.isPresent()) {
      GatewayException no = refusal.get();
      refusal = Optional.empty();
      throw no;
    }
    return new Opened(next(place), notice);
  }

  @Override
  public void end(Gateway gateway) {
    asked.add("end " + opened.indexOf(gateway));
    gateway.close();
  }
}
