package topiary.app.wire;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.Newcomer;
import topiary.engine.model.NodeId;
import topiary.engine.state.NodeInfo;
import topiary.raft.api.SharedLog;

/** Keeps a member's place: the others know who it is, and it knows that it is one. */
final class Place {

  /** From one look to the next. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final System.Logger LOG = System.getLogger(Place.class.getName());

  private final Part part;
  private final Members members;
  private final SharedLog log;
  private final Newcomer said;
  private final Consumer<Throwable> onFatal;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile String trouble = "";

  /**
   * A member's place.
   *
   * @param http where it serves
   * @param onFatal told when the cluster has no place for it any more
   */
  Place(Part part, Members members, SharedLog log, URI http, Consumer<Throwable> onFatal) {
    this.part = part;
    this.members = members;
    this.log = log;
    this.said = part.said(http);
    this.onFatal = onFatal;
  }

  /** Looks, and does what is missing; returns at once when it is at it already. */
  void keep() {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    try {
      boolean member = members.ids().contains(new NodeId(part.self()));
      if (!member) {
        return;
      }
      part.joined();
      boolean leads = log.leadership().leading();
      if (!members.known(part.self()).equals(Optional.of(info()))) {
        announce(leads);
      }
      if (leads) {
        members.tidy();
      }
      trouble = "";
    } catch (ClusterRefused e) {
      if (e.kind() == ClusterRefused.Kind.REFUSED) {
        onFatal.accept(e);
      } else {
        told(e.getMessage());
      }
    } catch (PeerLink.Refused e) {
      onFatal.accept(e);
    } catch (IOException e) {
      told("the leader does not hear who this node is: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      busy.set(false);
    }
  }

  private void told(String sentence) {
    if (!sentence.equals(trouble)) {
      trouble = sentence;
      LOG.log(System.Logger.Level.INFO, sentence);
    }
  }

  private NodeInfo info() {
    return new NodeInfo(said.name(), said.http(), said.level(), said.version());
  }

  private void announce(boolean leads)
      throws ClusterRefused, IOException, InterruptedException, PeerLink.Refused {
    if (leads) {
      members.announce(said);
      return;
    }
    Optional<URI> leader = members.leaderHttp();
    if (leader.isPresent()) {
      part.link().announce(leader.get(), said);
    }
  }
}
