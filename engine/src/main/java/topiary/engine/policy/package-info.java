/** Thresholds and time limits, as values that are passed in; there is no global configuration. */
package topiary.engine.policy;
