/**
 * Simulated servers on the network: thousands of them in one process, each on a loopback address of
 * its own, with MySQL's protocol. One thread does all of it.
 */
package topiary.lab.wire;
