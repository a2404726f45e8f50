package topiary.raft.ratis;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReadException;
import org.apache.ratis.protocol.exceptions.ReadIndexException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import topiary.raft.api.Leadership;
import topiary.raft.api.LogException;
import topiary.raft.api.NotLeading;

/** Ratis' faults in sentences for people. */
final class Reasons {

  private Reasons() {}

  static LogException of(Throwable fault, boolean closing, String self, Leadership now) {
    Throwable root = unwrapped(fault);
    if (closing) {
      return new LogException("the log is closed: this node is ending", root);
    }
    return switch (root) {
      case LogException e -> e;
      case NotLeaderException e -> notLeading(self, now);
      case LeaderNotReadyException e ->
          new NotLeading("this node is just taking over the cluster; try again in a moment");
      case LeaderSteppingDownException e ->
          new NotLeading("this node is just handing the cluster over; try again in a moment");
      case ReadException e -> noMajority(e);
      case ReadIndexException e -> noMajority(e);
      case ServerNotReadyException e ->
          new LogException("this node is not a member of the cluster yet", e);
      case AlreadyClosedException e ->
          new LogException("this node takes no part in the cluster any more", e);
      case ResourceUnavailableException e ->
          new LogException("the log is busy; try again in a moment", e);
      case ReconfigurationInProgressException e ->
          new LogException(
              "another change of the members is under way; try again when it has ended", e);
      case ReconfigurationTimeoutException e ->
          new LogException(
              "the new member could not be filled in time; is it running, and reached from here?",
              e);
      case SetConfigurationException e ->
          new LogException("the members are others by now; look at them again", e);
      case TransferLeadershipException e ->
          new LogException(
              "the leadership stays where it is, as the one it was to go to does not answer or is"
                  + " behind, or the members are just being changed; try again in a moment",
              e);
      default ->
          new LogException(
              "the log did not take it: "
                  + (root.getMessage() == null ? root.toString() : root.getMessage()),
              root);
    };
  }

  private static LogException noMajority(Exception e) {
    return new LogException("no majority of the cluster's nodes answers", e);
  }

  static NotLeading notLeading(String self, Leadership now) {
    return new NotLeading(
        now.leader()
            .filter(leader -> !leader.equals(self))
            .map(leader -> "this node does not lead the cluster; " + leader + " does")
            .orElse("this node does not lead the cluster, and knows of nobody who does"));
  }

  /** The sentence at the bottom of it. */
  static String root(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private static Throwable unwrapped(Throwable fault) {
    Throwable t = fault;
    while ((t instanceof CompletionException || t instanceof ExecutionException)
        && t.getCause() != null) {
      t = t.getCause();
    }
    return t;
  }
}
