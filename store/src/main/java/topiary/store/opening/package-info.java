/** Opens the kind of store that a node is configured with. */
package topiary.store.opening;
