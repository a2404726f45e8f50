/**
 * The durable side, in the words every kind of store shares: what is handed to it, where it stands,
 * and what goes wrong with it.
 */
package topiary.store;
