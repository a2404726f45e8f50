/**
 * Practice fleets of real database servers on loopback, for trying Topiary out and for testing it:
 * a tree of servers goes up in seconds, its members can be killed, hung and started again, and
 * nothing is left behind. {@link topiary.lab.Lab} is the way in. A leaf: knows nothing of Topiary.
 */
package topiary.lab;
