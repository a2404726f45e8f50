package topiary.lab;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
        site.host(server.name()),
        server.port(),
        alive ? server.process().pid() : 0,
        state,
        server.sources());
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
          List.of(),
          member.state() == Member.State.HUNG ? "hung" : "not running");
    }
    try (var connection = site.connect(site.state().server(member.name()), limit, limit)) {
      ServerView view = site.look(connection);
      return new MemberStatus(
          member,
          Optional.of(view),
          view.channels().stream().map(c -> nameOf(c.host(), c.port())).toList(),
          view.channels().stream()
              .map(ServerView.Replication::fault)
              .filter(f -> !f.isEmpty())
              .collect(Collectors.joining("; ")));
    } catch (SQLException e) {
      return new MemberStatus(
          member, Optional.empty(), List.of(), "no answer: " + Site.firstLine(e));
    }
  }

  private String nameOf(String host, int port) {
    return site.at(host, port).map(LabState.Server::name).orElse(host + ":" + port);
  }

  boolean awaitPosition(String member, String position, Duration limit) throws SQLException {
    return new Positions(site).await(site.state().server(member), position, limit);
  }
}
