/** Whether a recovery may begin, and what it costs. Pure. */
package topiary.engine.recovery;
