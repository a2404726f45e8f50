/**
 * A log that gives commands one order and keeps them: what goes in, what comes out, who applies it.
 * Commands and answers are bytes; what they mean is nobody's business here.
 */
package topiary.raft.api;
