/** Placeholder. */
package topiary.raft.api;
