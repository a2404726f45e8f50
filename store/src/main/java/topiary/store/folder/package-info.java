/**
 * The folder a node keeps its data in: private to its user, held by one node at a time, and with no
 * file of it left lying elsewhere.
 */
package topiary.store.folder;
