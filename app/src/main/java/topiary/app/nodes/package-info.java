/** Nodes as processes of their own on this machine, for practice and for measurements. */
package topiary.app.nodes;
