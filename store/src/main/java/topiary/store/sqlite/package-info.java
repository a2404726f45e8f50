/**
 * The embedded store: one SQLite file that holds the state, the log as rows, and what was planned
 * and done. State and log position change in one transaction, so that a killed node stands exactly
 * where it last answered.
 */
package topiary.store.sqlite;
