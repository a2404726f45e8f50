/**
 * What the engine's values look like in a log entry or a row: a frozen JSON, in which every type
 * name is written down in one table. A node that meets what it does not know stops instead of
 * skipping it.
 */
package topiary.store.json;
