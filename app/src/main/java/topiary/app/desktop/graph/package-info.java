/**
 * The shown tree as GraphStream's graph, changed by difference, so that whoever paints hears only
 * of changes.
 */
package topiary.app.desktop.graph;
