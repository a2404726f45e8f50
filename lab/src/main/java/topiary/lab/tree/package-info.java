/**
 * The shape of a practice fleet, written as text: {@code p(r1,r2(r3,r4))}. Pure: no files, no
 * servers.
 */
package topiary.lab.tree;
