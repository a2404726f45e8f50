/**
 * The cluster of nodes as the faces speak of it: who is a member, who leads, what may be changed
 * about that. What does it is in {@code app.wire}.
 */
package topiary.app.cluster;
