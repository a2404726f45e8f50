/**
 * Random operations, and operations broken off anywhere, on servers that must never come to harm.
 */
package topiary.engine.chaos;
