/**
 * The loop: looks when somebody is due, folds what was seen, takes in what it finds, plans and runs
 * what is wanted. Everything a face of Topiary can ask for stands in {@link
 * topiary.engine.manager.Manager}.
 */
package topiary.engine.manager;
