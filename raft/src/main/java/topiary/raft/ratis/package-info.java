/**
 * The log shared by several nodes, over Apache Ratis. Nothing outside of this package knows Ratis.
 * What was measured of it, and the traps, is in decision 22.
 */
package topiary.raft.ratis;
