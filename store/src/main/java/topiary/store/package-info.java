/** Placeholder. */
package topiary.store;
