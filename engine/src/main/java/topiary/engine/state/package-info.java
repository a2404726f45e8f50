/**
 * What all nodes agree on: the {@link topiary.engine.state.ManagerState}, changed by {@link
 * topiary.engine.state.Command}s and by nothing else. Applying is pure and total, so that every
 * node, and every restart, comes to the same state.
 */
package topiary.engine.state;
