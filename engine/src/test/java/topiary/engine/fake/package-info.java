/** The few stand-ins of tests: time, threads, a log in memory, passwords, and made-up trees. */
package topiary.engine.fake;
