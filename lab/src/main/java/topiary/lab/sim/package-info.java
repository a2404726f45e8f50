/**
 * What a simulated MySQL or MariaDB server is: its positions, GTIDs, threads and faults, and what
 * it answers. No clock, no thread, no network here: whoever asks says what time it is.
 */
package topiary.lab.sim;
