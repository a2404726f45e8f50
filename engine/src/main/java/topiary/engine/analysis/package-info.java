/** What a topology says beyond what each server says of itself. Pure. */
package topiary.engine.analysis;
