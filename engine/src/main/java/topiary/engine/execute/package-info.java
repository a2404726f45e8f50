/**
 * Carries plans out: stage by stage, guards against fresh probes, every step journalled before and
 * after, deeds under the fence.
 */
package topiary.engine.execute;
