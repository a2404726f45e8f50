package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.OneThread;
import topiary.engine.fake.SharedLog;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.HookList;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Hooks;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;
import topiary.engine.state.ToldPrimary;
import topiary.lab.sim.Kind;

/** Hooks around the recoveries of a real manager, of simulated servers in their own time. */
class HooksTest {

  private static final By DBA = new By("dba", "test");
  private static final Hooks.Done FINE = new Hooks.Done(Optional.empty(), "fine");

  /** Two nodes that look after a primary and two replicas. */
  private static final class Site implements AutoCloseable {
    final OneThread world = new OneThread(1);
    final SimulatedServers servers = new SimulatedServers(world, Kind.MARIADB, 1);
    final SharedLog log = new SharedLog();
    final Map<HookList, List<Function<Hooks.Call, Hooks.Done>>> hooks =
        new EnumMap<>(HookList.class);

    /** What was run, by which node. */
    final List<String> runs = new ArrayList<>();

    final List<Hooks.Call> calls = new ArrayList<>();
    final Map<String, Manager> managers = new LinkedHashMap<>();
    final InstanceKey p = servers.head(20);
    final InstanceKey a = servers.replica(p);
    final InstanceKey b = servers.replica(p);

    Site() {
      var ids = new Random(1);
      for (String node : List.of("n1", "n2")) {
        var ports =
            new Ports(
                servers,
                log.member(node),
                log.log(),
                world,
                world,
                (topology, touched) -> {},
                () -> new UUID(ids.nextLong(), ids.nextLong()),
                Set::of);
        managers.put(
            node,
            new Manager(
                ports.with(new Fake(node)), new Policies(ProbePolicy.DEFAULT, PlanPolicy.DEFAULT)));
      }
    }

    private final class Fake implements Hooks {
      private final String node;

      Fake(String node) {
        this.node = node;
      }

      @Override
      public int count(HookList list) {
        return hooks.getOrDefault(list, List.of()).size();
      }

      @Override
      public Done run(Call call) {
        runs.add(
            node + " " + call.list().word() + " " + call.number() + " attempt " + call.attempt());
        calls.add(call);
        return hooks.get(call.list()).get(call.number() - 1).apply(call);
      }
    }

    void on(HookList list, Function<Hooks.Call, Hooks.Done> hook) {
      hooks.computeIfAbsent(list, l -> new ArrayList<>()).add(hook);
    }

    Manager leader() {
      return managers.values().stream().filter(Manager::leads).findFirst().orElseThrow();
    }

    <T> T run(Callable<T> work) throws Exception {
      return world.run(
          () -> {
            world.pause(Duration.ofSeconds(1));
            log.elect("n1");
            managers.values().forEach(Manager::start);
            for (InstanceKey key : servers.keys()) {
              leader().discover(key, DBA);
            }
            leader()
                .request(new Command.SwitchRecovery(Optional.empty(), Optional.empty(), true), DBA);
            world.pause(Duration.ofSeconds(12));
            return work.call();
          });
    }

    void await(BooleanSupplier condition, String otherwise) {
      long began = world.nanos();
      while (!condition.getAsBoolean()) {
        if (world.nanos() - began > Duration.ofMinutes(5).toNanos()) {
          throw new AssertionError(otherwise + "; hooks: " + runs);
        }
        world.pause(Duration.ofMillis(10));
      }
    }

    <T extends Command> List<T> committed(Class<T> type) {
      return log.log().accepted().stream().filter(type::isInstance).map(type::cast).toList();
    }

    Command.CloseRecovery awaitEnd() {
      await(() -> !committed(Command.CloseRecovery.class).isEmpty(), "no recovery has ended");
      return committed(Command.CloseRecovery.class).getFirst();
    }

    void awaitHooks() {
      await(() -> leader().state().recoveries().hooks().isEmpty(), "hooks are to be run still");
    }

    private Hooks.Done lasting(Duration time) {
      world.pause(time);
      return FINE;
    }

    @Override
    public void close() {
      world.close();
    }
  }

  @Test
  void allListsOfARecoveryAreRunInTheirOrderWithWhatTheyAreTold() throws Exception {
    try (var site = new Site()) {
      for (HookList list : HookList.values()) {
        site.on(list, call -> FINE);
      }
      site.run(
          () -> {
            site.servers.server(site.p).kill(site.world.micros());
            Command.CloseRecovery end = site.awaitEnd();
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            site.awaitHooks();
            return null;
          });
      List<String> ofRecovery =
          site.runs.stream().filter(run -> !run.contains("Detection")).toList();
      assertEquals(
          List.of(
              "n1 preFailover 1 attempt 1",
              "n1 postMasterFailover 1 attempt 1",
              "n1 postFailover 1 attempt 1"),
          ofRecovery);
      Hooks.Call last = site.calls.getLast();
      InstanceKey successor = site.committed(Command.ChooseSuccessor.class).getFirst().successor();
      assertEquals("DeadMaster", last.facts().get("failureType"));
      assertEquals(site.p.host(), last.facts().get("failedHost"));
      assertEquals(successor.host(), last.facts().get("successorHost"));
      assertEquals("true", last.facts().get("isSuccessful"));
      assertEquals("2", last.facts().get("countReplicas"));
      assertEquals("true", last.facts().get("autoMasterRecovery"));
      assertEquals(last.of().text(), last.facts().get("recoveryUID"));
      assertTrue(site.runs.stream().anyMatch(run -> run.contains("onFailureDetection")));
      // Nothing is begun that does not stand in the log.
      List<Command> all = site.log.log().accepted();
      int opened = index(all, Command.OpenRecovery.class);
      assertTrue(opened < index(all, Command.ChooseSuccessor.class));
      for (Command.BeginHook begun : site.committed(Command.BeginHook.class)) {
        if (begun.list().ofRecovery()) {
          assertTrue(all.indexOf(begun) > opened);
        }
      }
    }
  }

  private static int index(List<Command> all, Class<? extends Command> type) {
    return all.indexOf(all.stream().filter(type::isInstance).findFirst().orElseThrow());
  }

  @Test
  void aHookBeforeItThatFailsKeepsARecoveryFromEveryDeed() throws Exception {
    try (var site = new Site()) {
      site.on(
          HookList.BEFORE_RECOVERY,
          call -> new Hooks.Done(Optional.of("it ended with 1"), "the fence is down"));
      site.on(HookList.BEFORE_RECOVERY, call -> FINE);
      site.on(HookList.AFTER_FAILURE, call -> FINE);
      site.run(
          () -> {
            site.servers.server(site.p).kill(site.world.micros());
            Command.CloseRecovery end = site.awaitEnd();
            assertEquals(RecoveryEnd.FAILED, end.end());
            assertTrue(end.report().startsWith("Nothing was done"), end::report);
            assertTrue(
                end.report().contains("hook 1 of preFailover: it ended with 1"), end::report);
            site.world.pause(Duration.ofMinutes(1));
            return null;
          });
      assertEquals(List.of("n1 preFailover 1 attempt 1"), site.runs);
      assertEquals(List.of(), site.committed(Command.OpenPlan.class));
      assertEquals(List.of(), site.committed(Command.ChooseSuccessor.class));
      assertEquals(Map.of(), site.leader().state().recoveries().hooks());
    }
  }

  @Test
  void whoAsksForNoHooksGetsNone() throws Exception {
    try (var site = new Site()) {
      for (HookList list : HookList.values()) {
        if (list != HookList.DETECTION) {
          site.on(list, call -> new Hooks.Done(Optional.of("no"), ""));
        }
      }
      site.run(
          () -> {
            site.leader().request(new Command.HaltRecoveries(true), DBA);
            site.servers.server(site.p).kill(site.world.micros());
            site.await(
                () ->
                    site.leader().findings().get(site.p) != null
                        && site.leader().findings().get(site.p).failure().isPresent(),
                "it is not found dead");
            site.world.pause(Duration.ofSeconds(10));
            site.leader().recover(site.p, Optional.empty(), true, DBA);
            Command.CloseRecovery end = site.awaitEnd();
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            site.world.pause(Duration.ofSeconds(10));
            return null;
          });
      assertEquals(List.of(), site.runs);
    }
  }

  @Test
  void aHookWhoseNodeLeadsNoMoreIsRunAgainByTheNext() throws Exception {
    try (var site = new Site()) {
      site.on(HookList.BEFORE_RECOVERY, call -> FINE);
      site.on(HookList.AFTER_PRIMARY, call -> FINE);
      site.on(HookList.AFTER_PRIMARY, call -> site.lasting(Duration.ofSeconds(30)));
      site.on(HookList.AFTER_PRIMARY, call -> FINE);
      site.on(HookList.AFTER_RECOVERY, call -> FINE);
      site.run(
          () -> {
            site.servers.server(site.p).kill(site.world.micros());
            Command.CloseRecovery end = site.awaitEnd();
            // It takes half a minute, and keeps nobody from anything.
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            assertTrue(
                site.runs.contains("n1 postMasterFailover 2 attempt 1"), site.runs::toString);
            assertFalse(site.runs.contains("n1 postMasterFailover 3 attempt 1"));
            site.log.elect("n2");
            site.awaitHooks();
            return null;
          });
      assertEquals(
          List.of(
              "n1 preFailover 1 attempt 1",
              "n1 postMasterFailover 1 attempt 1",
              "n1 postMasterFailover 2 attempt 1",
              "n2 postMasterFailover 2 attempt 2",
              "n2 postMasterFailover 3 attempt 1",
              "n2 postFailover 1 attempt 1"),
          site.runs);
      List<Command.EndHook> ended = site.committed(Command.EndHook.class);
      assertEquals(5, ended.size(), ended::toString);
    }
  }

  @Test
  void aNodeThatTakesOverBeforeTheFirstDeedRunsTheHookBeforeItOnceMore() throws Exception {
    try (var site = new Site()) {
      site.on(HookList.BEFORE_RECOVERY, call -> site.lasting(Duration.ofSeconds(10)));
      site.run(
          () -> {
            site.servers.server(site.p).kill(site.world.micros());
            site.await(() -> site.runs.size() == 1, "nothing is run");
            assertEquals(List.of(), site.committed(Command.OpenPlan.class));
            site.log.elect("n2");
            Command.CloseRecovery end = site.awaitEnd();
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            return null;
          });
      assertEquals(List.of("n1 preFailover 1 attempt 1", "n2 preFailover 1 attempt 2"), site.runs);
    }
  }

  @Test
  void aReplicaThatTakesThePlaceOfItsSourceIsToldOf() throws Exception {
    try (var site = new Site()) {
      InstanceKey below = site.servers.replica(site.a);
      site.on(HookList.AFTER_TAKE_SOURCE, call -> FINE);
      site.run(
          () -> {
            var take = new Intent.InTree(below, new Reshaping.TakeSource(Optional.empty()));
            Manager manager = site.leader();
            Run run = manager.applyNow(take, DBA);
            assertEquals(PlanEnd.DONE, run.await().end(), () -> run.snapshot().toString());
            site.await(() -> !site.calls.isEmpty(), "nobody is told");
            site.awaitHooks();
            return null;
          });
      assertEquals(List.of("n1 postTakeMaster 1 attempt 1"), site.runs);
      assertEquals(below.toString(), site.calls.getFirst().facts().get("successorHost"));
      assertEquals(site.a.toString(), site.calls.getFirst().facts().get("failedHost"));
    }
  }

  /** Who is not recovered is told of all the same, once. */
  @Test
  void aDetectionIsToldOnceWhetherOrNotAnythingIsDone() throws Exception {
    try (var site = new Site()) {
      site.on(HookList.DETECTION, call -> FINE);
      site.run(
          () -> {
            site.leader().request(new Command.HaltRecoveries(true), DBA);
            site.servers.server(site.p).kill(site.world.micros());
            site.world.pause(Duration.ofMinutes(2));
            return null;
          });
      List<String> told =
          site.calls.stream()
              .filter(call -> call.facts().get("failedHost").equals(site.p.host()))
              .map(call -> call.facts().get("detection"))
              .toList();
      assertTrue(told.contains(site.p + " failure"), told::toString);
      assertEquals(told.stream().distinct().toList(), told);
    }
  }

  @Test
  void whereApplicationsWriteIsAnotherInTheCommandThatNamesTheSuccessor() throws Exception {
    try (var site = new Site()) {
      site.run(
          () -> {
            var cluster = site.leader().state().instances().get(site.p);
            site.leader().registry().call(cluster, Optional.of("shop"), DBA);
            site.await(
                () -> site.leader().state().recoveries().told().containsKey(cluster),
                "nobody is told");
            assertEquals(
                new ToldPrimary("shop", site.p, "", ""),
                site.leader().state().recoveries().told().get(cluster));
            var wrong = new ArrayList<String>();
            site.log
                .log()
                .after(
                    command -> {
                      var state = site.log.log().state();
                      if (!state
                          .heads()
                          .get(cluster)
                          .equals(state.recoveries().told().get(cluster).primary())) {
                        wrong.add(command.toString());
                      }
                    });
            site.servers.server(site.p).kill(site.world.micros());
            site.awaitEnd();
            site.log.log().hush();
            assertEquals(List.of(), wrong);
            assertEquals(
                site.leader().state().heads().get(cluster),
                site.leader().state().recoveries().told().get(cluster).primary());
            assertFalse(
                site.p.equals(site.leader().state().recoveries().told().get(cluster).primary()));
            return null;
          });
    }
  }
}
