/**
 * The part of SQL that simulated servers understand, as data: words, expressions, statements. Pure.
 */
package topiary.lab.sql;
