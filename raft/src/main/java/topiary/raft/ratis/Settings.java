package topiary.raft.ratis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told. Its defaults are for logs of gigabytes; ours has a few entries a second. */
final class Settings {

  /** No command may be larger: it has to fit into one message between members, with others. */
  static final int COMMAND_BYTES = 1 << 20;

  private static final SizeInBytes MESSAGE = SizeInBytes.valueOf("2MB");
  private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("4MB");

  /** Ratis ends a server whose process stood still for longer; a laptop's lid may be closed. */
  private static final Duration STANDSTILL = Duration.ofDays(3650);

  private Settings() {}

  static RaftProperties properties(Membership membership) {
    var p = new RaftProperties();
    GrpcConfigKeys.Server.setHost(p, membership.host());
    GrpcConfigKeys.Server.setPort(p, membership.port());
    RaftServerConfigKeys.setStorageDir(p, List.of(membership.folder().resolve("log").toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(p, membership.folder().resolve("removed").toFile());
    RaftServerConfigKeys.setCloseThreshold(p, time(STANDSTILL));
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, time(membership.timing().shortest()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, time(membership.timing().longest()));
    if (membership.first()) {
      // There is nobody to wait for.
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, time(Duration.ofMillis(10)));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, time(Duration.ofMillis(30)));
    }
    // Who handed the leadership over may be elected again, when the other one fails.
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, time(Duration.ofSeconds(3)));
    RaftServerConfigKeys.Read.setOption(p, RaftServerConfigKeys.Read.Option.LINEARIZABLE);

    // Snapshots are ours to begin; Ratis is told when there is one.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(p, false);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
    // A member that is dead gets a snapshot when it comes back: the log does not wait for it.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(p, 1_000);
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);

    RaftServerConfigKeys.Log.setSegmentSizeMax(p, SEGMENT);
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("64KB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf("16MB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf("4MB"));
    RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, MESSAGE);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(p, SEGMENT);
    RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf("32MB"));
    RaftServerConfigKeys.Write.setElementLimit(p, 4_096);
    GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf("16MB"));

    // Threads are not kept for load that never comes.
    RaftServerConfigKeys.ThreadPool.setServerCached(p, true);
    RaftServerConfigKeys.ThreadPool.setClientCached(p, true);
    RaftServerConfigKeys.ThreadPool.setProxyCached(p, true);
    return p;
  }

  static Parameters parameters(Membership membership) {
    var parameters = new Parameters();
    membership
        .keys()
        .ifPresent(
            keys ->
                GrpcConfigKeys.TLS.setConf(
                    parameters, new GrpcTlsConfig(keys.own(), keys.others(), true)));
    return parameters;
  }

  static TimeDuration time(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
