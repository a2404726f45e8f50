/**
 * The history of a fleet without the file it is kept in: what is news, how two documents differ,
 * and how differences are packed. Pure.
 */
package topiary.store.history;
