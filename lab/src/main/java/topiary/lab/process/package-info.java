/**
 * Processes of the lab: starting servers that outlive this program (detached) or die with it
 * (tethered), signals, and the proof that a process is ours before any signal is sent. Reads
 * Linux's {@code /proc}.
 */
package topiary.lab.process;
