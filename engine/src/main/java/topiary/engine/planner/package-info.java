/**
 * From a topology and an intent to a plan, or to the reason why there is none. Pure: the same code
 * answers while somebody drags a box and when the deed is due.
 */
package topiary.engine.planner;
