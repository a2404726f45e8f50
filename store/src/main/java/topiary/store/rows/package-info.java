/**
 * What every store of rows shares: the tables, and what is written to them. The SQL here is of the
 * kind that SQLite, MySQL and MariaDB all take, so that the same commands leave the same rows, and
 * the same state has the same hash, wherever it is kept.
 */
package topiary.store.rows;
