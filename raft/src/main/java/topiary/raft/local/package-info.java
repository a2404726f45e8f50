/**
 * The log of a node that is alone: there is nobody to agree with, so the applier's own durability
 * is the log's.
 */
package topiary.raft.local;
