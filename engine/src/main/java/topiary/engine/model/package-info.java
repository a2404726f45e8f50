/**
 * What a replication tree is: servers, their channels, and all of them folded into one immutable
 * {@link topiary.engine.model.Topology}. Facts only; no verdicts, no clock, no I/O.
 */
package topiary.engine.model;
