/** The tree as it is painted and touched. */
package topiary.app.desktop.tree;
