/**
 * What every room of the lab stands on: where its files live, locks between processes, careful file
 * work (private, atomic, sparse), waiting on conditions, and the one exception whose message is
 * meant for a person.
 */
package topiary.lab.base;
