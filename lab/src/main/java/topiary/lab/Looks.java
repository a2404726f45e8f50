package topiary.lab;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Parallel;
import topiary.lab.flavor.ServerView;

/** How the servers of a lab stand. */
final class Looks {
  private final Site site;

  Looks(Site site) {
    this.site = site;
  }

  List<Member> members() {
    return site.state().servers().stream().map(this::member).toList();
  }

  Member member(String name) {
    return member(site.state().server(name));
  }

  private Member member(LabState.Server server) {
    boolean alive = site.alive(server);
    var state =
        !alive
            ? Member.State.STOPPED
            : server.process().stopped() ? Member.State.HUNG : Member.State.RUNNING;
    return new Member(
        server.name(),
        Site.HOST,
        server.port(),
        alive ? server.process().pid() : 0,
        state,
        Optional.ofNullable(server.source()));
  }

  List<MemberStatus> status(Duration limit) {
    return Parallel.map(members(), m -> status(m, limit));
  }

  MemberStatus status(String member, Duration limit) {
    return status(member(member), limit);
  }

  private MemberStatus status(Member member, Duration limit) {
    if (member.state() != Member.State.RUNNING) {
      return new MemberStatus(
          member,
          Optional.empty(),
          Optional.empty(),
          member.state() == Member.State.HUNG ? "hung" : "not running");
    }
    try (var connection = site.connect(site.state().server(member.name()), limit, limit)) {
      ServerView view = site.flavor.look(connection);
      Optional<String> source = view.replication().map(r -> nameOf(r.host(), r.port()));
      return new MemberStatus(
          member,
          Optional.of(view),
          source,
          view.replication().map(ServerView.Replication::fault).orElse(""));
    } catch (SQLException e) {
      return new MemberStatus(
          member, Optional.empty(), Optional.empty(), "no answer: " + Site.firstLine(e));
    }
  }

  private String nameOf(String host, int port) {
    return site.state().servers().stream()
        .filter(s -> s.port() == port && host.equals(Site.HOST))
        .map(LabState.Server::name)
        .findFirst()
        .orElse(host + ":" + port);
  }

  boolean awaitPosition(String member, String position, Duration limit) throws SQLException {
    Duration answer = limit.plus(Site.QUICK);
    try (var connection = site.connect(site.state().server(member), Site.QUICK, answer)) {
      if (site.flavor.look(connection).replication().isEmpty()) {
        return false;
      }
      return site.flavor.reach(connection, position, (int) Math.max(1, limit.toSeconds()));
    }
  }
}
